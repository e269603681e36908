import { expect, test } from 'vitest';
import { idOf } from './ids.ts';
import { parseListedOn } from './page-date.ts';
import { listingsOf, TREND, trendFactor } from './trend.ts';

const day = (text: string) => {
  const listedOn = parseListedOn(text);
  if (listedOn === undefined) throw new Error(`${text} is no day`);
  return listedOn;
};

test('listings of the last fourteen days count, that of the day itself too, wherever on earth it began', () => {
  const at = new Date('2026-03-20T08:00:00Z');
  const days = ['2026-03-06', '2026-03-07', '2026-03-20', '2026-03-21', '2026-03-22'].map(day);
  const papers = days.map((one, place) => ({
    paperId: idOf('paper', String(place + 1)),
    seenOn: [one],
  }));
  expect([...listingsOf(papers, at).values()]).toEqual([0, 1, 1, 1, 0]);
  const paperId = idOf('paper', '9');
  expect([...listingsOf([{ paperId, seenOn: days }], at)]).toEqual([[paperId, 3]]);
});

test('each doubling of listings adds a tenth, up to a fifth', () => {
  expect([0, 1, 3, 7, 1_000].map(trendFactor)).toEqual([1, 1.1, TREND.most, 1.2, 1.2]);
});
