import { idOf, type ListedOn, parseListedOn } from '@paperboy/core';
import type { PublicTopic } from '@paperboy/store';
import { expect, test } from 'vitest';
import { risingTopics, TREND } from './trends.ts';
import { type Week, weeksUpTo } from './weeks.ts';

const COUNT = TREND.earlierWeeks + TREND.recentWeeks;
const weeks = weeksUpTo(parseListedOn('2026-03-11') as ListedOn, COUNT);

/** So many papers in each earlier week and in each recent one. */
const span = (earlier: number, recent: number): Week[] =>
  weeks.map((week, at) => ({ week, papers: at < TREND.earlierWeeks ? earlier : recent }));

function topic(name: string): PublicTopic {
  const texts = { slug: name, name, about: null, field: null, query: name };
  return { id: idOf('topic', '1'), ...texts, createdAt: new Date(0) };
}

const rising = (all: Week[], topics: Record<string, Week[]>) =>
  risingTopics(
    all,
    Object.entries(topics).map(([name, of]) => ({ topic: topic(name), weeks: of })),
  ).map(({ topic: { name }, recentShare, earlierShare }) => [name, earlierShare, recentShare]);

test('a topic rises when its share grows by a quarter, the one that grew most first', () => {
  const topics = { steady: span(10, 12), grown: span(10, 13), doubled: span(5, 10) };
  expect(rising(span(100, 100), topics)).toEqual([
    ['doubled', 0.05, 0.1],
    ['grown', 0.1, 0.13],
  ]);
});

test('twice the papers of everything is no rise', () => {
  expect(rising(span(100, 200), { same: span(10, 20) })).toEqual([]);
});

test('what came from nothing rises most, and a few papers are no trend', () => {
  const few = span(0, 1);
  const topics = { few, fresh: span(0, 2), doubled: span(5, 10) };
  expect(rising(span(100, 100), topics).map(([name]) => name)).toEqual(['fresh', 'doubled']);
});

test('after weeks in which no list was read nothing is compared', () => {
  expect(rising(span(0, 100), { fresh: span(0, 20) })).toEqual([]);
});

test('weeks without any paper divide by nothing', () => {
  expect(rising(span(0, 0), { none: span(0, 0) })).toEqual([]);
});
