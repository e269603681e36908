import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = new Date('2026-03-10T08:00:00Z');
const wait = (retryAfter: string, date?: string) =>
  retryAfterMs({ retryAfter, ...(date !== undefined && { date }) }, now);

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['86401', 24 * 3600_000],
  ['999999999999999', 24 * 3600_000],
  ['Tue, 10 Mar 2026 08:05:00 GMT', 300_000],
  ['Tuesday, 10-Mar-26 08:05:00 GMT', 300_000],
  ['Tue, 10 Mar 2026 07:00:00 GMT', 0],
  ['Fri, 31 Dec 2099 23:59:59 GMT', 24 * 3600_000],
])('"%s" is a wait of %i ms', (text, expected) => {
  expect(wait(text)).toBe(expected);
});

test.each([
  '',
  'soon',
  '-5',
  '1.5',
  '1e3',
  '0x10',
  '5 minutes',

  '9'.repeat(400),
  'x'.repeat(9_999),
])('"%s" says nothing', (text) => {
  expect(wait(text)).toBeUndefined();
});

test('a date is held against the clock of the server that names it', () => {
  expect(wait('Tue, 10 Mar 2026 09:05:00 GMT', 'Tue, 10 Mar 2026 09:00:00 GMT')).toBe(300_000);
  expect(wait('Tue, 10 Mar 2026 08:05:00 GMT', 'no date')).toBe(300_000);
});

test('whatever a server says, the wait is sane', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (retryAfter, date) => {
      const ms = retryAfterMs({ retryAfter, date }, now) ?? 0;
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(24 * 3600_000);
    }),
  );
});
