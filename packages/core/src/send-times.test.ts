import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PaperboyError } from './errors.ts';
import {
  checkSchedule,
  lastDueAt,
  nextDueAt,
  parseWeekdays,
  printWeekdays,
  type SendSchedule,
} from './send-times.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const at = (hour: number, zone: string, weekdays: readonly number[] = everyDay): SendSchedule => ({
  cadence: 'daily',
  weekdays,
  hour,
  zone,
});
const last = (schedule: SendSchedule, now: string) =>
  lastDueAt(schedule, new Date(now)).toISOString();

describe('the hour is local', () => {
  test('summer and winter', () => {
    expect(last(at(7, 'Europe/Berlin'), '2026-07-01T12:00:00Z')).toBe('2026-07-01T05:00:00.000Z');
    expect(last(at(7, 'Europe/Berlin'), '2026-12-01T12:00:00Z')).toBe('2026-12-01T06:00:00.000Z');
  });
  test('the hour itself counts, a moment before it does not', () => {
    expect(last(at(7, 'UTC'), '2026-07-01T07:00:00Z')).toBe('2026-07-01T07:00:00.000Z');
    expect(last(at(7, 'UTC'), '2026-07-01T06:59:59Z')).toBe('2026-06-30T07:00:00.000Z');
  });
  test('an hour that daylight saving leaves out is the next valid moment', () => {
    // Berlin skips 02:00 to 03:00 on 29 March 2026.
    expect(last(at(2, 'Europe/Berlin'), '2026-03-29T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  });
  test('an hour that comes twice is the first', () => {
    // New York repeats 01:00 to 02:00 on 1 November 2026.
    expect(last(at(1, 'America/New_York'), '2026-11-01T12:00:00Z')).toBe(
      '2026-11-01T05:00:00.000Z',
    );
  });
  test('a weekday is a weekday of the zone', () => {
    // Monday 08:00 in Auckland is Sunday evening UTC.
    expect(last(at(8, 'Pacific/Auckland', [1]), '2026-06-08T00:00:00Z')).toBe(
      '2026-06-07T20:00:00.000Z',
    );
  });
});

test('between the last and the next due moment lies nothing due, and they follow each other', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  );
  const moments = fc.date({
    min: new Date('2024-01-01'),
    max: new Date('2028-01-01'),
    noInvalidDate: true,
  });
  const days = fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 1 });
  const holds = fc.property(zones, moments, days, fc.nat(23), (zone, now, weekdays, hour) => {
    const schedule = at(hour, zone, weekdays);
    const before = lastDueAt(schedule, now);
    const after = nextDueAt(schedule, now);
    expect(before.getTime()).toBeLessThanOrEqual(now.getTime());
    expect(after.getTime()).toBeGreaterThan(now.getTime());
    expect(nextDueAt(schedule, before)).toEqual(after);
    expect(lastDueAt(schedule, new Date(after.getTime() - 1))).toEqual(before);
  });
  fc.assert(holds, { numRuns: 200 });
});

describe('schedules from outside', () => {
  test('weekdays are read as people write them', () => {
    expect(parseWeekdays('daily')).toEqual(everyDay);
    expect(parseWeekdays('mon-fri')).toEqual([1, 2, 3, 4, 5]);
    expect(parseWeekdays('sat, Wednesday')).toEqual([6, 3]);
    expect(parseWeekdays('sat-mon')).toEqual([6, 7, 1]);
    expect(printWeekdays([1, 4])).toBe('mon, thu');
  });
  test.each([
    [{ hour: 24 }, '24 is not an hour'],
    [{ zone: 'Mars/Olympus' }, 'Mars/Olympus is not a known time zone'],
    [{ weekdays: [] }, 'weekdays must be'],
    [{ cadence: 'weekly' as const }, 'exactly one weekday'],
  ])('%o is refused', (wrong, message) => {
    expect(() => checkSchedule({ ...at(7, 'UTC'), ...wrong })).toThrow(message);
  });
  test('an unknown weekday is refused with its name', () => {
    expect(() => parseWeekdays('mon,someday')).toThrow(PaperboyError);
  });
});
