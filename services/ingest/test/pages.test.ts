import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { capturePage, recordPage, TopicMatcher } from '../src/index.ts';
import { contents, counts, pageId } from './support.ts';
import { useBench } from './use-bench.ts';

const SEEDS = join(import.meta.dirname, '../../../seeds/listing-pages');
const maxBytes = 20_000_000;

const bench = useBench({ isRenewed: true });

const seenAt = new Date('2026-11-21T06:00:00Z');
const capture = (bytes: Uint8Array) =>
  capturePage(bench.store.db, { sourceId: bench.source, bytes, seenAt });

async function ingest(bytes: Uint8Array) {
  const { listingPageId } = await capture(bytes);
  return recordPage(bench.store.db, listingPageId, { maxBytes });
}

const totals = async () => {
  const { rows } = await bench.store.pool.query(
    'select (select count(*)::int from paper) as papers, (select count(*)::int from appearance) as appearances',
  );
  return rows[0];
};

const IN_DATE_ORDER = [
  ['2026-03-11', 84, 0],
  ['2026-03-14', 51, 17],
  ['2026-06-05', 51, 22],
  ['2026-07-30', 52, 30],
  ['2026-07-31', 21, 42],
] as const;

test('the five seed pages give 370 appearances of 259 papers', async () => {
  for (const [day, fresh, recurring] of IN_DATE_ORDER) {
    const page = await ingest(readFileSync(join(SEEDS, `${day}.txt`)));
    expect(page).toMatchObject({
      listedOn: day,
      verdict: 'new-batch',
      format: 'plain-text',
      warnings: [],
    });
    expect(counts(page)).toEqual({ new: fresh, recurring, repeated: 0, revised: 0 });
  }
  expect(await totals()).toEqual({ papers: 259, appearances: 370 });
});

describe.skipIf(!process.env.PAPERBOY_CAPTURES)(
  'the five captured pages (PAPERBOY_CAPTURES)',
  () => {
    const folder = join(process.env.PAPERBOY_CAPTURES ?? '', 'seeds');
    const files = () => readdirSync(folder).sort();
    const read = (name: string) => ingest(readFileSync(join(folder, name)));

    test('in date order', async () => {
      for (const [index, [day, fresh, recurring]] of IN_DATE_ORDER.entries()) {
        const page = await read(files()[[2, 3, 1, 4, 0][index] ?? 0] ?? '');
        expect(page).toMatchObject({ listedOn: day, verdict: 'new-batch' });
        expect(counts(page)).toEqual({ new: fresh, recurring, repeated: 0, revised: 0 });
      }
      expect(await totals()).toEqual({ papers: 259, appearances: 370 });
    });

    test('in file order, and a paper whose link host alone differs is not revised', async () => {
      const found: (readonly [number | null, number | null, number | null])[] = [];
      for (const name of files()) {
        const page = await read(name);
        found.push([page.new, page.recurring, page.revised]);
      }
      expect(found).toEqual([
        [63, 0, 0],
        [47, 26, 0],
        [71, 13, 0],
        [33, 35, 0],
        [45, 37, 0],
      ]);
      expect(await totals()).toEqual({ papers: 259, appearances: 370 });
      expect((await bench.store.pool.query('select * from revision')).rows).toEqual([]);
    });
  },
);

describe('the same page again', () => {
  test('is found by its bytes and writes nothing', async () => {
    const bytes = readFileSync(join(SEEDS, '2026-03-11.txt'));
    const first = await ingest(bytes);
    const before = await contents(bench);
    expect(await capture(bytes)).toEqual({ listingPageId: first.id, fresh: false });
    expect(await ingest(bytes)).toEqual(first);
    expect(await contents(bench)).toBe(before);
  });

  test('twice at once in two workers is one page', async () => {
    const bytes = readFileSync(join(SEEDS, '2026-03-14.txt'));
    const pages = await Promise.all(Array.from({ length: 6 }, () => ingest(bytes)));
    expect(new Set(pages.map((page) => page.id)).size).toBe(1);
    expect(await totals()).toEqual({ papers: 68, appearances: 68 });
  });
});

describe('bad input ends in a verdict and harms nothing', () => {
  const page = () => readFileSync(join(SEEDS, '2026-03-11.txt'));
  const text = (value: string) => new TextEncoder().encode(value);

  test.each([
    ['an empty file', () => new Uint8Array(), 'broken'],
    [
      'binary',
      () => Uint8Array.from({ length: 4_000 }, (_, index) => (index * 37) % 256),
      'broken',
    ],
    ['half a markup page', () => text('<html><body><div class="x'), 'broken'],
    [
      'a challenge page',
      () =>
        text(
          '<html><head><title>Just a moment...</title></head><body><script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>',
        ),
      'blocked',
    ],
  ])('%s', async (_name, bytes, verdict) => {
    await ingest(page());
    const before = await contents(bench);
    expect((await ingest(bytes())).verdict).toBe(verdict);
    expect(await contents(bench)).toBe(before);
  });

  test('NUL, bidi marks and half characters never reach the database', async () => {
    const hostile = page().toString('utf8').replace('Mesa', 'Me\u0000s\u202ea\ud800');
    const found = await ingest(text(hostile));
    expect(found.verdict).toBe('new-batch');
    const { rows } = await bench.store.pool.query(
      `select count(*)::int as n from paper_text where title ~ '[\\u202a-\\u202e]'`,
    );
    expect(rows[0].n).toBe(0);
  });

  test('a title of 10 kB is kept, shortened, with a warning', async () => {
    const long = `Jul 31\n\n${'Endless title '.repeat(800)}\n\nIts abstract is of an ordinary length and says what the work is about in a sentence.`;
    const found = await ingest(text(long));
    expect(found.warnings.length).toBeGreaterThan(0);
  });

  test('a stored body that unpacks beyond the limit is broken, once and for all', async () => {
    const { listingPageId } = await capture(new Uint8Array(3_000_000));
    const page = await recordPage(bench.store.db, listingPageId, { maxBytes: 1_000_000 });
    expect(page).toMatchObject({ verdict: 'broken', entries: 0 });
  });

  test('a page that is gone is said to be', async () => {
    await expect(recordPage(bench.store.db, pageId('999'), { maxBytes })).rejects.toThrow(
      'NOT_FOUND',
    );
  });
});

describe('matching', () => {
  test('makes a page ready once, in the order of matching, and may run twice', async () => {
    const one = await ingest(readFileSync(join(SEEDS, '2026-03-11.txt')));
    const two = await ingest(readFileSync(join(SEEDS, '2026-03-14.txt')));
    await bench.store.pool.query(
      `insert into topic (query, query_hash) values ('"vision transformer"', sha256('a')), ('title:attention', sha256('b'))`,
    );
    const matcher = new TopicMatcher(bench.store.db);
    const first = await matcher.matchPage(two.id);
    expect(first.papers).toBe(68);
    await new TopicMatcher(bench.store.db).matchPage(one.id);
    expect((await matcher.matchPage(two.id)).matches).toBe(0);
    const { rows } = await bench.store.pool.query('select id from listing_page order by ready_no');
    expect(rows.map((row) => row.id)).toEqual([two.id, one.id]);
    const matches = await bench.store.pool.query(
      'select count(*)::int as n, min(strength) as least from match',
    );
    expect(matches.rows[0].n).toBeGreaterThan(0);
    expect(matches.rows[0].least).toBeGreaterThan(0);
  });

  test('sees a topic that was added since the last page', async () => {
    const matcher = new TopicMatcher(bench.store.db);
    const one = await ingest(readFileSync(join(SEEDS, '2026-03-11.txt')));
    expect((await matcher.matchPage(one.id)).matches).toBe(0);
    await bench.store.pool.query(
      `insert into topic (query, query_hash) values ('attention OR transformer', sha256('c'))`,
    );
    const two = await ingest(readFileSync(join(SEEDS, '2026-03-14.txt')));
    expect((await matcher.matchPage(two.id)).matches).toBeGreaterThan(0);
  });
});

// The last one: its rows would be in the way of others.
test('a page with 100,000 entries is recorded', async () => {
  const entries = Array.from(
    { length: 100_000 },
    (_, index) => `Paper ${index} of a very long list\n\nAbstract of paper ${index} in that list.`,
  );
  const found = await ingest(new TextEncoder().encode(`Jul 31\n\n${entries.join('\n\n')}`));
  expect(counts(found).new).toBe(100_000);
}, 120_000);
