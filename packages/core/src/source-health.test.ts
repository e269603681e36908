import { describe, expect, test } from 'vitest';
import type { SourceOutcome } from './next-ask.ts';
import { nextHealth, type SourceHealth, type SourceSign } from './source-health.ts';

const hour = (n: number) => new Date(Date.UTC(2026, 10, 24, n));
const none: SourceHealth = { troubleCount: 0 };

/** The health after a course of attempts, an hour apart. */
function after(course: readonly (SourceOutcome | Partial<SourceSign>)[], health = none) {
  return course.reduce<SourceHealth>((now, step, index) => {
    const sign = typeof step === 'string' ? { outcome: step } : step;
    const at = hour(index);
    return nextHealth(now, { outcome: 'stale', at, isBatch: false, ...sign }, { alertAfter: 3 });
  }, health);
}

describe('an operator is told', () => {
  test('of a refusal or silence after three in a row', () => {
    expect(after(['blocked', 'failed']).alert).toBeUndefined();
    expect(after(['blocked', 'failed', 'blocked'])).toMatchObject({
      alert: 'due',
      troubleCount: 3,
      troubleSince: hour(0),
    });
    expect(after(['blocked', 'failed', 'unchanged', 'blocked']).alert).toBeUndefined();
  });
  test('of a broken page at once', () => {
    expect(after(['new-batch', 'broken']).alert).toBe('due');
  });
  test('of a late list after one missed batch, however often it was looked for', () => {
    const late = { outcome: 'stale', late: 1 } as const;
    expect(after(Array.from({ length: 20 }, () => late)).alert).toBeUndefined();
    expect(after([late, { ...late, late: 2 }]).alert).toBe('due');
    expect(after([...Array.from({ length: 20 }, () => late), 'blocked']).alert).toBeUndefined();
  });
  test('of a list that answers for other days after three in a row', () => {
    expect(after(['stale', 'stale', 'stale']).alert).toBe('due');
  });
  test('once, and once that it is over', () => {
    const told = { ...after(['broken']), alert: 'told' } as const;
    expect(nextHealth(told, sign('broken', 5), { alertAfter: 3 }).alert).toBe('told');
    const over = nextHealth(told, sign('new-batch', 6), { alertAfter: 3 });
    expect(over).toMatchObject({ alert: 'over', troubleCount: 0, lastGoodAt: hour(6) });
    expect(over.troubleSince).toBeUndefined();
    expect(nextHealth(over, sign('broken', 7), { alertAfter: 3 }).alert).toBe('told');
  });
  test('of nothing when trouble ends before anybody was told', () => {
    expect(after(['broken', 'unchanged']).alert).toBeUndefined();
  });
});

const sign = (outcome: SourceOutcome, at: number): SourceSign => ({
  outcome,
  at: hour(at),
  isBatch: outcome === 'new-batch',
});

test('a page that is still filling is neither trouble nor an unbroken run of it', () => {
  expect(after(['blocked', 'blocked', 'partial', 'blocked'])).toMatchObject({ troubleCount: 1 });
});

test('the time of the last batch moves with batches alone', () => {
  const health = after([{ outcome: 'new-batch', isBatch: true }, 'unchanged', 'grew', 'blocked']);
  expect(health).toMatchObject({ batchAt: hour(0), lastGoodAt: hour(2), since: hour(3) });
});

test('a saved page of an earlier time changes nothing', () => {
  const health = after(['new-batch', 'unchanged']);
  expect(nextHealth(health, sign('broken', 0), { alertAfter: 3 })).toBe(health);
});
