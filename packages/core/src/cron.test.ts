import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastCronAt, nextCronAt, parseCron } from './cron.ts';

const next = (cron: string, zone: string, after: string) =>
  nextCronAt(parseCron(cron), zone, new Date(after)).toISOString();
const last = (cron: string, zone: string, at: string) =>
  lastCronAt(parseCron(cron), zone, new Date(at)).toISOString();

describe('a schedule comes', () => {
  test.each([
    ['0 8,16 * * mon-fri', 'UTC', '2026-11-20T16:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['0 20 * * sun-thu', 'America/New_York', '2026-11-20T12:00:00Z', '2026-11-23T01:00:00.000Z'],
    ['*/15 * * * *', 'UTC', '2026-11-20T16:44:59Z', '2026-11-20T16:45:00.000Z'],
    ['5 4 29 2 *', 'UTC', '2026-11-20T00:00:00Z', '2028-02-29T04:05:00.000Z'],
    ['0 6 13 * fri', 'UTC', '2026-11-01T00:00:00Z', '2026-11-06T06:00:00.000Z'],
    ['0 0 * * 7', 'UTC', '2026-11-20T00:00:00Z', '2026-11-22T00:00:00.000Z'],
    ['0 0 * * fri-sun', 'UTC', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00.000Z'],
    ['30 10-14/2 * jan *', 'UTC', '2026-11-20T00:00:00Z', '2027-01-01T10:30:00.000Z'],
  ])('%s %s after %s', (cron, zone, after, at) => {
    expect(next(cron, zone, after)).toBe(at);
  });

  test('an hour that daylight saving leaves out is an hour later, one that comes twice comes once', () => {
    const nightly = '30 2 * * *';
    expect(next(nightly, 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(next(nightly, 'Europe/Berlin', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next(nightly, 'Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  test('backwards it is at or before the moment', () => {
    expect(last('0 8,16 * * mon-fri', 'UTC', '2026-11-22T12:00:00Z')).toBe(
      '2026-11-20T16:00:00.000Z',
    );
    expect(last('0 8 * * *', 'UTC', '2026-11-22T08:00:00Z')).toBe('2026-11-22T08:00:00.000Z');
  });
});

test.each(['', '* * * *', '0 0 8 * * *', '61 * * * *', '0 24 * * *', '0 0 0 * *', '0 0 * 13 *'])(
  '"%s" is no schedule',
  (cron) => {
    expect(() => parseCron(cron)).toThrow('SCHEDULE_INVALID');
  },
);
test.each([
  '0 0 30 2 *',
  '0 0 * * noday',
  '*/0 * * * *',
  '5-1 * * * *',
  'a * * * *',
  '1,,2 * * * *',
])('"%s" is no schedule either', (cron) => {
  expect(() => parseCron(cron)).toThrow('SCHEDULE_INVALID');
});

const anyCron = fc
  .tuple(
    fc.constantFrom('0', '*/20', '7,37', '59'),
    fc.constantFrom('*', '0', '2', '8,16', '*/6', '23'),
    fc.constantFrom('*', '1', '15,31'),
    fc.constantFrom('*', 'mar', '10-11'),
    fc.constantFrom('*', 'mon-fri', 'sun', '2,4'),
  )
  .map((fields) => fields.join(' '));
const anyZone = fc.constantFrom('UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu');
const anyMoment = fc
  .integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2027, 11, 31) / 60_000 })
  .map((minutes) => new Date(minutes * 60_000));

test('the next time is the first one: nothing lies between it and the one before', () => {
  const holds = fc.property(anyCron, anyZone, anyMoment, (text, zone, at) => {
    const cron = parseCron(text);
    const [before, after] = [lastCronAt(cron, zone, at), nextCronAt(cron, zone, at)];
    expect(before.getTime()).toBeLessThanOrEqual(at.getTime());
    expect(after.getTime()).toBeGreaterThan(at.getTime());
    expect(nextCronAt(cron, zone, before)).toEqual(after);
    expect(lastCronAt(cron, zone, new Date(after.getTime() - 1))).toEqual(before);
  });
  // The last of its times was left out by daylight saving.
  const gap: [string, string, Date] = [
    '0 2 * mar sun',
    'Europe/Berlin',
    new Date(Date.UTC(2026, 0)),
  ];
  fc.assert(holds, { numRuns: 60, examples: [gap] });
});
