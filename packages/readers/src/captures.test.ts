import { keysOf, titleKey } from '@paperboy/core';
import { expect, test } from 'vitest';
import { CAPTURES, capture, readListing } from '../test/support.ts';

/** Real pages; run with PAPERBOY_CAPTURES naming their folder. */
const onCaptures = test.skipIf(!CAPTURES);

const SEEDS = [
  ['000_07d4e7808cdc506d', 63, { month: 7, day: 31 }],
  ['001_815102ca8c9a7034', 73, { month: 6, day: 5 }],
  ['002_c76f28e269a965d9', 84, { month: 3, day: 11 }],
  ['003_94a65ccd406105fe', 68, { month: 3, day: 14 }],
  ['004_7c49b4fd4ecaeb89', 82, { month: 7, day: 30 }],
] as const;

const DAY = 'hf_papers_day.reconstructed.html';
const TRENDING = 'hf_papers_trending.reconstructed.html';
const API = 'hf_api_daily_papers_2026-02-05.json';

onCaptures.each(SEEDS)('capture %s has %i entries and its date', (name, count, date) => {
  const listing = readListing(capture(`seeds/${name}.txt`));
  expect(listing.entries).toHaveLength(count);
  expect(listing).toMatchObject({ date, shape: 'batch', unreadableEntries: 0, warnings: [] });
  expect(listing.cutBecause).toBeUndefined();
  for (const { title, abstract } of listing.entries) {
    expect(title.length).toBeLessThanOrEqual(176);
    expect(abstract?.length).toBeGreaterThanOrEqual(1_380);
  }
});

onCaptures('captures of five pages hold 370 entries of 259 papers', () => {
  const keys = SEEDS.flatMap(([name]) =>
    readListing(capture(`seeds/${name}.txt`)).entries.flatMap(keysOf),
  );
  expect([keys.length, new Set(keys).size]).toEqual([370, 259]);
});

onCaptures('capture of a day page has 8 papers and its date', () => {
  const listing = readListing(capture(DAY));
  expect(listing.entries).toHaveLength(8);
  expect(listing).toMatchObject({
    shape: 'batch',
    date: { year: 2026, month: 2, day: 5 },
    warnings: [],
  });
});

onCaptures('capture of a trending page has the same 8 papers in its data and in its cards', () => {
  const html = new TextDecoder().decode(capture(TRENDING));
  const fromData = readListing(html);
  const fromCards = readListing(
    html.replace(/(data-target="DailyPapers") data-props="[^"]*"/, '$1'),
  );
  expect(fromData.entries).toHaveLength(8);
  expect(fromCards.entries.map((entry) => entry.ids)).toEqual(
    fromData.entries.map((entry) => entry.ids),
  );
  expect(fromCards.entries.map((entry) => entry.upvotes)).toEqual(
    fromData.entries.map((entry) => entry.upvotes),
  );
  expect(fromCards.entries.map((entry) => entry.textKind)).toEqual(new Array(8).fill('summary'));
  expect(fromData).toMatchObject({ shape: 'window', warnings: [] });
});

onCaptures.each([
  ['hf_api_daily_papers_2024-05-28.json', 15, undefined, false],
  ['hf_api_daily_papers_2025-09-30.json', 50, { year: 2025, month: 9, day: 30 }, true],
  [API, 35, { year: 2026, month: 2, day: 5 }, false],
] as const)('capture %s has %i entries', (name, count, date, isCut) => {
  const listing = readListing(capture(name));
  expect(listing.entries).toHaveLength(count);
  expect(listing.date).toEqual(date);
  expect(listing.cutBecause !== undefined).toBe(isCut);
  expect(listing).toMatchObject({ unreadableEntries: 0, warnings: [] });
  for (const { abstract, title, authors } of listing.entries) {
    expect(`${title}${abstract}`).not.toMatch(/[\n\t]| {2}/);
    expect(abstract && authors?.length).toBeTruthy();
  }
});

onCaptures('captures of one day give a paper the same keys in the page and in the API', () => {
  const byId = new Map(
    readListing(capture(API)).entries.map((entry) => [entry.ids.arxiv, keysOf(entry)]),
  );
  for (const entry of [
    ...readListing(capture(DAY)).entries,
    ...readListing(capture(TRENDING)).entries,
  ]) {
    expect(keysOf(entry)).toEqual(byId.get(entry.ids.arxiv));
    expect(titleKey(entry.title)).not.toBe('');
  }
});

onCaptures('capture of an arXiv feed has its day, sections, versions and authors', () => {
  const listing = readListing(capture('arxiv_atom_feed_cs.AI_2025-08-20.xml'));
  expect(listing).toMatchObject({
    format: 'arxiv-feed',
    shape: 'batch',
    date: { year: 2025, month: 8, day: 20 },
    unreadableEntries: 0,
    warnings: [],
  });
  expect(listing.entries.map(({ ids }) => ids)).toEqual(
    ['2508.13426', '2508.13428', '2508.13429', '2508.13434'].map((arxiv) => ({
      arxiv,
      arxivVersion: 1,
    })),
  );
  for (const { section, abstract, authors } of listing.entries) {
    expect(section).toBe('cross');
    expect(abstract).not.toMatch(/^arXiv|Announce Type|^Abstract/);
    expect(authors?.length).toBeGreaterThan(0);
  }
});

onCaptures(
  'capture of an arXiv API answer is whole: it has the two entries it was asked for',
  () => {
    const listing = readListing(capture('arxiv_api_query_cs.RO_2025-10-17.xml'));
    expect(listing).toMatchObject({
      format: 'arxiv-api',
      shape: 'window',
      claimed: 2,
      warnings: [],
    });
    expect(listing.cutBecause).toBeUndefined();
    expect(listing.entries).toHaveLength(2);
    expect(listing.entries[0]).toMatchObject({
      ids: { arxiv: '2510.14968', arxivVersion: 1 },
      publishedAt: '2025-10-16T17:59:37.000Z',
      categories: ['cs.RO', 'cs.AI', 'cs.CV', 'cs.LG', 'cs.SY', 'eess.SY'],
    });
  },
);

onCaptures('captures of a feed on five days have the papers of their days and no date', () => {
  const days = [8, 9, 10, 11, 12].map((day) =>
    readListing(capture(`hf_page_as_rss_2025-08-${String(day).padStart(2, '0')}.xml`)),
  );
  expect(days.map(({ entries }) => entries.length)).toEqual([36, 26, 26, 26, 13]);
  for (const { entries, format, shape, date, warnings } of days) {
    expect({ format, shape, date, warnings }).toEqual({
      ...{ format: 'feed', shape: 'window', date: undefined, warnings: [] },
    });
    for (const { ids, abstract, authors, upvotes, title } of entries) {
      expect(ids.arxiv).toMatch(/^25\d\d\.\d{5}$/);
      expect(abstract?.length).toBeGreaterThan(200);
      expect(`${title}${abstract}`).not.toMatch(/<[a-z/]|Upvotes:|Summary:|Authors:| {2}/);
      expect(authors?.length).toBeGreaterThan(0);
      expect(upvotes).toBeGreaterThanOrEqual(0);
    }
  }
});

onCaptures.each(['arxiv_title_changes.json'])(
  'capture %s is not taken for one of these formats',
  (name) => {
    expect(() => readListing(capture(name))).toThrow('unknown-format');
  },
);
