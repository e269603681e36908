import { expect, test } from 'vitest';
import { type ListedOn, parseListedOn } from './page-date.ts';
import { daysAbsent, isTrendingAgain, placesClimbed } from './recurrence.ts';

function day(text: string): ListedOn {
  const listedOn = parseListedOn(text);
  if (!listedOn) throw new Error(text);
  return listedOn;
}

const sighting = { listedOn: day('2026-03-14'), position: 30 };

test('a first sighting is neither absent nor climbing', () => {
  expect(daysAbsent(sighting)).toBeUndefined();
  expect(placesClimbed(sighting)).toBeUndefined();
  expect(isTrendingAgain(sighting)).toBe(false);
});

test('a paper back after a week is worth telling, after six days it is not', () => {
  expect(isTrendingAgain({ ...sighting, lastSeenOn: day('2026-03-07') })).toBe(true);
  expect(isTrendingAgain({ ...sighting, lastSeenOn: day('2026-03-08') })).toBe(false);
});

test('a paper that climbed twenty places is worth telling', () => {
  const before = { ...sighting, lastSeenOn: day('2026-03-13') };
  expect(isTrendingAgain({ ...before, previousPosition: 50 })).toBe(true);
  expect(isTrendingAgain({ ...before, previousPosition: 49 })).toBe(false);
  expect(placesClimbed({ ...before, previousPosition: 10 })).toBe(-20);
});
