import type { Listing } from '@paperboy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing, titles } from '../test/support.ts';

const DAY = fixtureText('hf-day.html');
const TRENDING = fixtureText('hf-trending.html');
const TITLES = [
  'Lantern: Slow Decoding for Careful Answers',
  '$δ$-Prune: Removing Heads That Agree',
  'Maps Without Cameras',
];
const IDS = ['2602.90001', '2602.90002', '2602.90003'];
const PROPS = /data-props="\{&quot;canSubmit[^"]*"/;

function ids(listing: Listing): (string | undefined)[] {
  return listing.entries.map((entry) => entry.ids.arxiv);
}

/** A page of one data element; the items need only be items. */
function pageOf(data: unknown, quote = '"', before = 'data-target="DailyPapers" '): string {
  const escaped = JSON.stringify(data)
    .replaceAll('&', '&amp;')
    .replaceAll(quote, quote === '"' ? '&quot;' : '&#39;');
  return `<!doctype html><html><body><div ${before}data-props=${quote}${escaped}${quote}></div></body></html>`;
}

function item(id: string, title: string, summary = 'A summary.'): unknown {
  return { title, paper: { id, title, summary } };
}

describe('a day page', () => {
  test('is read from its data, past decoys in a script and a comment', () => {
    const listing = readListing(DAY);
    expect(titles(listing)).toEqual(TITLES);
    expect(listing).toMatchObject({
      format: 'hf-page',
      shape: 'batch',
      date: { year: 2026, month: 2, day: 5 },
      unreadableEntries: 0,
      warnings: [],
    });
  });

  test('gives each entry its id, authors, votes and the links that are links', () => {
    const [first, , third] = readListing(DAY).entries;
    expect(first).toMatchObject({
      ids: { arxiv: '2602.90001' },
      authors: ['Ada Quill', 'José Márquez', 'Li Wen'],
      textKind: 'abstract',
      upvotes: 41,
      publishedAt: '2026-02-02T15:01:23.000Z',
    });
    expect(first?.abstract).toContain('doubt after every token and spends');
    expect(first?.links).toEqual([
      { rel: 'page', url: 'https://huggingface.co/papers/2602.90001' },
      { rel: 'page', url: 'https://arxiv.org/abs/2602.90001' },
      { rel: 'pdf', url: 'https://arxiv.org/pdf/2602.90001' },
      { rel: 'code', url: 'https://github.com/example/lantern' },
      { rel: 'project', url: 'https://example.org/lantern' },
    ]);
    // Its githubRepo is a script.
    expect(third?.links.map((link) => link.rel)).toEqual(['page', 'page', 'pdf', 'project']);
  });

  test('of week, month or search is a window', () => {
    const items = [item('2602.90001', 'One')];
    const shape = (data: object) => readListing(pageOf({ dailyPapers: items, ...data })).shape;
    expect(shape({ periodType: 'week', dateString: '2026-W06' })).toBe('window');
    expect(shape({ periodType: 'month', dateString: '2026-02' })).toBe('window');
    expect(shape({ periodType: 'day', dateString: '2026-02-05', query: { q: 'maps' } })).toBe(
      'window',
    );
    expect(shape({ periodType: 'day', dateString: '2026-02-05' })).toBe('batch');
  });

  test('with an empty list says that it is empty', () => {
    const listing = readListing(
      pageOf({ dailyPapers: [], dateString: '2026-02-07', periodType: 'day' }),
    );
    expect(listing).toMatchObject({ statedEmpty: true, entries: [], date: { day: 7 } });
  });

  test('with an empty list above drawn cards is read from the cards', () => {
    const empty = DAY.replace(PROPS, 'data-props="{&quot;dailyPapers&quot;:[]}"');
    const listing = readListing(empty);
    expect(ids(listing)).toEqual(IDS);
    expect(listing.warnings).toEqual([expect.stringContaining('lists no papers')]);
  });
});

describe('the drawn cards', () => {
  test('of a trending page give each paper once, with what stands there as a summary', () => {
    const listing = readListing(TRENDING.replace(PROPS, ''));
    expect(ids(listing)).toEqual(IDS);
    expect(listing).toMatchObject({ shape: 'window', unreadableEntries: 0 });
    expect(listing.entries[0]).toMatchObject({
      abstract: 'Lantern decodes slowly where a model is in doubt and makes fewer mistakes.',
      textKind: 'summary',
      upvotes: 41,
    });
    expect(listing.entries[0]?.links).toContainEqual({
      rel: 'code',
      url: 'https://github.com/example/lantern',
    });
    expect(listing.entries[1]?.abstract).toContain('one head. We remove such twins');
  });

  test('of a day page have no text', () => {
    const listing = readListing(DAY.replace(PROPS, ''), {
      address: 'https://huggingface.co/papers/date/2026-02-05',
    });
    expect(ids(listing)).toEqual(IDS);
    expect(listing.entries.map((entry) => entry.abstract)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(listing).toMatchObject({ shape: 'batch', date: { year: 2026, month: 2, day: 5 } });
  });

  test('join words that a search has marked, without adding or losing a blank', () => {
    const marked = TRENDING.replace(PROPS, '').replaceAll(
      'Maps Without',
      '<mark>Ma</mark>ps <mark>With</mark>out',
    );
    expect(titles(readListing(marked))[2]).toBe('Maps Without Cameras');
  });

  test('cut short lose the last card rather than keep half a title', () => {
    const cards = TRENDING.replace(PROPS, '');
    const listing = readListing(cards.slice(0, cards.indexOf('Without Cam')));
    expect(ids(listing)).toEqual(IDS.slice(0, 2));
    expect(listing.cutBecause).toBe('the page has no end');
  });
});

describe('the data is found', () => {
  const data = {
    dailyPapers: [item('2602.90001', 'A & "B" <C> it\'s é')],
    dateString: '2026-02-05',
  };

  test.each([
    ['in double quotes', pageOf(data)],
    ['in single quotes', pageOf(data, "'")],
    [
      'before its name',
      pageOf(data, '"', '').replace('></div>', ' data-target="DailyPapers"></div>'),
    ],
    ['under an unquoted name', pageOf(data, '"', 'data-target=DailyPapers ')],
    [
      'with blanks around the signs',
      pageOf(data, '"', '\n data-target = "DailyPapers"\n').replace('props=', 'props = '),
    ],
    ['in upper case', pageOf(data).replace('div data-target', 'DIV DATA-TARGET')],
    ['with references that only a full parser knows', pageOf(data).replace('é', '&eacute;')],
    ['with references without semicolon', pageOf(data).replace('&amp; ', '&amp ')],
    ['with numbered references', pageOf(data).replaceAll('&quot;', '&#34;').replace('é', '&#xE9;')],
  ])('%s', (_name, page) => {
    const listing = readListing(page);
    expect(titles(listing)).toEqual(['A & "B" <C> it\'s é']);
    expect(listing).toMatchObject({ shape: 'batch', warnings: [] });
  });

  test('for any text, as it was before it was escaped', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((string) => `x${string}x`.replace(/\s+/g, ' '));
    const visible = text.filter(
      (string) => !/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(string),
    );
    const holds = fc.property(
      fc.array(visible, { minLength: 1 }),
      fc.constantFrom('"', "'"),
      (list, quote) => {
        const items = list.map((title, index) => item(`2602.${90000 + index}`, title, title));
        const { entries } = readListing(pageOf({ dailyPapers: items }, quote));
        expect(entries.map((entry) => entry.title)).toEqual(list);
      },
    );
    fc.assert(holds);
  });
});

describe('a faulty item', () => {
  test.each([
    ['without an id', { title: 'T', paper: { title: 'T', summary: 's' } }],
    ['without a title', { paper: { id: '2602.90009', summary: 's' } }],
    ['that is null', null],
    ['that is a number', 5],
  ])('%s is counted, and its place stays empty', (_name, faulty) => {
    const items = [item('2602.90001', 'One'), faulty, item('2602.90003', 'Three')];
    const listing = readListing(pageOf({ dailyPapers: items }));
    expect(listing.entries.map((entry) => [entry.position, entry.title])).toEqual([
      [1, 'One'],
      [3, 'Three'],
    ]);
    expect(listing).toMatchObject({
      unreadableEntries: 1,
      warnings: ['entry 2: no id or no title'],
    });
  });

  test('with fields of other types keeps what is right', () => {
    const odd = {
      title: 7,
      paper: {
        id: '2602.90001',
        title: 'One',
        summary: ['x'],
        authors: [{ name: 'A' }, {}, null, { name: 'H', hidden: true }],
        upvotes: 'many',
        publishedAt: 'soon',
        githubRepo: {},
      },
    };
    const [entry] = readListing(pageOf({ dailyPapers: [odd] })).entries;
    expect(entry).toMatchObject({ title: 'One', authors: ['A'] });
    expect(entry?.abstract ?? entry?.upvotes ?? entry?.publishedAt).toBeUndefined();
  });

  test('only such items make the page unreadable', () => {
    expect(read(pageOf({ dailyPapers: [{}, {}] }))).toMatchObject({ reason: 'no-entries' });
  });
});

describe('a damaged page', () => {
  test('with data that is no JSON and no cards is malformed', () => {
    const page = pageOf({ dailyPapers: [item('2602.90001', 'One')] });
    expect(read(page.replace('{', '{,'))).toMatchObject({
      kind: 'unreadable',
      reason: 'malformed',
    });
  });

  test('with data under another name and no cards is malformed', () => {
    expect(read(pageOf({ papers: [item('2602.90001', 'One')] }))).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('no list dailyPapers'),
    });
  });
});
