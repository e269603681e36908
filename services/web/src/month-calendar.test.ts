import { type ListedOn, parseListedOn } from '@paperboy/core';
import { expect, test } from 'vitest';
import { monthAfter, monthCalendar, weeksOfMonth } from './month-calendar.ts';

const day = (text: string) => parseListedOn(text) as ListedOn;

test('a month has its days once, in weeks that begin on Monday', () => {
  // Begins on a Sunday, ends on a Tuesday, has 31 days.
  const march = weeksOfMonth(day('2026-03-11'));
  expect(march.map((week) => week.length)).toEqual([7, 7, 7, 7, 7, 7]);
  expect(march[0]).toEqual([...Array(6).fill(undefined), '2026-03-01']);
  expect(march.at(-1)?.slice(0, 3)).toEqual(['2026-03-30', '2026-03-31', undefined]);
  expect(march.flat().filter(Boolean)).toHaveLength(31);
  // 28 days from Monday to Sunday
  expect(weeksOfMonth(day('2027-02-28'))).toHaveLength(4);
});

test('after December comes January of the next year', () => {
  expect(monthAfter(day('2026-12-31'))).toBe('2027-01-01');
  expect(monthAfter(day('2026-03-01'))).toBe('2026-04-01');
});

test('days with listings lead there, the day shown is marked, others are plain', () => {
  const listed = [{ day: day('2026-03-10'), newPapers: 1, listed: 2 }];
  const drawn = String(monthCalendar(day('2026-03-11'), listed));
  expect(drawn).toContain('<caption>March 2026</caption>');
  expect(drawn).toContain('<a href="/days/2026-03-10" title="10 March 2026, 1 new paper">10</a>');
  expect(drawn).toContain('<strong aria-current="date">11</strong>');
  expect(drawn.match(/<a /g)).toHaveLength(1);
});
