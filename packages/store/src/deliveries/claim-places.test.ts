import { idOf } from '@paperboy/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ClaimPlaces, FIRST_PLACE } from './claim-places.ts';

const edition = idOf('edition', '1');
const at = (id: string) => ({ dueAt: '2026-03-11 07:00:00.000001+00', id });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('each edition goes on behind its own last claim', () => {
  const places = new ClaimPlaces();
  places.note(edition, FIRST_PLACE, at('500'));
  expect(places.of(edition)).toMatchObject(at('500'));
  expect(places.of(idOf('edition', '2'))).toBe(FIRST_PLACE);
});

test('a claim that found too little begins at the start the next time', () => {
  const places = new ClaimPlaces();
  places.note(edition, FIRST_PLACE, at('500'));
  places.note(edition, places.of(edition), undefined);
  expect(places.of(edition)).toBe(FIRST_PLACE);
});

test('once a minute it begins at the start, however many claims there were', () => {
  const places = new ClaimPlaces();
  places.note(edition, FIRST_PLACE, at('500'));
  vi.advanceTimersByTime(59_000);
  places.note(edition, places.of(edition), at('1000'));
  expect(places.of(edition)).toMatchObject(at('1000'));
  vi.advanceTimersByTime(1_000);
  const from = places.of(edition);
  expect(from).toBe(FIRST_PLACE);
  places.note(edition, from, at('20'));
  expect(places.of(edition)).toMatchObject(at('20'));
});
