import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing, titles } from '../test/support.ts';

const RSS = fixtureText('arxiv-rss.xml');
const ATOM = fixtureText('arxiv-atom.xml');

test('RSS and Atom of one day give the same entries', () => {
  const rss = readListing(RSS);
  // Atom has no word for the days that are skipped.
  expect(rss).toEqual({ ...readListing(ATOM), skipDays: [0, 6] });
  expect(rss).toMatchObject({
    format: 'arxiv-feed',
    shape: 'batch',
    date: { year: 2026, month: 2, day: 5 },
    statedEmpty: false,
    unreadableEntries: 0,
    warnings: [],
  });
});

test('an entry has what the feed says of it, and no line above its abstract', () => {
  const [first, second, third] = readListing(RSS).entries;
  expect(first).toEqual({
    position: 1,
    title: 'Lantern: Slow Decoding for Careful Answers',
    abstract: expect.stringMatching(/^Language models answer .* at <1\.4 times the cost/),
    textKind: 'abstract',
    ids: { arxiv: '2602.90001', arxivVersion: 1 },
    authors: ['Ada Quill', 'José Márquez', 'Li Wen'],
    links: [
      { rel: 'page', url: 'https://arxiv.org/abs/2602.90001' },
      { rel: 'pdf', url: 'https://arxiv.org/pdf/2602.90001' },
    ],
    section: 'new',
    categories: ['cs.CL'],
  });
  expect(second).toMatchObject({ section: 'cross', categories: ['cs.LG', 'cs.CL'] });
  expect(third).toMatchObject({
    section: 'replace',
    ids: { arxiv: '2602.90003', arxivVersion: 3, doi: '10.5555/maps.90003' },
  });
});

test.each([
  ['new', 'new'],
  ['cross', 'cross'],
  ['replace', 'replace'],
  ['replace-cross', 'replace-cross'],
  ['absonly', 'replace'],
  ['Replace', 'replace'],
])('announce type %s is section %s', (type, section) => {
  const page = RSS.replace('Announce Type: new', `Announce Type: ${type}`);
  expect(readListing(page)).toMatchObject({ entries: [{ section }, {}, {}], warnings: [] });
});

test('an unknown announce type is told and costs no entry', () => {
  const listing = readListing(RSS.replace('Announce Type: new', 'Announce Type: revived'));
  expect(listing.entries).toHaveLength(3);
  expect(listing.entries[0]).toMatchObject({
    section: 'none',
    abstract: expect.stringMatching(/^Language/),
  });
  expect(listing.warnings).toEqual(['entry 1: announce type "revived"']);
});

describe('the day', () => {
  test.each([
    ['Thu, 05 Feb 2026 00:00:00 -0500', 5],
    ['Thu, 05 Feb 2026 05:00:00 +0000', 5],
    ['Thu, 05 Feb 2026 04:59:59 GMT', 4],
    ['Mon, 06 Jul 2026 00:00:00 -0400', 6],
  ])('is that of %s in New York', (printed, day) => {
    const page = RSS.replace(/<pubDate>[^<]*<\/pubDate>/, `<pubDate>${printed}</pubDate>`);
    expect(readListing(page).date?.day).toBe(day);
  });

  test('is that of the items where the feed has none, and without any the page is no batch', () => {
    const undated = RSS.replace(/<lastBuildDate>.*\n/, '').replace(/ {4}<pubDate>.*\n/, '');
    expect(readListing(undated)).toMatchObject({ date: { day: 5 }, shape: 'batch' });
    const none = readListing(undated.replace(/<pubDate>.*\n/g, ''));
    expect([none.date, none.shape]).toEqual([undefined, 'window']);
  });
});

describe('a feed without items', () => {
  test('on a day that it skips says that it is empty', () => {
    const listing = readListing(fixtureText('arxiv-rss-weekend.xml'));
    expect(listing).toMatchObject({
      statedEmpty: true,
      skipDays: [0, 6],
      entries: [],
      warnings: [],
      date: { day: 7 },
    });
  });

  test('on another day is empty too, and a person is told to look', () => {
    const page = RSS.replace(/<item>[\s\S]*<\/item>/, '');
    expect(readListing(page)).toMatchObject({ statedEmpty: true, entries: [] });
    expect(readListing(page).warnings).toEqual([
      'no papers on a Thursday that the feed does not skip: a holiday, or a fault',
    ]);
  });

  const ATOM_OF_NOTHING = ATOM.replace(/<entry>[\s\S]*<\/entry>/, '');

  test.each([
    ['RSS without skipDays', RSS.replace(/<skipDays>[\s\S]*<\/item>/, ''), '<item>'],
    ['Atom of a weekday', ATOM_OF_NOTHING, '<entry>'],
  ])('as %s does not say so and is unreadable', (_name, page, name) => {
    expect(read(page)).toMatchObject({
      kind: 'unreadable',
      format: 'arxiv-feed',
      reason: 'no-entries',
      detail: `no ${name} in the feed, and nothing says that it is empty`,
    });
  });

  test('as Atom of a weekend is empty', () => {
    const weekend = ATOM_OF_NOTHING.replace('2026-02-05T05', '2026-02-07T05');
    expect(readListing(weekend)).toMatchObject({ statedEmpty: true, entries: [] });
  });

  test('that tells of an error is unreadable, in its words', () => {
    const page = RSS.replace('cs.CL updates on arXiv.org', 'Feed error for query: cs.XX').replace(
      /<item>[\s\S]*<\/item>/,
      '',
    );
    expect(read(page)).toMatchObject({
      kind: 'unreadable',
      format: 'arxiv-feed',
      detail: 'the feed says "Feed error for query: cs.XX"',
    });
  });
});

describe('damage', () => {
  test('an entry without any id is counted as unreadable', () => {
    const page = RSS.replace(/arXiv:2602\.90001v1 /, '')
      .replace('oai:arXiv.org:2602.90001v1', 'nothing')
      .replace('https://arxiv.org/abs/2602.90001', 'https://arxiv.org/');
    const listing = readListing(page);
    expect(listing.entries.map(({ position }) => position)).toEqual([2, 3]);
    expect(listing).toMatchObject({ unreadableEntries: 1, warnings: ['entry 1: no arXiv id'] });
  });

  test('only such entries make the feed unreadable, cut or not', () => {
    const bare = RSS.replaceAll(/arXiv:260\S* /g, '')
      .replaceAll('oai:arXiv.org:', 'nothing:')
      .replaceAll('https://arxiv.org/abs/', 'https://arxiv.org/');
    const detail = 'none of 3 items has an arXiv id and a title';
    expect(read(bare)).toMatchObject({ kind: 'unreadable', reason: 'no-entries', detail });
    const end = bare.indexOf('</rss>');
    expect(read(bare.slice(0, end))).toMatchObject({
      kind: 'unreadable',
      reason: 'no-entries',
      detail: `${detail}; the feed ends too early`,
    });
  });

  test('a paper that only its abstract names is not what the entry is', () => {
    const page = RSS.replace('Language models answer', 'See arXiv:1706.03762. Models answer');
    expect(readListing(page).entries[0]?.ids.arxiv).toBe('2602.90001');
  });

  test('a feed that ends inside an item keeps the whole ones and is cut', () => {
    const listing = readListing(RSS.slice(0, RSS.indexOf('Maps Without')));
    expect(titles(listing)).toHaveLength(2);
    expect(listing.cutBecause).toBe('the feed ends too early');
  });

  test('brackets that do not match cost no author', () => {
    const page = RSS.replace('Hana Fujita, Bo Brandt', 'Hana Fujita (1, Bo Brandt');
    expect(readListing(page).entries[2]?.authors).toEqual(['Hana Fujita (1', 'Bo Brandt']);
  });
});
