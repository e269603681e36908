import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, Listing, PageReading } from './entry.ts';
import { type ListedOn, parseListedOn } from './page-date.ts';
import {
  isRecorded,
  judgePage,
  judgeSameBytes,
  type Overlap,
  type PageOutcome,
  type SourcePast,
  VERDICTS,
} from './verdict.ts';

const days = ['2026-03-09', '2026-03-10', '2026-03-11'].flatMap((day) => parseListedOn(day) ?? []);
const anyDay = fc.option(fc.constantFrom(...days), { nil: undefined });

function entries(count: number, more: Partial<Entry> = {}): Entry[] {
  return Array.from({ length: count }, (_, index) => ({
    position: index + 1,
    title: `Paper ${index}`,
    abstract: 'Text.',
    textKind: 'abstract' as const,
    ids: {},
    links: [],
    section: 'none' as const,
    ...more,
  }));
}

interface Situation {
  readonly reading: Listing;
  readonly listedOn: ListedOn | undefined;
  readonly overlap: Overlap;
  readonly past: SourcePast;
}

/** Any page before any past; its papers stand to the last batch as sets can. */
const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    shape: fc.constantFrom('batch' as const, 'window' as const),
    listedOn: anyDay,
    count: fc.integer({ min: 0, max: 60 }),
    sharedOf: fc.double({ min: 0, max: 1, noNaN: true }),
    lastMore: fc.integer({ min: 0, max: 60 }),
    claimedMore: fc.option(fc.integer({ min: -3, max: 20 }), { nil: undefined }),
    unreadableEntries: fc.integer({ min: 0, max: 15 }),
    isCut: fc.boolean(),
    hasLast: fc.boolean(),
    lastOn: anyDay,
    askedFor: anyDay,
    due: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
    batchSizes: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 10 }),
    ageHours: fc.option(fc.integer({ min: -2, max: 12 }), { nil: undefined }),
    usualShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    says: fc.boolean(),
  })
  .map((given) => {
    const { count, listedOn, lastOn, askedFor, claimedMore, usualShare, ageHours } = given;
    const sharedWithLast = given.hasLast ? Math.floor(count * given.sharedOf) : 0;
    const reading: Listing = {
      kind: 'listing',
      format: 'plain-text',
      shape: given.shape,
      nextPages: [],
      statedEmpty: count === 0 && given.says,
      entries: entries(count),
      unreadableEntries: given.unreadableEntries,
      warnings: [],
      ...(claimedMore !== undefined && { claimed: Math.max(0, count + claimedMore) }),
      ...(given.isCut && { cutBecause: 'no end' }),
    };
    const past: SourcePast = {
      batchSizes: given.batchSizes,
      coverage: usualShare === undefined ? {} : { abstract: usualShare, links: usualShare },
      due: given.due,
      ...(given.hasLast && {
        last: { papers: sharedWithLast + given.lastMore, ...(lastOn && { listedOn: lastOn }) },
      }),
      ...(askedFor && { askedFor }),
      ...(ageHours !== undefined && { pageAgeMs: ageHours * 3600_000 }),
    };
    return { reading, listedOn, overlap: { papers: count, sharedWithLast }, past };
  });

const judge = ({ reading, listedOn, overlap, past }: Situation) =>
  judgePage(reading, listedOn, overlap, past);
const holds = (property: (situation: Situation) => void) =>
  fc.assert(fc.property(anySituation, property), { numRuns: 500 });

test('every page gets exactly one verdict, and says why', () => {
  holds((situation) => {
    const { verdict, note } = judge(situation);
    expect(VERDICTS).toContain(verdict);
    expect(note.length).toBeGreaterThan(0);
    expect(judge(situation)).toEqual({ verdict, note });
  });
});

test('what is not read is blocked or broken, whatever the past', () => {
  const anyReason = fc.constantFrom('empty', 'binary', 'challenge-page', 'no-entries' as const);
  const property = fc.property(anySituation, anyReason, (situation, reason) => {
    const reading = { kind: 'unreadable', reason, detail: 'x' } as PageReading;
    const { listedOn, overlap, past } = situation;
    const { verdict } = judgePage(reading, listedOn, overlap, past);
    expect(verdict).toBe(reason === 'challenge-page' ? 'blocked' : 'broken');
  });
  fc.assert(property);
});

test('an earlier rule wins over every later one', () => {
  const order: PageOutcome[] = ['broken', 'cut', 'stale', 'unchanged', 'grew', 'partial'];
  const rank = (verdict: PageOutcome) =>
    (order.indexOf(verdict) + order.length + 1) % (order.length + 1);
  holds((situation) => {
    const before = judge(situation).verdict;
    const ended = { ...situation.reading, cutBecause: 'no end' };
    expect(judge({ ...situation, reading: ended }).verdict).toBe(
      before === 'broken' ? 'broken' : 'cut',
    );
    const { claimed = 0, ...unclaimed } = { ...ended, entries: [], statedEmpty: false };
    const none = { papers: 0, sharedWithLast: 0 };
    expect(judge({ ...situation, reading: unclaimed, overlap: none }).verdict).toBe('broken');
    const owing = { ...unclaimed, claimed };
    const isOwing = claimed > 0 && owing.unreadableEntries === 0;
    expect(judge({ ...situation, reading: owing, overlap: none }).verdict).toBe(
      isOwing ? 'cut' : 'broken',
    );
    const due = judge({ ...situation, past: { ...situation.past, due: 'yes' } }).verdict;
    expect(due === before || rank(due) <= rank('stale') || before === 'stale').toBe(true);
  });
});

test('no paper that was not there before is left out by a verdict that reads the page as good', () => {
  holds((situation) => {
    const { verdict } = judge(situation);
    const added = situation.overlap.papers - situation.overlap.sharedWithLast;
    if (verdict === 'unchanged') expect(added).toBe(0);
    if (added > 0 && !['broken', 'blocked', 'stale'].includes(verdict))
      expect(isRecorded(verdict)).toBe(true);
    // Late by its date alone: what it adds to its own day is recorded.
    if (verdict === 'stale' && added > 0) {
      const { askedFor } = situation.past;
      expect(askedFor !== undefined && askedFor !== situation.listedOn).toBe(true);
    }
  });
});

test('unchanged is the same set, or a part of the same day that is at least half of it', () => {
  holds((situation) => {
    if (judge(situation).verdict !== 'unchanged') return;
    const { papers } = situation.overlap;
    const last = situation.past.last?.papers ?? -1;
    expect(papers).toBeLessThanOrEqual(last);
    if (papers < last) {
      expect(situation.listedOn).toBe(situation.past.last?.listedOn);
      expect(papers).toBeGreaterThanOrEqual(last / 2);
    }
  });
});

test('a window is never stale by what it shows, never grew and never partial', () => {
  holds(({ past, ...situation }) => {
    const { askedFor: _, ...free } = past;
    const reading = { ...situation.reading, shape: 'window' as const };
    const { verdict } = judge({ ...situation, reading, past: free });
    expect(['stale', 'grew', 'partial']).not.toContain(verdict);
  });
});

test('entries taken from a page that claims their number never make it a good list', () => {
  const anyLoss = fc.integer({ min: 1, max: 60 });
  const property = fc.property(anySituation, anyLoss, (situation, lost) => {
    const { reading, overlap } = situation;
    const whole = reading.entries.length + reading.unreadableEntries;
    const left = Math.max(0, reading.entries.length - lost);
    if (left === reading.entries.length) return;
    const damaged = { ...reading, claimed: whole, entries: reading.entries.slice(0, left) };
    const shared = Math.min(left, overlap.sharedWithLast);
    const { verdict } = judge({
      ...situation,
      reading: { ...damaged, statedEmpty: false },
      overlap: { papers: left, sharedWithLast: shared },
    });
    expect(['cut', 'broken']).toContain(verdict);
  });
  fc.assert(property);
});

test('the same bytes are never a new list, and never hide that a list is late', () => {
  const anyPage = fc.record({
    verdict: fc.constantFrom<PageOutcome>(...VERDICTS, 'blocked'),
    note: fc.constant(null),
    shape: fc.constantFrom('batch' as const, 'window' as const),
    isOfLastBatch: fc.boolean(),
    isEmpty: fc.boolean(),
    isFilling: fc.boolean(),
  });
  const property = fc.property(anyPage, (page) => {
    const { verdict } = judgeSameBytes(page, 'yes');
    expect(['new-batch', 'grew']).not.toContain(verdict);
    const isGoodBatch = !['broken', 'blocked', 'cut'].includes(page.verdict) && !page.isFilling;
    if (isGoodBatch && page.shape === 'batch' && !page.isEmpty) expect(verdict).toBe('stale');
    if (page.shape === 'window') expect(verdict).not.toBe('stale');
  });
  fc.assert(property);
});
