import { expect, test } from 'vitest';
import { monthNumber, parseListedOn, resolveListedOn } from './page-date.ts';

const now = new Date('2026-11-21T06:00:00Z');

test.each([
  [{ month: 7, day: 31 }, '2026-07-31'],
  [{ month: 11, day: 21 }, '2026-11-21'],
  // A page may be a day ahead of UTC, not more.
  [{ month: 11, day: 22 }, '2026-11-22'],
  [{ month: 11, day: 23 }, '2025-11-23'],
  [{ month: 2, day: 29 }, '2024-02-29'],
  [{ month: 2, day: 30 }, undefined],
  [{ year: 2023, month: 3, day: 17 }, '2023-03-17'],
  [{ year: 2023, month: 2, day: 29 }, undefined],
])('%o is %s', (printed, expected) => expect(resolveListedOn(printed, now)).toBe(expected));

test('an ISO date or the date of an instant is read, nothing else', () => {
  expect(parseListedOn('2026-03-11')).toBe('2026-03-11');
  expect(parseListedOn('2026-03-11T23:00:00.000Z')).toBe('2026-03-11');
  expect(parseListedOn('2026-02-30')).toBeUndefined();
  expect(parseListedOn('11 March 2026')).toBeUndefined();
});

test('months are told by their English names', () => {
  expect(['Jan', 'September', 'dec', 'Foo'].map(monthNumber)).toEqual([1, 9, 12, undefined]);
});
