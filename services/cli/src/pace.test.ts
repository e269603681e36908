import { expect, test } from 'vitest';
import { pace } from './pace.ts';

test('a run tells its place, its rate and the time that is left', () => {
  let ms = 0;
  const told = pace(500, () => ms);
  expect(told(0)).toBe('0 of 500 pages');
  ms = 10_000;
  expect(told(100)).toBe('100 of 500 pages, 10.0 pages/s, 40 s left');
  ms = 100_000;
  expect(told(10)).toBe('10 of 500 pages, 0.1 pages/s, 82 min left');
  expect(told(1)).toBe('1 of 500 pages, 0.0 pages/s, 13 h 52 min left');
});
