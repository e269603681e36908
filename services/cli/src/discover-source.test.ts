import { readFileSync } from 'node:fs';
import { PaperboyError } from '@paperboy/core';
import type { PageInput } from '@paperboy/readers';
import { describe, expect, test } from 'vitest';
import { type Discoverer, discoverSource } from './discover-source.ts';

const fixture = (name: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../packages/readers/fixtures/${name}`, import.meta.url)),
  );
const html = (head: string) =>
  new TextEncoder().encode(
    `<!DOCTYPE html><html><head><title>Group</title>${head}</head><body><p>Hi</body></html>`,
  );
const link = (href: string, title = '') =>
  `<link rel="alternate" type="application/rss+xml" title="${title}" href="${href}">`;

/** A web of these pages; what was asked for stands in `asked`. */
function web(pages: Readonly<Record<string, Uint8Array>>): Discoverer & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async fetch(address): Promise<PageInput> {
      asked.push(address);
      const bytes = pages[address];
      if (!bytes) throw new PaperboyError('PAGE_REFUSED', `${address}: status 404`);
      return { bytes, address };
    },
    addressToday: ({ url }) => url.replace('{date}', '2026-02-05'),
  };
}
const GROUP = 'https://group.example.org/papers';

describe('a list on a known site', () => {
  test('is read at its best address and nowhere else', async () => {
    const pages = web({ 'https://rss.arxiv.org/rss/cs.CL': fixture('arxiv-rss.xml') });
    const found = await discoverSource(pages, 'https://arxiv.org/list/cs.CL/recent');
    expect(found).toMatchObject({
      kind: 'source',
      page: 'https://rss.arxiv.org/rss/cs.CL',
      source: { name: 'arxiv-cs-cl', format: 'arxiv-feed', zone: 'America/New_York' },
      listing: { entries: [{}, {}, {}] },
    });
    expect(pages.asked).toEqual(['https://rss.arxiv.org/rss/cs.CL']);
  });

  test('by day is kept by day and read for today', async () => {
    const today = 'https://huggingface.co/api/daily_papers?date=2026-02-05&limit=100';
    const found = await discoverSource(
      web({ [today]: fixture('hf-api-2026.json') }),
      'https://huggingface.co/papers',
    );
    expect(found).toMatchObject({
      page: today,
      source: { url: 'https://huggingface.co/api/daily_papers?date={date}&limit=100' },
    });
  });

  test('that is empty and says so is one, as on a weekend', async () => {
    const pages = web({ 'https://rss.arxiv.org/rss/cs.CL': fixture('arxiv-rss-weekend.xml') });
    expect(await discoverSource(pages, 'https://rss.arxiv.org/rss/cs.CL')).toMatchObject({
      listing: { statedEmpty: true },
    });
  });
});

test('a page that a reader reads is a source by itself, named as it names itself', async () => {
  const found = await discoverSource(web({ [GROUP]: fixture('feed-rss.xml') }), GROUP);
  expect(found).toMatchObject({
    source: {
      url: GROUP,
      name: 'journal-of-examples',
      title: 'Journal of Examples',
      format: 'feed',
      cron: '0 6,12,18 * * *',
      textPriority: 30,
    },
  });
});

describe('a page that names feeds', () => {
  test('leads to its only one', async () => {
    const feed = 'https://group.example.org/rss.xml';
    const pages = web({ [GROUP]: html(link('/rss.xml')), [feed]: fixture('feed-atom.xml') });
    expect(await discoverSource(pages, GROUP)).toMatchObject({
      source: { url: feed, title: 'Papers of the group' },
    });
  });

  test('asks which of several, and takes the one that is chosen', async () => {
    const pages = web({
      [GROUP]: html(link('a.xml', 'All') + link('b.xml', 'Best')),
      'https://group.example.org/b.xml': fixture('feed-rdf.xml'),
    });
    expect(await discoverSource(pages, GROUP)).toEqual({
      kind: 'choice',
      feeds: [
        { url: 'https://group.example.org/a.xml', title: 'All' },
        { url: 'https://group.example.org/b.xml', title: 'Best' },
      ],
    });
    expect(await discoverSource(pages, GROUP, 2)).toMatchObject({
      source: { url: 'https://group.example.org/b.xml' },
    });
    await expect(discoverSource(pages, GROUP, 3)).rejects.toThrow('USAGE: --feed 3');
    await expect(discoverSource(pages, GROUP, 1)).rejects.toThrow('PAGE_REFUSED');
  });
});

describe('a page that names none', () => {
  test('leads to a feed at a common place, and no place is asked twice', async () => {
    const feed = 'https://group.example.org/atom.xml';
    const pages = web({ [GROUP]: html(''), [feed]: fixture('feed-atom.xml') });
    expect(await discoverSource(pages, GROUP)).toMatchObject({ source: { url: feed } });
    expect(new Set(pages.asked).size).toBe(pages.asked.length - 1);
    expect(pages.asked.length).toBeLessThan(9);
  });

  test('and has none at a common place is refused with what was looked for', async () => {
    await expect(discoverSource(web({ [GROUP]: html('') }), GROUP)).rejects.toThrow(
      `PAGE_UNREADABLE: ${GROUP}: no list that a reader knows, and no feed`,
    );
  });

  test('and asks for a browser is refused at once', async () => {
    const pages = web({ [GROUP]: fixture('challenge.html') });
    await expect(discoverSource(pages, GROUP)).rejects.toThrow('PAGE_UNREADABLE');
    expect(pages.asked).toEqual([GROUP]);
  });
});

test('a feed without anything in it is refused', async () => {
  const empty = '<rss version="2.0"><channel><title>F</title></channel></rss>';
  const pages = web({
    [GROUP]: html(link('/f')),
    'https://group.example.org/f': new TextEncoder().encode(empty),
  });
  await expect(discoverSource(pages, GROUP)).rejects.toThrow(
    'no-entries: no <item> in the feed, and nothing says that it is empty',
  );
});

test('an answer that holds none of what it promises is refused for now', async () => {
  const address = 'https://export.arxiv.org/api/query?search_query=cat:cs.CL&max_results=3';
  const page = new TextDecoder().decode(fixture('arxiv-api.xml'));
  const empty = new TextEncoder().encode(page.replace(/<entry>[\s\S]*<\/entry>/, ''));
  await expect(discoverSource(web({ [address]: empty }), address)).rejects.toThrow(
    'it lists nothing and promises 3 entries; try again later',
  );
});
