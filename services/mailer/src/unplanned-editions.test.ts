import type { SendSchedule } from '@paperboy/core';
import { expect, test } from 'vitest';
import { unplannedEditions } from './unplanned-editions.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const daily: SendSchedule = { cadence: 'daily', weekdays: everyDay, hour: 8, zone: 'UTC' };
const weekly: SendSchedule = { cadence: 'weekly', weekdays: [1], hour: 8, zone: 'UTC' };
const at = (iso: string, graceMs = 0) => ({ at: new Date(iso), graceMs });
const told = (schedule: SendSchedule, until: string, when: ReturnType<typeof at>) =>
  unplannedEditions([{ schedule, plannedUntil: new Date(until) }], when).map(
    ({ windowEnd, isMissed }) => [windowEnd.toISOString().slice(0, 13), isMissed],
  );

test('an hour that was planned, or that has only just come, is not looked for', () => {
  expect(told(daily, '2026-03-04T08:00:00Z', at('2026-03-04T20:00:00Z'))).toEqual([]);
  expect(told(daily, '2026-03-03T08:00:00Z', at('2026-03-04T08:09:00Z'))).toEqual([]);
  const held = at('2026-03-04T09:59:00Z', 2 * 3600_000);
  expect(told(daily, '2026-03-03T08:00:00Z', held)).toEqual([]);
});

test('one that was left out is found while it can be sent, and those before it are told as missed', () => {
  expect(told(daily, '2026-03-01T08:00:00Z', at('2026-03-04T09:00:00Z'))).toEqual([
    ['2026-03-04T08', false],
    ['2026-03-03T08', true],
    ['2026-03-02T08', true],
  ]);
  expect(told(weekly, '2026-02-23T08:00:00Z', at('2026-03-04T09:00:00Z'))).toEqual([
    ['2026-03-02T08', false],
  ]);
});

test('nothing is told of more than seven days ago', () => {
  expect(told(daily, '2026-01-01T08:00:00Z', at('2026-03-09T07:00:00Z'))).toHaveLength(7);
});

test('in a night with a missing hour and one with a doubled hour there is one edition each', () => {
  const berlin = { ...daily, hour: 2, zone: 'Europe/Berlin' };
  expect(told(berlin, '2026-03-27T22:00:00Z', at('2026-03-30T12:00:00Z'))).toEqual([
    ['2026-03-30T00', false],
    ['2026-03-29T01', true],
    ['2026-03-28T01', true],
  ]);
  expect(told(berlin, '2026-10-24T22:00:00Z', at('2026-10-26T12:00:00Z'))).toEqual([
    ['2026-10-26T01', false],
    ['2026-10-25T00', true],
  ]);
});

test('a zone that is unknown here keeps nobody else back', () => {
  const lost = { ...daily, zone: 'Mars/Olympus' };
  const since = new Date('2026-03-03T08:00:00Z');
  const planned = [lost, daily].map((schedule) => ({ schedule, plannedUntil: since }));
  expect(unplannedEditions(planned, at('2026-03-04T09:00:00Z'))).toHaveLength(1);
});
