import { describe, expect, test } from 'vitest';
import { awaitedBatch, declaredPublishing, learnPublishing, owedAt } from './publishing.ts';

const at = (iso: string) => new Date(iso);
/** arXiv: announced at 20:00 Eastern, Sunday to Thursday. */
const arxiv = declaredPublishing('0 20 * * sun-thu', 'America/New_York');

describe('a declared batch', () => {
  const seen = at('2026-11-20T06:00:00Z'); // Friday morning: Thursday evening's batch
  test('is not awaited over the weekend', () => {
    expect(awaitedBatch(arxiv, seen, at('2026-11-22T23:00:00Z'))).toBeUndefined();
  });
  test('is awaited from its hour on, and late six hours after', () => {
    const since = at('2026-11-23T01:00:00Z');
    expect(awaitedBatch(arxiv, seen, since)).toEqual({ since, late: 0 });
    expect(awaitedBatch(arxiv, seen, at('2026-11-23T07:00:00Z'))).toEqual({ since, late: 1 });
  });
  test('that does not come on a holiday is missed only when the next one is late too', () => {
    expect(awaitedBatch(arxiv, seen, at('2026-11-24T06:59:00Z'))?.late).toBe(1);
    expect(awaitedBatch(arxiv, seen, at('2026-11-24T07:00:00Z'))?.late).toBe(2);
  });
  test('of before daylight saving ended comes by the clock of its zone', () => {
    const friday = at('2026-10-30T12:00:00Z');
    expect(awaitedBatch(arxiv, friday, at('2026-11-02T00:59:00Z'))).toBeUndefined();
    expect(awaitedBatch(arxiv, friday, at('2026-11-02T01:00:00Z'))?.late).toBe(0);
  });
});

/** Batches at 07:10 on the days of these weekdays (ISO) in the four weeks before 23 November 2026, a Monday. */
function openings(weekdays: readonly number[], without: readonly string[] = []): Date[] {
  const days = Array.from(
    { length: 28 },
    (_, back) => new Date(Date.UTC(2026, 10, 22 - back, 7, 10)),
  );
  return days.filter(
    (day) =>
      weekdays.includes(day.getUTCDay() || 7) && !without.includes(day.toISOString().slice(0, 10)),
  );
}

describe('what is learnt from the past', () => {
  const monday = at('2026-11-23T12:00:00Z');
  test('a list of Tuesday to Saturday owes nothing on Sunday and Monday', () => {
    const times = { zone: 'UTC', publishes: null, openings: openings([2, 3, 4, 5, 6]) };
    const batchAt = at('2026-11-21T07:10:00Z');
    expect(owedAt({ ...times, batchAt }, monday)).toEqual({ due: 'no' });
    const tuesday = owedAt({ ...times, batchAt }, at('2026-11-24T09:20:00Z'));
    expect(tuesday).toMatchObject({ due: 'yes', awaited: { late: 1 } });
    expect(owedAt({ ...times, batchAt }, at('2026-11-24T09:00:00Z')).due).toBe('no');
  });
  test('one holiday in four weeks does not hide a weekday', () => {
    const learnt = learnPublishing(openings([1, 2, 3, 4, 5], ['2026-11-16']), 'UTC', monday);
    expect(learnt?.cron.weekdays).toEqual(new Set([1, 2, 3, 4, 5]));
  });
  test('too little past teaches nothing', () => {
    const few = openings([1, 2, 3, 4, 5]).slice(0, 9);
    expect(learnPublishing(few, 'UTC', monday)).toBeUndefined();
    expect(owedAt({ zone: 'UTC', publishes: null, openings: few }, monday)).toEqual({
      due: 'unknown',
    });
  });
  test('a source without a rhythm is never late', () => {
    const odd = [
      '2026-10-28',
      '2026-11-03',
      '2026-11-05',
      '2026-11-11',
      '2026-11-14',
      '2026-11-20',
    ];
    const learnt = learnPublishing(
      odd.map((day) => at(`${day}T08:00:00Z`)),
      'UTC',
      monday,
    );
    expect(learnt).toBeUndefined();
  });
});
