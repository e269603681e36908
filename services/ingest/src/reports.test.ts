import { idOf } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import { expect, test } from 'vitest';
import type { FetchOutcome } from './fetch-attempt.ts';
import { fetchReporter } from './reports.ts';

/** The lines that a course of fetches leaves, as `event source`. */
function linesOf(course: readonly (readonly [source: string, outcome: Outcome])[]): string[] {
  const lines: string[] = [];
  const keep = (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
    lines.push(`${event} ${fields.source ?? ''}`.trim());
  };
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
  const report = fetchReporter(log);
  for (const [source, outcome] of course)
    report(idOf('source', source), outcomeOf(source, outcome));
  return lines;
}

type Outcome = 'answers' | 'silent' | 'refuses' | 'too large';

function outcomeOf(source: string, outcome: Outcome): FetchOutcome {
  if (outcome === 'answers') return { kind: 'stored', listingPageId: idOf('listing-page', '1') };
  const code = 'PAGE_UNREACHABLE';
  const failed = { source: `source-${source}`, code, detail: outcome } as const;
  if (outcome === 'silent') return { ...failed, kind: 'failed', unreachable: true };
  if (outcome === 'refuses') return { ...failed, kind: 'blocked', unreachable: false };
  return { ...failed, kind: 'failed', unreachable: false };
}

test('a network that goes away and comes back is one line each, for any number of sources', () => {
  expect(
    linesOf([
      ['1', 'answers'],
      ['1', 'silent'],
      ['2', 'silent'],
      ['3', 'silent'],
      ['1', 'silent'],
      ['2', 'answers'],
      ['1', 'answers'],
      ['3', 'answers'],
    ]),
  ).toEqual(['network.unreachable source-1', 'network.reachable']);
});

test('one source that stays silent while others answer is not told of again and again', () => {
  const day = [
    ['1', 'silent'],
    ['2', 'answers'],
    ['3', 'answers'],
  ] as const;
  expect(linesOf([...day, ...day, ...day])).toEqual([
    'network.unreachable source-1',
    'network.reachable',
  ]);
});

test('a network that goes away a second time is told of again', () => {
  const day = [
    ['1', 'silent'],
    ['1', 'answers'],
  ] as const;
  expect(linesOf([...day, ...day])).toHaveLength(4);
});

test('a refusal shows that the network is there, and names its source each time', () => {
  expect(
    linesOf([
      ['1', 'silent'],
      ['2', 'refuses'],
      ['2', 'refuses'],
      ['3', 'too large'],
    ]),
  ).toEqual([
    'network.unreachable source-1',
    'network.reachable',
    'source.refused source-2',
    'source.refused source-2',
    'source.refused source-3',
  ]);
});

test('pages that come as they should leave no line here', () => {
  expect(linesOf([['1', 'answers']])).toEqual([]);
});
