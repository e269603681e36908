import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { field, type Installation, installation } from './support.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../packages/readers/fixtures');
const link = (href: string, title: string) =>
  `<link rel="alternate" type="application/rss+xml" title="${title}" href="${href}">`;
const PAGES: Readonly<Record<string, string>> = {
  '/journal.xml': readFileSync(join(FIXTURES, 'feed-rss.xml'), 'utf8'),
  '/group.xml': readFileSync(join(FIXTURES, 'feed-atom.xml'), 'utf8'),
  '/one': `<html><head><title>One</title>${link('/group.xml', 'Papers')}</head></html>`,
  '/two': `<html><head><title>Two</title>${link('/journal.xml', 'J')}${link('/group.xml', 'G')}</head></html>`,
  '/none': '<html><head><title>None</title></head><body>Hello</body></html>',
};

let paperboy: Installation;
let site: string;
const server = createServer((request, response) => {
  const page = PAGES[request.url ?? ''];
  response.writeHead(page === undefined ? 404 : 200, {
    'content-type': 'text/html; charset=utf-8',
  });
  response.end(page);
});

beforeAll(async () => {
  paperboy = await installation({ FETCH_PRIVATE_NETWORKS: 'on' });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  site = `http://127.0.0.1:${address.port}`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await paperboy.close();
});

const sources = () =>
  paperboy.query('select name, url, cron, zone, text_priority from source order by id');

// In order: each goes on from what the ones before it left.
describe('source add with an address', () => {
  test('shows what is there and stores nothing with --dry-run', async () => {
    const { code, stdout } = await paperboy.run(
      'source',
      'add',
      `${site}/journal.xml`,
      '--dry-run',
    );
    expect(code).toBe(0);
    expect(stdout).toBe(`feed   3 entries
    1  Lantern: Slow Decoding for Careful Answers
    2  δ-Prune: Removing Heads That Agree
    3  Maps Without Cameras
would add source journal-of-examples, fetched at 0 6,12,18 * * * UTC; nothing is stored
`);
    expect(await sources()).toEqual([]);
  });

  test('stores it under a name of its title, with a schedule and priority of its kind', async () => {
    const [fact] = await paperboy.facts('source', 'add', `${site}/journal.xml`);
    expect(fact).toMatchObject({
      name: 'journal-of-examples',
      title: 'Journal of Examples',
      url: `${site}/journal.xml`,
      format: 'feed',
      entries: 3,
      titles: [
        'Lantern: Slow Decoding for Careful Answers',
        expect.any(String),
        expect.any(String),
      ],
      added: true,
    });
    expect(await sources()).toEqual([
      {
        name: 'journal-of-examples',
        url: `${site}/journal.xml`,
        cron: '0 6,12,18 * * *',
        zone: 'UTC',
        text_priority: 30,
      },
    ]);
  });

  test('never adds the same address twice, in whatever spelling', async () => {
    for (const address of [`${site}/journal.xml`, `${site}/journal.xml/`]) {
      const { code, stderr } = await paperboy.run('source', 'add', address, '--name', 'other');
      if (address.endsWith('/')) expect(stderr).toContain('PAGE_REFUSED');
      else expect(stderr).toContain('ALREADY_EXISTS: source journal-of-examples watches');
      expect(code).toBe(1);
    }
    expect(await sources()).toHaveLength(1);
  });

  test('takes the only feed of a page, with the name and schedule that were typed', async () => {
    const [fact] = await paperboy.facts(
      ...['source', 'add', `${site}/one`, '--name', 'mine', '--title', 'Mine'],
      ...['--cron', '0 5 * * *', '--zone', 'Europe/Berlin', '--priority', '7'],
    );
    expect(fact).toMatchObject({ name: 'mine', title: 'Mine', url: `${site}/group.xml` });
    expect((await sources())[1]).toMatchObject({
      cron: '0 5 * * *',
      zone: 'Europe/Berlin',
      text_priority: 7,
    });
  });

  test('lists several feeds and asks to choose', async () => {
    const { code, stdout, stderr } = await paperboy.run('source', 'add', `${site}/two`);
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /FEED +TITLE +ADDRESS\n +1 +J +\S+journal\.xml\n +2 +G +\S+group\.xml\n/,
    );
    expect(stderr).toContain('choose with --feed <number>');
    const chosen = await paperboy.run('source', 'add', `${site}/two`, '--feed', '2');
    expect(chosen.stderr).toContain('ALREADY_EXISTS: source mine watches');
  });

  test.each([
    ['/none', 'PAGE_UNREADABLE', 1],
    ['/gone', 'PAGE_REFUSED', 1],
  ])('%s is refused with %s and leaves nothing', async (path, code, exit) => {
    const run = await paperboy.run('source', 'add', `${site}${path}`);
    expect(run.code).toBe(exit);
    expect(run.stderr).toContain(code);
    expect(await sources()).toHaveLength(2);
  });

  test('keeps to the public network unless told otherwise', async () => {
    const strict = await installation();
    const { stderr } = await strict.run('source', 'add', `${site}/journal.xml`);
    expect(stderr).toContain('PAGE_FORBIDDEN');
    await strict.close();
  });

  test('options of an address are refused beside a name', async () => {
    const { code, stderr } = await paperboy.run('source', 'add', 'plain', '--dry-run');
    expect(code).toBe(2);
    expect(stderr).toContain('go with an address');
  });
});

describe('a reading list', () => {
  const OPML = `<?xml version="1.0"?><opml version="2.0"><head/><body>
    <outline text="Journals">
      <outline type="rss" text="Journal of Examples" xmlUrl="SITE/journal.xml"/>
      <outline type="rss" text="Letters" xmlUrl="https://letters.example.org/rss"/>
      <outline type="rss" text="Letters again" xmlUrl="http://www.letters.example.org/rss/"/>
    </outline>
    <outline type="rss" text="Mine" xmlUrl="https://mine.example.org/atom"/>
    <outline type="rss" text="cs.CV" xmlUrl="http://export.arxiv.org/rss/cs.CV"/>
    <outline text="Nasty" xmlUrl="javascript:alert(1)"/>
    <outline text="Secret" xmlUrl="https://me:pass@example.org/rss"/>
    <outline text="A note"/>
  </body></opml>`;

  test('gives a report for each outline, and stores nothing with --dry-run', async () => {
    writeFileSync(join(paperboy.dir, 'list.opml'), OPML.replaceAll('SITE', site));
    const rows = await paperboy.facts(
      'source',
      'import',
      join(paperboy.dir, 'list.opml'),
      '--dry-run',
    );
    expect(
      rows.map((row) => [field(row, 'title'), field(row, 'outcome'), field(row, 'source')]),
    ).toEqual([
      ['Journal of Examples', 'there already', 'journal-of-examples'],
      ['Letters', 'added', 'letters'],
      ['Letters again', 'there already', 'letters'],
      ['Mine', 'added', 'mine-2'],
      ['cs.CV', 'added', 'arxiv-cs-cv'],
      ['Nasty', 'refused', 'null'],
      ['Secret', 'refused', 'null'],
      ['A note', 'refused', 'null'],
    ]);
    expect(await sources()).toHaveLength(2);
  });

  test('adds its feeds once, those of known sites at their best address', async () => {
    const file = join(paperboy.dir, 'list.opml');
    const { stdout } = await paperboy.run('source', 'import', file);
    expect(stdout).toContain('8 outlines, 3 added\n');
    expect((await sources()).slice(2)).toMatchObject([
      { name: 'letters', url: 'https://letters.example.org/rss', cron: '0 6,12,18 * * *' },
      { name: 'mine-2', url: 'https://mine.example.org/atom' },
      { name: 'arxiv-cs-cv', url: 'https://rss.arxiv.org/rss/cs.CV', zone: 'America/New_York' },
    ]);
    expect((await paperboy.run('source', 'import', file)).stdout).toContain(
      '8 outlines, 0 added\n',
    );
    expect(await sources()).toHaveLength(5);
  });

  test('goes out and comes back into another installation with the same sources', async () => {
    const file = join(paperboy.dir, 'out.opml');
    const { stdout } = await paperboy.run('source', 'export', '--out', file);
    expect(stdout).toBe(`wrote 5 feeds to ${file}\n`);
    const other = await installation();
    await other.facts('source', 'import', file);
    const addresses = 'select url, title from source order by url';
    expect(await other.query(addresses)).toEqual(await paperboy.query(addresses));
    const printed = await paperboy.run('source', 'export');
    expect(printed.stdout).toContain('<opml version="2.0">');
    await other.close();
  });

  test('that is none is refused', async () => {
    const file = join(paperboy.dir, 'no.opml');
    writeFileSync(file, '<html><body>Hello</body></html>');
    const { code, stderr } = await paperboy.run('source', 'import', file);
    expect(code).toBe(1);
    expect(stderr).toContain('no reading list (OPML): its first element is <html>');
  });

  test('without a feed in it there is nothing to export', async () => {
    const empty = await installation();
    const { code, stderr } = await empty.run('source', 'export');
    expect(code).toBe(1);
    expect(stderr).toContain('NOT_FOUND: no source is a feed');
    await empty.close();
  });
});
