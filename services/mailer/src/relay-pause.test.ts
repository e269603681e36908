import { PaperboyError } from '@paperboy/core';
import { expect, test } from 'vitest';
import { RelayPause } from './relay-pause.ts';

const away = new PaperboyError('RELAY_UNAVAILABLE', 'no answer');
const wrong = new PaperboyError('RELAY_CONFIG', 'bad password');

test('a relay in trouble is left alone for twice as long each time, five minutes at most', () => {
  const pause = new RelayPause();
  let now = 0;
  const waits = Array.from({ length: 8 }, () => {
    const waitMs = pause.begin(away, now);
    now += waitMs;
    return waitMs / 1_000;
  });
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
});

test('conversations that fail together are one failure', () => {
  const pause = new RelayPause();
  expect([pause.begin(away, 0), pause.begin(away, 1_000), pause.begin(away, 4_999)]).toEqual([
    5_000, 4_000, 1,
  ]);
  expect(pause.begin(away, 5_000)).toBe(10_000);
});

test('while it lasts it tells what went wrong, and a success ends it', () => {
  const pause = new RelayPause();
  pause.begin(wrong, 0);
  expect(() => pause.check(15 * 60_000 - 1)).toThrow(wrong);
  expect(() => pause.check(15 * 60_000)).not.toThrow();
  pause.begin(away, 20 * 60_000);
  pause.end();
  expect(() => pause.check(20 * 60_000)).not.toThrow();
  expect(pause.begin(away, 30 * 60_000)).toBe(5_000);
});
