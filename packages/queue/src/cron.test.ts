import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextRun, offsetFor, patternOf, readPattern, repeatStrategy } from './cron.ts';

const at = (iso: string) => new Date(iso);
const next = (cron: string, zone: string, from: string, offsetMs = 0) =>
  nextRun({ cron, zone, offsetMs }, at(from)).toISOString();

test('a cron time is read on the clocks of its zone, through daylight saving', () => {
  expect(next('0 8 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z')).toBe(
    '2026-03-28T07:00:00.000Z',
  );
  expect(next('0 8 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z')).toBe(
    '2026-03-29T06:00:00.000Z',
  );
  expect(next('0 8 * * mon-fri', 'Asia/Tokyo', '2026-06-05T00:00:00Z')).toBe(
    '2026-06-07T23:00:00.000Z',
  );
});

test('a time that a zone skips is run after the gap, and one that it has twice is run once', () => {
  const cron = '30 2 * * *';
  const zone = 'Europe/Berlin';
  expect(next(cron, zone, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
  expect(next(cron, zone, '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(next(cron, zone, '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
});

test('an offset moves every run by the same time, also over midnight', () => {
  expect(next('0 8 * * *', 'UTC', '2026-06-05T08:00:00Z', 90_000)).toBe('2026-06-05T08:01:30.000Z');
  expect(next('0 8 * * *', 'UTC', '2026-06-05T08:01:30Z', 90_000)).toBe('2026-06-06T08:01:30.000Z');
  expect(next('59 23 * * *', 'UTC', '2026-06-05T23:59:00Z', 90_000)).toBe(
    '2026-06-06T00:00:30.000Z',
  );
});

test.each([
  ['* * * *', 'UTC', 'has not five or six fields'],
  ['', 'UTC', 'has not five or six fields'],
  ['61 * * * *', 'UTC', 'is not a cron expression'],
  ['often please now and then', 'UTC', 'is not a cron expression'],
  ['0 8 30 2 *', 'UTC', '0 8 30 2 *'],
  ['0 8 * * *', 'Mars/Olympus', 'unknown time zone Mars/Olympus'],
])('%j in %s is refused by name', (cron, zone, problem) => {
  expect(() => next(cron, zone, '2026-06-05T00:00:00Z')).toThrow(
    expect.objectContaining({
      code: 'SCHEDULE_INVALID',
      message: expect.stringContaining(problem),
    }),
  );
});

test('an offset depends on the key alone, stays below the jitter and spreads', () => {
  const keys = Array.from({ length: 200 }, (_, i) => `fetch-source-${i}`);
  const offsets = keys.map((key) => offsetFor(key, 600_000));
  expect(keys.map((key) => offsetFor(key, 600_000))).toEqual(offsets);
  const minutes = new Set(offsets.map((offset) => Math.floor(offset / 60_000)));
  expect(minutes.size).toBe(10);
  expect(Math.max(...offsets)).toBeLessThan(600_000);
  expect(offsetFor('any', 0)).toBe(0);
});

test('the stored pattern gives back cron and offset', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('0 8 * * *', '*/5 * * * * *'),
      fc.nat(3_600_000),
      (cron, offsetMs) => {
        expect(readPattern(patternOf(cron, offsetMs))).toEqual({ cron, offsetMs });
      },
    ),
  );
});

test('the strategy walks a stored pattern run by run', async () => {
  const pattern = patternOf('0 8 * * *', 90_000);
  const first = await repeatStrategy(at('2026-06-05T07:00:00Z').getTime(), {
    pattern,
    tz: 'Europe/Paris',
  });
  expect(new Date(Number(first)).toISOString()).toBe('2026-06-06T06:01:30.000Z');
  const second = await repeatStrategy(Number(first), { pattern, tz: 'Europe/Paris' });
  expect(Number(second) - Number(first)).toBe(86_400_000);
});
