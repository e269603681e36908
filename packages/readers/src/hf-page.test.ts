import { coverageOf, judgePage, type Listing, parseListedOn } from '@paperboy/core';
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

describe('a page of a week, a month or a search', () => {
  const WEEK = fixtureText('hf-week.html');
  const SEARCH = fixtureText('hf-search.html');
  const many = (count: number, more: object) =>
    pageOf({
      dailyPapers: Array.from({ length: count }, (_, at) => item(`2602.${10000 + at}`, `P ${at}`)),
      ...more,
    });

  test('is a window without a day', () => {
    const listing = readListing(WEEK, { address: 'https://huggingface.co/papers/week/2026-W06' });
    expect(ids(listing)).toEqual(IDS);
    expect(listing).toMatchObject({ shape: 'window', nextPages: [], warnings: [] });
    expect(listing.date).toBeUndefined();
  });

  test.each([
    ['2026-W06', 'window'],
    ['2026-02', 'window'],
    ['2026-02-05', 'batch'],
  ])('is told by its date alone where it does not say (%s)', (dateString, shape) => {
    const page = pageOf({ dailyPapers: [item('2602.90001', 'One')], dateString });
    expect(readListing(page).shape).toBe(shape);
  });

  test.each(['week', 'month'])(
    'of a %s with 105 papers says that others may be missing',
    (periodType) => {
      const full = readListing(many(105, { periodType }));
      expect(full.warnings).toEqual([
        `105 papers, where the page of a ${periodType} stops; the others are not on it`,
      ]);
      expect(full.cutBecause).toBeUndefined();
      expect(readListing(many(104, { periodType })).warnings).toEqual([]);
      expect(readListing(many(120, { periodType: 'day' })).warnings).toEqual([]);
    },
  );

  test('that answers for another week or other words says so', () => {
    const address = 'https://huggingface.co/papers/week/2026-W50';
    expect(readListing(WEEK, { address }).warnings).toEqual([
      'asked for "2026-W50", answered for "2026-W06"',
    ]);
    const search = (q: string) =>
      readListing(pageOf({ dailyPapers: [item('2602.90001', 'One')], query: { q } }), {
        address: 'https://huggingface.co/papers?q=wheel%20counters',
      }).warnings;
    expect(search('wheel counters')).toEqual([]);
    expect(search('cats')).toEqual(['asked for "wheel counters", answered for "cats"']);
  });

  test('of a search is read from its data, or from cards whose words are marked', () => {
    const address = 'https://huggingface.co/papers?q=source+citations';
    const fromData = readListing(SEARCH, { address });
    expect(fromData).toMatchObject({ shape: 'window', warnings: [] });
    const fromCards = readListing(SEARCH.replace(/data-props="\{[^"]*"/, ''), { address });
    expect(titles(fromCards)).toEqual(titles(fromData));
    expect(titles(fromCards)).toEqual([
      'Counting Source Citations Without a Source',
      'Open-source Models of Re-citation',
    ]);
    expect(fromCards.entries.map(({ abstract }) => abstract)).toEqual(
      fromData.entries.map(({ abstract }) => abstract),
    );
    expect(fromCards.shape).toBe('window');
  });
});

test('a day that is not there yet is answered by the latest one, which is stale', () => {
  const address = 'https://huggingface.co/papers/date/2026-02-06';
  const reading = readListing(DAY, { address });
  expect(reading.date).toEqual({ year: 2026, month: 2, day: 5 });
  const askedFor = parseListedOn('2026-02-06');
  const { verdict, note } = judgePage(
    reading,
    parseListedOn('2026-02-05'),
    { papers: 3, sharedWithLast: 0 },
    {
      batchSizes: [],
      coverage: coverageOf(reading.entries),
      due: 'unknown',
      ...(askedFor && { askedFor }),
    },
  );
  expect([verdict, note]).toEqual(['stale', 'asked for 2026-02-06, answered for 2026-02-05']);
});

describe('the drawn cards', () => {
  test('in any order and number give each paper once, where it stood first', () => {
    const card = (at: number) =>
      `<article><h3><a href="/papers/2602.${90000 + at}">Paper ${at}</a></h3></article>`;
    const holds = fc.property(fc.array(fc.nat(12), { minLength: 1 }), (drawn) => {
      const listing = readListing(`<html><body>${drawn.map(card).join('')}</body></html>`);
      const once = [...new Set(drawn)];
      expect(titles(listing)).toEqual(once.map((at) => `Paper ${at}`));
      expect(listing.entries.map(({ position }) => position)).toEqual(once.map((_, at) => at + 1));
      expect(listing.unreadableEntries).toBe(0);
    });
    fc.assert(holds);
  });

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

  test('whose link has lost its closing quote name no paper', () => {
    const listing = readListing(
      TRENDING.replace(PROPS, '').replaceAll(
        '"/papers/2602.90003"',
        `"/papers/2602.90003${'&'.repeat(9_000)}"`,
      ),
    );
    expect(ids(listing)).toEqual(IDS.slice(0, 2));
    expect(listing.unreadableEntries).toBe(1);
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
