import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day, today } from './digest.fixture.ts';
import { stripCells } from './history-strip.ts';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) =>
  day(new Date(Date.parse(today) - days * DAY_MS).toISOString().slice(0, 10));
const drawn = (...ago: number[]) =>
  stripCells(ago.map(daysAgo), today)
    .map(({ kind, width }) => `${kind} ${width}`)
    .join(', ');

test.each([
  ['the first and the last of 83 days', [83, 0], 'tick 4, gap 124, now 4'],
  ['the middle of a span', [100, 50, 0], 'tick 4, gap 60, tick 4, gap 60, now 4'],
  ['two days in a row close together, not at the ends', [1, 0], 'gap 123, tick 4, gap 1, now 4'],
  ['days too close for a tick each as one', [300, 299, 0], 'tick 4, gap 124, now 4'],
  ['the last of such days', [300, 1, 0], 'tick 4, gap 124, now 4'],
  ['a paper that is not listed today', [28, 14], 'tick 4, gap 60, now 4, gap 64'],
  ['nothing', [], 'gap 132'],
])('it shows %s', (_, ago, cells) => {
  expect(drawn(...ago)).toBe(cells);
});

test('a day after the digest is not drawn', () => {
  expect(drawn(10, 0, -3)).toBe(drawn(10, 0));
});

test('every strip is as wide as every other, and ends its days with the last one seen', () => {
  const anyDays = fc.uniqueArray(fc.integer({ min: 0, max: 2_000 }), {
    minLength: 1,
    maxLength: 80,
  });
  fc.assert(
    fc.property(anyDays, (ago) => {
      const cells = stripCells(ago.map(daysAgo), today);
      expect(cells.reduce((sum, { width }) => sum + width, 0)).toBe(132);
      expect(cells.every(({ width }) => width > 0)).toBe(true);
      expect(cells.filter(({ kind }) => kind !== 'gap').at(-1)?.kind).toBe('now');
      expect(cells.filter(({ kind }) => kind === 'now')).toHaveLength(1);
    }),
  );
});
