import { judgePage, keysOf, type PageReading } from '@paperboy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultIn } from '../test/sound-reading.ts';
import { fixture, fixtureText, read, readListing, titles } from '../test/support.ts';
import { readParts } from './join-parts.ts';

const PAGE = fixtureText('openreview-api.json');
const ALL = 'https://api2.openreview.net/notes?content.venueid=example.org%2F2026%2FConference';
const NEWEST = `${ALL}&sort=cdate:desc&limit=3`;

interface Given {
  readonly [field: string]: unknown;
  readonly content?: Readonly<Record<string, unknown>>;
}

function note(at: number, { content, ...rest }: Given = {}): unknown {
  const id = `forum${at}`;
  const own = { title: { value: `Paper ${at}` }, abstract: { value: 'Says it.' } };
  return { id, forum: id, cdate: 1_770_000_000_000, content: { ...own, ...content }, ...rest };
}

const answer = (notes: readonly unknown[], rest: object = {}) => JSON.stringify({ notes, ...rest });
const notes = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => note(from + at));

function judged(reading: PageReading): string {
  const papers = reading.kind === 'listing' ? reading.entries.length : 0;
  const past = { batchSizes: [], coverage: {}, due: 'unknown' } as const;
  return judgePage(reading, undefined, { papers, sharedWithLast: 0 }, past).verdict;
}

describe('an answer', () => {
  test('gives what its notes say of each paper', () => {
    const listing = readListing(PAGE, { address: ALL });
    expect(listing).toMatchObject({
      format: 'openreview-api',
      shape: 'window',
      claimed: 3,
      nextPages: [],
      unreadableEntries: 0,
      warnings: [],
    });
    expect(listing.entries[0]).toEqual({
      position: 1,
      title: 'Lantern: Slow Decoding for Careful Answers',
      abstract: expect.stringMatching(/^Language models answer .* when it should\.$/),
      textKind: 'abstract',
      ids: { openreview: 'lanTern90A' },
      authors: ['Ada Quill', 'José Márquez', 'Li Wen'],
      links: [
        { rel: 'page', url: 'https://openreview.net/forum?id=lanTern90A' },
        {
          rel: 'pdf',
          url: expect.stringMatching(/^https:\/\/openreview\.net\/pdf\/0+90002\.pdf$/),
        },
      ],
      section: 'none',
      categories: ['decoding', 'search'],
      publishedAt: '2026-02-02T16:01:23.000Z',
    });
  });

  test('names the papers as the other pages do', () => {
    const other = readListing(fixture('hf-api-2026.json')).entries.map((entry) =>
      keysOf(entry).at(-1),
    );
    expect(readListing(PAGE).entries.map((entry) => keysOf(entry).at(-1))).toEqual(other);
  });

  test('of version 1, with bare values, gives the same', () => {
    const bare = JSON.parse(PAGE, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && 'value' in value ? value.value : value,
    );
    expect(readListing(JSON.stringify(bare))).toEqual(readListing(PAGE));
  });

  test('with its count before its notes is known too', () => {
    expect(readListing(`{"count": 2, "notes":${JSON.stringify(notes(2))}}`).claimed).toBe(2);
  });
});

describe('a note', () => {
  const one = (given: Given) => readListing(answer([note(1, given)])).entries[0];

  test('taken over from elsewhere has the ids it is known by there', () => {
    const arxiv = { html: { value: 'https://doi.org/10.48550/arXiv.2602.90001' } };
    expect(one({ content: arxiv })?.ids).toMatchObject({
      arxiv: '2602.90001',
      openreview: 'forum1',
    });
    const journal = { html: { value: 'https://doi.org/10.5555/MAPS.9' }, pdf: { value: '' } };
    expect(one({ content: journal })?.ids).toEqual({ doi: '10.5555/maps.9', openreview: 'forum1' });
  });

  test('under blind review has no authors', () => {
    expect(one({})?.authors).toBeUndefined();
  });

  test('has authors as names or as persons', () => {
    const authors = { value: ['Ada Quill', { fullname: 'Li Wen', username: '~Li_Wen1' }, 7] };
    expect(one({ content: { authors } })?.authors).toEqual(['Ada Quill', 'Li Wen']);
  });

  test('keeps the paragraphs of its abstract', () => {
    const abstract = { value: 'One\nline.\n\nTwo.' };
    expect(one({ content: { abstract } })?.abstract).toBe('One line.\n\nTwo.');
  });

  test.each([
    [{ pdate: 1_770_000_000_000, cdate: 1 }, '2026-02-02T02:40:00.000Z'],
    [{ pdate: null, cdate: 1_770_000_000_000 }, '2026-02-02T02:40:00.000Z'],
    [{ pdate: 9e15, cdate: 1 }, undefined],
    [{ pdate: -5, cdate: 1 }, undefined],
    [{ pdate: 'soon', cdate: 'x' }, undefined],
  ])('with the times %j is of %s', (times, expected) => {
    expect(one(times)?.publishedAt).toBe(expected);
  });

  test('whose pdf leads nowhere on the web has no link to it', () => {
    const listed = one({ content: { pdf: { value: 'javascript:alert(1)' } } });
    expect(listed?.links.map(({ rel }) => rel)).toEqual(['page']);
  });

  test.each([
    ['without a title', note(1, { content: { title: { value: ' ' } } })],
    ['whose title is no text', note(1, { content: { title: 7 } })],
    ['without a forum', note(1, { id: undefined, forum: undefined })],
    ['whose forum is no id', note(1, { id: undefined, forum: '../x?y=1' })],
    ['without content', { id: 'forum1', forum: 'forum1' }],
    ['that is none', 7],
  ])('%s is counted as unreadable', (_name, broken) => {
    const listing = readListing(answer([broken, note(2)], { count: 2 }));
    expect(listing).toMatchObject({ unreadableEntries: 1, entries: [{ position: 2 }] });
    expect(listing.warnings).toEqual(['entry 1: no title or no forum']);
    expect(read(answer([broken]))).toMatchObject({
      kind: 'unreadable',
      reason: 'no-entries',
      detail: 'none of 1 notes has a title and a forum',
    });
  });

  test('that is a reply or deleted is no paper, and is not missed', () => {
    const review = note(7, { forum: 'forum1', replyto: 'forum1' });
    const deleted = note(8, { ddate: 1_770_000_000_000 });
    const listing = readListing(answer([note(1), review, deleted], { count: 3 }));
    expect(titles(listing)).toEqual(['Paper 1']);
    expect(listing).toMatchObject({ claimed: 1, unreadableEntries: 0 });
    expect(listing.warnings).toEqual(['2 replies and deleted notes left out']);
    expect(judged(listing)).toBe('new-batch');
    expect(read(answer([review]))).toMatchObject({
      reason: 'no-entries',
      detail: 'none of 1 notes is a submission with a title',
    });
  });
});

describe('all of a venue', () => {
  const ask = (count: number, of: number, offset = 0, limit = '&limit=2') => ({
    address: `${ALL}${limit}${offset > 0 ? `&offset=${offset}` : ''}`,
    page: answer(notes(count, offset), { count: of }),
  });
  const nextOf = ({ page, address }: ReturnType<typeof ask>) =>
    readListing(page, { address }).nextPages;

  test('comes by offsets, as far as the count promises', () => {
    expect(nextOf(ask(2, 5))).toEqual([expect.stringMatching(/&limit=2&offset=2$/)]);
    expect(nextOf(ask(2, 5, 2))).toEqual([expect.stringMatching(/&limit=2&offset=4$/)]);
    expect(nextOf(ask(1, 5, 4))).toEqual([]);
    expect(nextOf(ask(2, 5, 0, ''))).toEqual([expect.stringMatching(/&offset=2$/)]);
  });

  test('is whole once all its parts are there, and cut before', () => {
    const parts = [ask(2, 5), ask(2, 5, 2), ask(1, 5, 4)].map(({ page, address }) => ({
      bytes: new TextEncoder().encode(page),
      address,
    }));
    const whole = readParts({ parts });
    expect(whole).toMatchObject({ claimed: 5, entries: { length: 5 }, nextPages: [] });
    expect(judged(whole)).toBe('new-batch');
    expect(judged(readParts({ parts: parts.slice(0, 2) }))).toBe('cut');
  });

  test('without a count goes on behind a full answer', () => {
    const address = `${ALL}&limit=2`;
    expect(readListing(answer(notes(2)), { address }).nextPages).toHaveLength(1);
    const end = readListing(answer(notes(1)), { address });
    expect([end.nextPages, end.claimed]).toEqual([[], undefined]);
  });

  test('is only the newest where the address sorts and limits it', () => {
    const listing = readListing(answer(notes(3), { count: 5_000 }), { address: NEWEST });
    expect(listing).toMatchObject({ claimed: 3, nextPages: [] });
    expect(judged(listing)).toBe('new-batch');
    const short = readListing(answer(notes(2), { count: 5_000 }), { address: NEWEST });
    expect(short.nextPages).toEqual([expect.stringMatching(/&limit=3&offset=2$/)]);
    expect(judged(short)).toBe('cut');
  });

  test('of a saved page asks for nothing, and is cut where the count promises more', () => {
    const listing = readListing(answer(notes(2), { count: 5 }));
    expect(listing.nextPages).toEqual([]);
    expect(judged(listing)).toBe('cut');
  });
});

describe('an answer without notes', () => {
  test('is empty where nothing is promised, and a person is told why it may be', () => {
    const listing = readListing(answer([], { count: 0 }), { address: ALL });
    expect(listing).toMatchObject({ statedEmpty: true, nextPages: [] });
    expect(listing.warnings).toEqual([
      'no notes: a venue that is not public yet, or a name that is none',
    ]);
  });

  test('is cut where some are', () => {
    const listing = readListing(answer([], { count: 9 }), { address: NEWEST });
    expect(listing).toMatchObject({ statedEmpty: false, claimed: 3 });
    expect(judged(listing)).toBe('cut');
  });

  test.each([
    [{ name: 'ForbiddenError', message: 'The Invitation x was not found' }, 'malformed'],
    [{ name: 'ChallengeRequiredError', message: 'Open the address to go on' }, 'challenge-page'],
  ])('%j is unreadable, in its words', (error, reason) => {
    const detail = `OpenReview says "${error.name}: ${error.message}"`;
    expect(read(JSON.stringify(error), { address: ALL })).toMatchObject({ reason, detail });
    expect(read(JSON.stringify(error))).toMatchObject({ reason: 'unknown-format' });
  });

  test('of another kind is malformed', () => {
    const page = '{"groups":[]}';
    expect(read(page, { format: 'openreview-api' })).toMatchObject({
      reason: 'malformed',
      detail: 'no list of notes',
    });
  });
});

test('an answer that ends anywhere is cut or unreadable, and what it keeps is whole', () => {
  const whole = readListing(PAGE);
  const ends = fc.integer({ min: 1, max: PAGE.trimEnd().length - 1 });
  const holds = fc.property(ends, (end) => {
    const reading = read(PAGE.slice(0, end), { format: 'openreview-api', address: ALL });
    if (reading.kind === 'unreadable') return;
    expect(reading.cutBecause).toBe('the JSON ends inside a note');
    expect(whole.entries.slice(0, reading.entries.length)).toEqual(reading.entries);
  });
  fc.assert(holds, { numRuns: 300 });
});

test('whatever stands in place of the values, the reading is sound', () => {
  const anyContent = fc.dictionary(
    fc.constantFrom('title', 'abstract', 'authors', 'keywords', 'pdf', 'html'),
    fc.oneof(fc.jsonValue(), fc.record({ value: fc.jsonValue() })),
  );
  const anyNote = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        id: fc.oneof(fc.constant('forum1'), fc.jsonValue()),
        forum: fc.oneof(fc.constant('forum1'), fc.jsonValue()),
        pdate: fc.oneof(fc.double(), fc.jsonValue()),
        content: fc.oneof(anyContent, fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  );
  const anyAnswer = fc.record({
    notes: fc.array(anyNote, { maxLength: 4 }),
    count: fc.jsonValue(),
  });
  const holds = fc.property(
    anyAnswer,
    fc.constantFrom(ALL, NEWEST, undefined),
    (given, address) => {
      const page = { format: 'openreview-api', ...(address && { address }) } as const;
      expect(faultIn(read(JSON.stringify(given), page))).toBeUndefined();
    },
  );
  fc.assert(holds, { numRuns: 500 });
});
