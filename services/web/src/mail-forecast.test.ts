import { type ListedOn, parseListedOn } from '@paperboy/core';
import { expect, test } from 'vitest';
import { forecastMails } from './mail-forecast.ts';

/** Days from Monday, 2 March 2026, on. */
const from = (...papers: number[]) =>
  papers.map((count, index) => ({ day: day(2 + index), papers: count }));

function day(ofMarch: number): ListedOn {
  const found = parseListedOn(`2026-03-${String(ofMarch).padStart(2, '0')}`);
  if (found === undefined) throw new RangeError(`no day ${ofMarch}`);
  return found;
}

const DAILY = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS = [1, 2, 3, 4, 5];

test.each([
  ['each day with a paper is a mail', from(3, 0, 2), DAILY, { papers: 5, mails: 2, longest: 3 }],
  [
    'a weekend is one with Monday',
    from(0, 0, 0, 0, 1, 2, 3, 4),
    WORKDAYS,
    { papers: 10, mails: 2, longest: 9 },
  ],
  ['a week is one mail', from(1, 1, 1, 1, 1), [5], { papers: 5, mails: 1, longest: 5 }],
  [
    'what comes after the day of the week waits',
    from(1, 1, 1),
    [2],
    { papers: 3, mails: 2, longest: 2 },
  ],
  ['without papers there is no mail', from(0, 0), DAILY, { papers: 0, mails: 0, longest: 0 }],
  ['without days there is none', [], DAILY, { papers: 0, mails: 0, longest: 0 }],
] as const)('%s', (_, days, weekdays, expected) => {
  expect(forecastMails(days, { weekdays })).toEqual(expected);
});
