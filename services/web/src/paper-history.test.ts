import { type ListedOn, parseListedOn } from '@paperboy/core';
import { expect, test } from 'vitest';
import { historyFigures } from './history-chart.ts';
import { paperHistory, type Sighted, votesOf } from './paper-history.ts';

function day(text: string): ListedOn {
  const parsed = parseListedOn(text);
  if (parsed === undefined) throw new RangeError(text);
  return parsed;
}

const seen = (on: string, position: number, rest: Partial<Sighted> = {}) =>
  ({
    ...{ seenOn: day(on), sourceName: 'daily', sourceTitle: 'Daily Papers', position },
    ...{ previousPosition: null, upvotes: null },
    ...rest,
  }) satisfies Sighted;

test('a paper listed once, or by each source once, has no way to draw', () => {
  expect(paperHistory([])).toBeUndefined();
  expect(paperHistory([seen('2026-03-09', 1)])).toBeUndefined();
  const other = { sourceName: 'other', sourceTitle: 'Other' };
  expect(paperHistory([seen('2026-03-10', 1, other), seen('2026-03-09', 1)])).toBeUndefined();
  expect(historyFigures([seen('2026-03-09', 1)])).toBe('');
});

test('all sources share one scale of time, and the last page of a day counts', () => {
  const other = { sourceName: 'other', sourceTitle: 'Other' };
  const history = paperHistory([
    seen('2026-03-19', 2, { previousPosition: 5, upvotes: 40 }),
    seen('2026-03-19', 4, { upvotes: 30 }),
    seen('2026-03-14', 5, { upvotes: 3 }),
    seen('2026-03-11', 1, other),
    seen('2026-03-09', 9, other),
  ]);
  expect(history).toMatchObject({ from: '2026-03-09', to: '2026-03-19' });
  const ways = history?.sources.map(({ title, standings }) => [
    title,
    ...standings.map(({ at, position, isNext }) => [at, position, isNext]),
  ]);
  expect(ways).toEqual([
    ['Other', [0, 9, false], [0.2, 1, false]],
    ['Daily Papers', [0.5, 5, false], [1, 2, true]],
  ]);
  expect(history?.sources.map(votesOf)).toEqual([
    [],
    [
      { at: 0.5, upvotes: 3 },
      { at: 1, upvotes: 40 },
    ],
  ]);
});

test('the drawing is told in words, joins what followed on one another and leaves a gap else', () => {
  const drawn = String(
    historyFigures([
      seen('2026-03-19', 3, { upvotes: 41 }),
      seen('2026-03-11', 1, { previousPosition: 3, upvotes: 42 }),
      seen('2026-03-09', 3, { sourceTitle: 'A <b> list', upvotes: 7 }),
    ]),
  );
  expect(drawn).toContain(
    'A &lt;b&gt; list</strong>: listed on 3 days, first as no. 3, last as no. 3, best no. 1. Upvotes from 7 to 41, at most 42.',
  );
  expect(drawn).toContain(
    'aria-label="Positions on A &lt;b&gt; list from 9 March 2026 to 19 March',
  );
  expect(drawn).toContain('class="line place" d="M6 54L123.6 6M594 54"');
});
