import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveListedOn } from './page-date.ts';
import { readDate } from './read-date.ts';

describe('a printed date', () => {
  test.each([
    '2026-10-07',
    '2026-10-07T23:59:00.000Z',
    '2026/10/7',
    '2026.10.07',
    '7 Oct 2026',
    '07-Oct-2026',
    'Wed, 7 Oct 2026',
    'Wed, 7 Oct 2026 00:00:00 -0400',
    'Wed, 7 Oct 26',
    'Wednesday, 7th of October 2026',
    'October 7, 2026',
    'October 7th, 2026',
    'Oct. 7, 2026',
    'OCT 7 2026',
    'Oct 7 , 2026',
    'Submitted on 7 October 2026 (v1), last revised 9 October 2026',
    'Showing new listings for Wednesday, 7 October 2026',
    'Published: October\u00a07,\n 2026.',
  ])('%s is read', (text) => expect(readDate(text)).toEqual({ year: 2026, month: 10, day: 7 }));

  test.each([
    'Oct 7',
    '7 October',
    'October 7th',
    'Wed, 7 Oct 23:10',
    '7 Oct 09.30',
    'Oct 7, noon',
  ])('%s has no year', (text) => expect(readDate(text)).toEqual({ month: 10, day: 7 }));

  test.each([
    '',
    'yesterday',
    '7/10/2026',
    '2026-13-01',
    '30 Feb 2026',
    'Feb 29, 2023',
    'March on Rome',
    'the 7 Octopuses',
    'Summary 3 of 4',
    '12026-10-07',
    `${'x'.repeat(2_000)} 7 Oct 2026`,
  ])('%j is none', (text) => expect(readDate(text)).toBeUndefined());

  test('of 29 February is kept where its year is left open', () => {
    expect(readDate('29 Feb')).toEqual({ month: 2, day: 29 });
  });
});

test('a real day is read back from any of its forms', () => {
  const anyDay = fc.date({
    min: new Date('1991-01-01'),
    max: new Date('2099-12-31'),
    noInvalidDate: true,
  });
  const holds = fc.property(anyDay, (date) => {
    const iso = date.toISOString().slice(0, 10);
    const print = (options: Intl.DateTimeFormatOptions, locale: string) =>
      new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }).format(date);
    for (const text of [
      iso,
      date.toUTCString(),
      print({ dateStyle: 'full' }, 'en-US'),
      print({ dateStyle: 'full' }, 'en-GB'),
      print({ dateStyle: 'medium' }, 'en-US'),
      print({ dateStyle: 'medium' }, 'en-GB'),
    ]) {
      const read = readDate(text);
      expect(read && resolveListedOn(read, date), text).toBe(iso);
    }
  });
  fc.assert(holds);
});

test('any text is read or refused in time in proportion', () => {
  fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => void readDate(text)));
  for (const part of ['7 ', 'oct ', '7 of ', '2026-', '7\u00a0\n', ', '])
    readDate(part.repeat(400_000));
});
