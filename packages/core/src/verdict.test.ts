import { describe, expect, test } from 'vitest';
import type { Entry, Listing } from './entry.ts';
import { parseListedOn } from './page-date.ts';
import { judgePage, type Overlap, type SourcePast } from './verdict.ts';

const monday = parseListedOn('2026-03-09');
const tuesday = parseListedOn('2026-03-10');
const quiet: SourcePast = { batchSizes: [], coverage: {}, due: 'unknown' };
const usual: SourcePast = {
  last: { ...(monday && { listedOn: monday }), papers: 40 },
  batchSizes: [40, 38, 44],
  coverage: { abstract: 1 },
  due: 'no',
};

function listing(count: number, more: Partial<Listing> = {}): Listing {
  const entries = Array.from({ length: count }, (_, index): Entry => {
    const title = `Paper ${index}`;
    return {
      position: index + 1,
      title,
      abstract: 'Text.',
      textKind: 'abstract',
      ids: {},
      links: [],
      section: 'none',
    };
  });
  return {
    kind: 'listing',
    format: 'hf-api',
    shape: 'batch',
    nextPages: [],
    statedEmpty: false,
    entries,
    unreadableEntries: 0,
    warnings: [],
    ...more,
  };
}

const judge = (page: Listing, day: typeof monday, overlap: Overlap, past: SourcePast) =>
  judgePage(page, day, overlap, past).verdict;
const papers = (count: number, sharedWithLast = 0): Overlap => ({ papers: count, sharedWithLast });

describe('a page that cannot be trusted is never a quiet day', () => {
  test('nothing read and nothing said is broken', () => {
    expect(judge(listing(0), monday, papers(0), quiet)).toBe('broken');
  });
  test('nothing read of a page that promises entries is cut', () => {
    const page = listing(0, { claimed: 50, shape: 'window' });
    expect(judge(page, undefined, papers(0), quiet)).toBe('cut');
    expect(judge(page, undefined, papers(0), usual)).toBe('cut');
    const left = { ...page, cutBecause: 'the list goes on at https://example.org/?start=0' };
    expect(judge(left, undefined, papers(0), quiet)).toBe('cut');
  });
  test('nothing read is broken, for all its promises, where something stood that cannot be read', () => {
    const page = listing(0, { claimed: 50, unreadableEntries: 1 });
    expect(judge(page, monday, papers(0), quiet)).toBe('broken');
  });
  test('nothing read of a page that ends too early is broken', () => {
    for (const more of [{}, { claimed: 0 }]) {
      const page = listing(0, { cutBecause: 'no end', ...more });
      expect(judge(page, monday, papers(0), quiet)).toBe('broken');
    }
  });
  test('nothing read because the page says so is a batch of none', () => {
    expect(judge(listing(0, { statedEmpty: true }), tuesday, papers(0), usual)).toBe('new-batch');
  });
  test('more than a fifth without title or id is broken', () => {
    expect(judge(listing(80, { unreadableEntries: 20 }), monday, papers(80), quiet)).toBe(
      'new-batch',
    );
    expect(judge(listing(79, { unreadableEntries: 21 }), monday, papers(79), quiet)).toBe('broken');
  });
  test('abstracts that went away are broken', () => {
    const bare = listing(40);
    const page = { ...bare, entries: bare.entries.map(({ abstract: _, ...entry }) => entry) };
    expect(judge(page, tuesday, papers(40), usual)).toBe('broken');
  });
  test('a challenge page blocks, any other unreadable page is broken', () => {
    const unreadable = { kind: 'unreadable', detail: 'x' } as const;
    expect(
      judgePage({ ...unreadable, reason: 'challenge-page' }, monday, papers(0), quiet).verdict,
    ).toBe('blocked');
    expect(judgePage({ ...unreadable, reason: 'binary' }, monday, papers(0), quiet).verdict).toBe(
      'broken',
    );
  });
  test('fewer entries than claimed, or bytes that end too early, are cut', () => {
    expect(judge(listing(4, { claimed: 50 }), monday, papers(4), quiet)).toBe('cut');
    expect(judge(listing(4, { cutBecause: 'no closing tag' }), monday, papers(4), quiet)).toBe(
      'cut',
    );
  });
});

describe('a page that shows the same papers', () => {
  test('is unchanged when nothing is due', () => {
    expect(judge(listing(40), monday, papers(40, 40), usual)).toBe('unchanged');
  });
  test('is stale when a new batch is due', () => {
    expect(judge(listing(40), monday, papers(40, 40), { ...usual, due: 'yes' })).toBe('stale');
  });
  test('is stale when only its date moved', () => {
    expect(judge(listing(40), tuesday, papers(40, 40), usual)).toBe('stale');
  });
  test('is unchanged as a window, whatever its date', () => {
    expect(judge(listing(40, { shape: 'window' }), tuesday, papers(40, 40), usual)).toBe(
      'unchanged',
    );
  });
  test('and more of the same day has grown', () => {
    expect(judge(listing(42), monday, papers(42, 40), usual)).toBe('grew');
  });
  test('and fewer of the same day is unchanged, below half cut', () => {
    expect(judge(listing(30), monday, papers(30, 30), usual)).toBe('unchanged');
    expect(judge(listing(19), monday, papers(19, 19), usual)).toBe('cut');
  });
});

test('an answer for another day than the one asked for is stale', () => {
  const past = { ...usual, due: 'unknown' as const, ...(tuesday && { askedFor: tuesday }) };
  expect(judge(listing(40), monday, papers(40), past)).toBe('stale');
  expect(judge(listing(40), tuesday, papers(40), past)).toBe('new-batch');
});

describe('a day that has just begun', () => {
  const young = { ...usual, pageAgeMs: 3600_000 };
  test('is partial below a quarter of what is usual', () => {
    expect(judge(listing(9), tuesday, papers(9), young)).toBe('partial');
    expect(judge(listing(10), tuesday, papers(10), young)).toBe('new-batch');
  });
  test('is a batch once six hours old', () => {
    expect(judge(listing(9), tuesday, papers(9), { ...young, pageAgeMs: 6 * 3600_000 })).toBe(
      'new-batch',
    );
  });
});

test('an older day read later is a batch of its own', () => {
  expect(judge(listing(40), parseListedOn('2026-01-05'), papers(40, 12), usual)).toBe('new-batch');
});
