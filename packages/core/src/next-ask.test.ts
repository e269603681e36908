import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCron } from './cron.ts';
import { ASK_LIMITS, type AskFacts, jitterOf, nextAsk, nextSlot } from './next-ask.ts';
import { declaredPublishing } from './publishing.ts';

const at = new Date('2026-11-24T08:00:00Z');
const slot = new Date('2026-11-25T08:00:00Z');
const HOUR = 3600_000;
const facts = (over: Partial<AskFacts>): AskFacts => ({
  outcome: 'unchanged',
  at,
  slot,
  repeats: 0,
  ...over,
});
/** Hours until the next question; undefined when it is not asked by itself. */
const wait = (over: Partial<AskFacts>) => {
  const next = nextAsk(facts(over)).at;
  return next && (next.getTime() - at.getTime()) / HOUR;
};
const awaited = (late: number) => ({ since: at, late });

describe('after', () => {
  test('a list, the schedule decides', () => {
    for (const outcome of ['new-batch', 'unchanged', 'grew', 'broken'] as const)
      expect(wait({ outcome })).toBe(24);
  });
  test('a refusal it is a quarter of an hour, doubled up to six hours', () => {
    const waits = [0, 1, 2, 3, 4, 5, 30].map((repeats) => wait({ outcome: 'blocked', repeats }));
    expect(waits).toEqual([0.25, 0.5, 1, 2, 4, 6, 6]);
  });
  test('a refusal that names a time, that time counts, within reason', () => {
    const after = (retryAfterMs: number) => wait({ outcome: 'blocked', repeats: 3, retryAfterMs });
    expect([after(30 * HOUR), after(0), after(1e12)]).toEqual([30, 1 / 60, 7 * 24]);
  });
  test('silence it is as after a refusal, unless another try cannot help', () => {
    expect(wait({ outcome: 'failed' })).toBe(0.25);
    expect(wait({ outcome: 'failed', retry: false })).toBe(24);
  });
  test('a list that is cut or still filling it is an hour, six times', () => {
    for (const outcome of ['cut', 'partial'] as const) {
      expect(wait({ outcome, repeats: 5 })).toBe(1);
      expect(wait({ outcome, repeats: 6 })).toBe(24);
    }
  });
  test('a list that is late it is an hour, until a batch is missed or a day is over', () => {
    expect(wait({ outcome: 'stale', awaited: awaited(1), repeats: 23 })).toBe(1);
    expect(wait({ outcome: 'stale', awaited: awaited(1), repeats: 24 })).toBe(24);
    expect(wait({ outcome: 'stale', awaited: awaited(2) })).toBe(24);
    expect(wait({ outcome: 'stale', repeats: 6 })).toBe(24);
  });
  test('the old list while a new one is awaited it is an hour', () => {
    expect(wait({ awaited: awaited(0) })).toBe(1);
  });
});

test('what would be asked on a day that its feed skips is asked days later', () => {
  const friday = new Date('2026-11-27T23:30:00Z');
  const monday = new Date('2026-11-30T08:00:00Z');
  for (const outcome of ['blocked', 'failed', 'cut', 'stale', 'partial'] as const) {
    const asked = { outcome, at: friday, slot: monday, repeats: 2, skipDays: [0, 6] };
    expect(nextAsk(asked).at).toEqual(new Date(friday.getTime() + HOUR + 48 * HOUR));
    const anHourLater = new Date(friday.getTime() + HOUR);
    expect(nextAsk({ ...asked, skipDays: [0] }).at).toEqual(anHourLater);
  }
});

test('a source without a schedule is never asked by itself', () => {
  const { slot: _, ...none } = facts({});
  for (const outcome of ['blocked', 'failed', 'cut', 'stale', 'partial', 'unchanged'] as const)
    expect(nextAsk({ ...none, outcome, awaited: awaited(1) }).at).toBeUndefined();
});

const outcomes = [
  ...['new-batch', 'unchanged', 'grew', 'partial', 'stale', 'cut', 'broken'],
  ...['blocked', 'failed'],
] as const;

test('nothing but a refusal or silence is asked for again within the hour, and every source is asked again', () => {
  const holds = fc.property(
    fc.record({
      outcome: fc.constantFrom(...(outcomes as readonly AskFacts['outcome'][])),
      repeats: fc.nat(100),
      hours: fc.integer({ min: 1, max: 400 }),
      late: fc.option(fc.nat(2), { nil: undefined }),
      retry: fc.boolean(),
    }),
    ({ outcome, repeats, hours, late, retry }) => {
      const next = nextAsk({
        ...facts({ outcome, repeats, retry }),
        slot: new Date(at.getTime() + hours * HOUR),
        ...(late !== undefined && { awaited: awaited(late) }),
      });
      const waitMs = (next.at?.getTime() ?? 0) - at.getTime();
      const isAway = outcome === 'blocked' || (outcome === 'failed' && retry);
      expect(waitMs).toBeGreaterThanOrEqual(isAway ? ASK_LIMITS.firstBackoffMs : HOUR);
      expect(waitMs).toBeLessThanOrEqual(Math.max(hours * HOUR, ASK_LIMITS.longestBackoffMs));
    },
  );
  fc.assert(holds);
});

describe('a schedule', () => {
  const daily = { cron: parseCron('0 9 * * *'), zone: 'America/New_York', jitterMs: 120_000 };
  const arxiv = declaredPublishing('0 20 * * sun-thu', 'America/New_York');
  const batchAt = new Date('2026-11-20T14:02:00Z'); // Friday

  test('is kept with the delay of its source', () => {
    expect(nextSlot(daily, batchAt)).toEqual(new Date('2026-11-21T14:02:00Z'));
    expect(jitterOf('hf-daily')).toBe(jitterOf('hf-daily'));
    expect(jitterOf('hf-daily')).not.toBe(jitterOf('hf-trending'));
    expect(jitterOf('hf-daily')).toBeLessThan(600_000);
  });
  test('passes over the days on which a declared source brings nothing', () => {
    expect(nextSlot(daily, batchAt, { publishing: arxiv, batchAt })).toEqual(
      new Date('2026-11-23T14:02:00Z'),
    );
  });
  test('but not over what was missed', () => {
    const missed = new Date('2026-11-18T14:02:00Z');
    const saturday = new Date('2026-11-21T13:00:00Z');
    expect(nextSlot(daily, saturday, { publishing: arxiv, batchAt: missed })).toEqual(
      new Date('2026-11-21T14:02:00Z'),
    );
  });
  test('passes over the days that a feed skips, unless it skips all of its own', () => {
    const slot = (skipDays: readonly number[]) => nextSlot(daily, batchAt, undefined, skipDays);
    expect(slot([0, 6])).toEqual(new Date('2026-11-23T14:02:00Z'));
    expect(slot([1])).toEqual(new Date('2026-11-21T14:02:00Z'));
    expect(slot([0, 1, 2, 3, 4, 5, 6])).toEqual(new Date('2026-11-21T14:02:00Z'));
    const saturdays = { ...daily, cron: parseCron('0 9 * * sat') };
    expect(nextSlot(saturdays, batchAt, undefined, [0, 6])).toEqual(
      new Date('2026-11-21T14:02:00Z'),
    );
  });
  test('of a source that was down over three of its times is one question', () => {
    const threeDaysLater = new Date('2026-11-23T20:00:00Z');
    expect(nextSlot(daily, threeDaysLater)).toEqual(new Date('2026-11-24T14:02:00Z'));
  });
});
