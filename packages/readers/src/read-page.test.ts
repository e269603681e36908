import { PAGE_FORMATS } from '@paperboy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultIn } from '../test/sound-reading.ts';
import { fixture, fixtureText, read, readListing, titles } from '../test/support.ts';
import { FIELD_LIMITS, MAX_ENTRIES } from './make-entry.ts';
import { READERS } from './read-page.ts';
import { rawPage } from './reader.ts';

const PAGES = [
  'plain-text.txt',
  'hf-day.html',
  'hf-trending.html',
  'hf-api-2026.json',
  'arxiv-new.html',
  'arxiv-new-before-2024.html',
  'arxiv-recent.html',
  'arxiv-mail.txt',
  'openreview-api.json',
];
const HEAD = 'byAK and the research community\n\nJul 31\n\n';

test('there is one reader for every format', () => {
  expect(READERS.map((reader) => reader.format).toSorted()).toEqual(PAGE_FORMATS.toSorted());
});

test.each(PAGES)('exactly one reader recognises %s', (name) => {
  const bytes = fixture(name);
  const recognising = READERS.filter((reader) => reader.recognises(rawPage({ bytes })));
  expect(recognising).toHaveLength(1);
});

describe('bytes that are no page', () => {
  const start = (...bytes: number[]) => Uint8Array.from([...bytes, ...new Array(200).fill(65)]);

  test.each([
    ['nothing', new Uint8Array()],
    ['white space', new TextEncoder().encode(' \n\t\n')],
    ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf)],
  ])('%s is empty', (_name, bytes) => {
    expect(read(bytes)).toMatchObject({ kind: 'unreadable', reason: 'empty' });
  });

  test.each([
    ['a PDF document', start(0x25, 0x50, 0x44, 0x46, 0x2d)],
    ['a PNG image', start(0x89, 0x50, 0x4e, 0x47)],
    ['a gzip file', start(0x1f, 0x8b, 8)],
    ['a zip file', start(0x50, 0x4b, 3, 4)],
    ['a binary file', Uint8Array.from({ length: 4000 }, (_, at) => (at % 3 === 0 ? 0 : at % 251))],
  ])('%s is binary and named', (kind, bytes) => {
    expect(read(bytes)).toMatchObject({
      reason: 'binary',
      detail: `the page is ${kind}, not text`,
    });
    expect(read(bytes, { format: 'plain-text' })).toMatchObject({ reason: 'binary' });
  });

  test('more bytes than allowed are refused before they are looked at', () => {
    const bytes = new Uint8Array(200 * 1024 * 1024);
    const before = performance.now();
    expect(read(bytes)).toMatchObject({ reason: 'too-large' });
    expect(performance.now() - before).toBeLessThan(50);
    const page = fixture('hf-day.html');
    expect(read(page, { maxBytes: page.length - 1 })).toMatchObject({ reason: 'too-large' });
    expect(read(page, { maxBytes: page.length })).toMatchObject({ kind: 'listing' });
  });

  test('a bot challenge is one, also where a format was asked for', () => {
    const bytes = fixture('challenge.html');
    expect(read(bytes)).toMatchObject({ kind: 'unreadable', reason: 'challenge-page' });
    expect(read(bytes, { format: 'hf-page' })).toMatchObject({ reason: 'challenge-page' });
  });

  test('a page that loads the script of a challenge and has its list is no challenge', () => {
    const script = '<script src="https://0.edge.sdk.awswaf.com/0/challenge.js"></script></head>';
    const page = fixtureText('hf-day.html').replace('</head>', script);
    expect(titles(readListing(page))).toHaveLength(3);
    const broken = page.replace(/\{&quot;canSubmit/, '').replace(/<article.*<\/article>/, '');
    expect(read(broken)).toMatchObject({ reason: 'malformed' });
  });

  test('any other text is of no known format, and the formats are named', () => {
    expect(read('Hello, world.')).toMatchObject({
      reason: 'unknown-format',
      detail: expect.stringContaining(PAGE_FORMATS.toSorted()[0] ?? ''),
    });
  });
});

describe('the encoding', () => {
  const text = fixtureText('plain-text.txt').replace('Lantern:', 'Lantérn – “slow”:');
  const wanted = readListing(text).entries;
  const utf16 = (big: boolean, mark: boolean) => {
    const units = [...(mark ? '\ufeff' : ''), ...text].flatMap((sign) => sign.charCodeAt(0));
    return Uint8Array.from(units.flatMap((u) => (big ? [u >> 8, u & 255] : [u & 255, u >> 8])));
  };
  const WINDOWS = new Map([
    ['–', 0x96],
    ['“', 0x93],
    ['”', 0x94],
    ['δ', 0x64],
  ]);
  const windows1252 = Uint8Array.from([...text], (sign) => WINDOWS.get(sign) ?? sign.charCodeAt(0));
  const d = (entries: typeof wanted) => JSON.parse(JSON.stringify(entries).replaceAll('δ', 'd'));

  test.each([
    ['UTF-8', new TextEncoder().encode(text), undefined],
    ['UTF-8 with a mark', new TextEncoder().encode(`\ufeff${text}`), undefined],
    ['UTF-16 LE with a mark', utf16(false, true), undefined],
    ['UTF-16 BE with a mark', utf16(true, true), undefined],
    ['UTF-16 LE as declared', utf16(false, false), 'text/plain; charset=utf-16le'],
  ])('%s is read without a warning', (_name, bytes, contentType) => {
    const listing = readListing(bytes, { ...(contentType && { contentType }) });
    expect(listing.entries).toEqual(wanted);
    expect(listing.warnings).toEqual([]);
  });

  test.each([
    ['UTF-16 BE that nobody declared', utf16(true, false), 'utf-16be'],
    ['UTF-16 LE that nobody declared', utf16(false, false), 'utf-16le'],
  ])('%s is guessed and warned of', (_name, bytes, encoding) => {
    const listing = readListing(bytes);
    expect(listing.entries).toEqual(wanted);
    expect(listing.warnings).toEqual([expect.stringContaining(encoding)]);
  });

  test('windows-1252 is read as declared', () => {
    const listing = readListing(windows1252, { contentType: 'text/plain; charset="Windows-1252"' });
    expect(listing.entries).toEqual(d(wanted));
    expect(listing.warnings).toEqual([]);
  });

  test('bytes that are not UTF-8 are taken for windows-1252, with a warning', () => {
    const listing = readListing(windows1252);
    expect(listing.entries).toEqual(d(wanted));
    expect(listing.warnings).toEqual([expect.stringContaining('windows-1252')]);
  });

  test('UTF-8 that is declared as something else stays UTF-8', () => {
    const listing = readListing(text, { contentType: 'text/plain; charset=iso-8859-1' });
    expect(listing.entries).toEqual(wanted);
    expect(listing.warnings).toEqual([expect.stringContaining('is UTF-8')]);
  });

  test('one damaged byte does not turn a UTF-8 page into another encoding', () => {
    const bytes = new TextEncoder().encode(text);
    bytes[bytes.length - 40] = 0xff;
    const listing = readListing(bytes);
    expect(listing.entries.slice(0, 2)).toEqual(wanted.slice(0, 2));
    expect(listing.warnings).toEqual(['damaged characters: 1']);
  });

  test('the head of an HTML page declares it', () => {
    const html = fixtureText('hf-day.html').replace('"utf-8"', '"iso-8859-1"').replaceAll('δ', 'd');
    const bytes = Uint8Array.from(html, (sign) => sign.charCodeAt(0));
    const listing = readListing(bytes);
    expect(listing.entries[0]?.authors).toContain('José Márquez');
    expect(listing.warnings).toEqual([]);
  });

  test('a name that nobody knows is passed over', () => {
    const listing = readListing(text, { contentType: 'text/plain; charset=klingon' });
    expect(listing.entries).toEqual(wanted);
    expect(listing.warnings).toEqual(['unknown encoding "klingon" declared']);
  });

  test('a page that ends inside a character is cut', () => {
    const bytes = new TextEncoder().encode(`${HEAD}A Title\n\nAn abstract about\u00e9`);
    const listing = readListing(bytes.subarray(0, -1));
    expect(listing.entries[0]?.abstract).toBe('An abstract about');
    expect(listing.cutBecause).toBeDefined();
  });
});

describe('large and hostile pages', () => {
  test('a title of 10 kB is cut to the limit, with a warning', () => {
    const title = 'Endless '.repeat(1280);
    const page = [{ paper: { id: '2602.90001', title, summary: 'Short.' } }];
    const listing = readListing(JSON.stringify(page));
    const length = listing.entries[0]?.title.length ?? 0;
    expect(length).toBeLessThanOrEqual(FIELD_LIMITS.title);
    expect(length).toBeGreaterThan(FIELD_LIMITS.title - 20);
    expect(listing.warnings).toEqual([expect.stringContaining('title of 10239 characters cut')]);
  });

  test('a title of 10 kB in plain text is cut too, and spoils no other entry', () => {
    const title = 'Endless '.repeat(1280);
    const text = `${HEAD}First\n\nOne.\n\n${title}\n\nTwo.\n\nThird\n\nThree.`;
    const { entries, warnings } = readListing(text);
    expect(entries.map((entry) => entry.abstract)).toEqual(['One.', 'Two.', 'Three.']);
    expect(entries[1]?.title.length).toBeLessThanOrEqual(FIELD_LIMITS.title);
    expect(warnings).toEqual([expect.stringContaining('title of 10239 characters cut')]);
  });

  test('what is over the largest number of entries is left out, and the page cut', {
    timeout: 30_000,
  }, () => {
    const text = HEAD + 'T\n\nA.\n\n'.repeat(MAX_ENTRIES + 1);
    const json = `[${'{"paper":{"id":"2602.90001","title":"T"}},'.repeat(MAX_ENTRIES)}{"paper":{}}]`;
    for (const page of [text, json]) {
      const listing = readListing(page);
      expect(listing.entries).toHaveLength(MAX_ENTRIES);
      expect(listing.cutBecause).toContain('more than 100000 entries');
    }
  });

  test('a thousand faults give a short list of warnings', () => {
    const page = [
      { paper: { id: '2602.90001', title: 'One' } },
      ...new Array(999).fill({ paper: {} }),
    ];
    const { warnings, unreadableEntries } = readListing(JSON.stringify(page));
    expect(unreadableEntries).toBe(999);
    expect(warnings.length).toBeLessThan(30);
    expect(warnings.at(-1)).toBe('and 979 more warnings');
  });

  test('100,000 entries take time in proportion', { timeout: 30_000 }, () => {
    const page = (count: number) =>
      HEAD +
      Array.from({ length: count }, (_, at) => `Paper ${at}\n\nAbstract ${at}.`).join('\n\n');
    const timed = (text: string) => {
      const before = performance.now();
      const count = readListing(text).entries.length;
      return { count, ms: performance.now() - before };
    };
    const [small, large] = [page(10_000), page(100_000)];
    timed(small);
    const ten = timed(small);
    const hundred = timed(large);
    expect([ten.count, hundred.count]).toEqual([10_000, 100_000]);
    expect(hundred.ms).toBeLessThan(ten.ms * 40 + 200);
  });

  /** About a megabyte each; quadratic work would take minutes. */
  const MEGABYTE: readonly (readonly [string, string])[] = [
    ['open elements', `<div data-target="DailyPapers">${'<div>'.repeat(200_000)}`],
    ['nested cards', `<article><h3><a href="/papers/2602.90001">${'<article>'.repeat(100_000)}`],
    ['cards without an end', '<article><h3><a href="/papers/2602.90001">T'.repeat(25_000)],
    ['headings without an end', `<article>${'<h3><a href="/papers/2602.90001">'.repeat(30_000)}`],
    ['open tags', `<a href="/papers/2602.90001" ${'<'.repeat(1_000_000)}`],
    ['open comments', `<a href="/papers/2602.90001">${'<!--'.repeat(250_000)}`],
    ['open scripts', `<a href="/papers/2602.90001">${'<script>'.repeat(120_000)}`],
    ['attributes without an end', `<div data-target="DailyPapers" ${'a '.repeat(500_000)}`],
    ['equals signs', `<div data-target="DailyPapers" ${'='.repeat(1_000_000)}`],
    ['ampersands', `<div data-target="DailyPapers" data-props="${'&'.repeat(1_000_000)}">`],
    ['open references', `<div data-target="DailyPapers" data-props="${'&a'.repeat(500_000)}">`],
    ['links that lead nowhere', '<a '.repeat(350_000)],
    ['open brackets', `[{"paper": {${'['.repeat(1_000_000)}`],
    ['open strings', `[{"paper": {}},${'"\\'.repeat(500_000)}`],
    ['one long line', `${HEAD}${'a'.repeat(1_000_000)}`],
    ['blank lines', `${HEAD}${'\n'.repeat(1_000_000)}`],
    ['white space', `${HEAD}A Title\n\nAn abstract${' \u00a0'.repeat(300_000)}.`],
    ['full stops', `${HEAD}A Title\n\n${'. '.repeat(500_000)}`],
    ['"charset" without an end', `<meta ${'charset='.repeat(120_000)}`],
  ];
  test.each(MEGABYTE)(
    'a megabyte of %s is read or refused within seconds',
    { timeout: 60_000 },
    (_name, page) => {
      const before = performance.now();
      read(page);
      read(page, { format: 'hf-page' });
      read(page, { format: 'plain-text' });
      expect(performance.now() - before).toBeLessThan(5_000);
    },
  );
});

describe('any bytes', () => {
  test('give a reading', () => {
    const holds = fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      expect(['listing', 'unreadable']).toContain(read(bytes).kind);
      for (const format of PAGE_FORMATS) read(bytes, { format });
    });
    fc.assert(holds);
  });

  test('in the place of any part of a page give a reading with sound entries', () => {
    const pages = PAGES.map(fixture);
    const damage = fc.record({
      page: fc.constantFrom(...pages),
      at: fc.nat(12_000),
      drop: fc.nat(400),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.string().map((s) => new TextEncoder().encode(s)),
      ),
    });
    const holds = fc.property(damage, ({ page, at, drop, put }) => {
      const bytes = Uint8Array.from([...page.slice(0, at), ...put, ...page.slice(at + drop)]);
      const reading = read(bytes);
      expect(faultIn(reading)).toBeUndefined();
    });
    fc.assert(holds, { numRuns: 300 });
  });
});
