import type { Entry } from '@paperboy/core';
import { papersSeenSince, textsOfPapers } from '@paperboy/store';
import { explainScore, isCertain, isKept, requireQuery } from '@paperboy/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PresentPast, RecentPapers, TopicMatcher } from '../src/index.ts';
import { type Bench, entry, listing, openBench, record } from './support.ts';

let bench: Bench;
const SUBJECTS = [
  ['Sparse autoencoders (SAE)', 'Monosemantic dictionary learning, told at length.'],
  ['Grasping by robots', 'Grippers with tactile sensing in clutter.'],
  ['Translation of rare languages', 'Parallel corpora and back-translation.'],
  ['State-space models', 'Long sequences at a constant cost.'],
] as const;
const papers = Array.from({ length: 48 }, (_, index) => {
  const [title = '', abstract = ''] = SUBJECTS[index % SUBJECTS.length] ?? [];
  return { ...entry(`${title} ${index}`), abstract: index % 3 === 0 ? abstract : `${title}.` };
});
const addPage = async (entries: readonly Entry[], day: number) =>
  new TopicMatcher(bench.store.db).matchPage((await record(bench, listing(day, entries))).id);

beforeAll(async () => {
  bench = await openBench();
  await addPage(papers, 2);
});
afterAll(() => bench.close());

const QUERIES = [
  '"sparse autoencoder"',
  'SAE',
  '+grasping -tactile',
  'translation OR "state space"',
  'title:robots',
  '+parallel +corpora source:test',
  'corpora -source:test',
  'nothing-of-the-kind',
];

test('a query finds among the last days what a topic of it would be given, for the same reasons', async () => {
  const view = await new RecentPapers(bench.store.db, { days: 7 }).view();
  expect(view.papers).toBe(papers.length);
  const texts = await textsOfPapers(
    bench.store.db,
    await papersSeenSince(bench.store.db, new Date(0)),
  );
  let found = 0;
  for (const query of QUERIES.map((text) => requireQuery(text))) {
    // Every paper is scored, where the view looks at those alone that the query's words lead to.
    const past = await new PresentPast(bench.store.db).papers();
    const scorer = await past.scorerFor(query);
    const expected = texts.flatMap((paper) => {
      const prepared = past.scorable(paper);
      const scored = scorer.score(prepared);
      if (scored === undefined || !isKept(scored, scorer.profile)) return [];
      return [
        {
          ...{ paperId: paper.paperId, strength: scored.score },
          isCertain: isCertain(scored, scorer.profile),
          reasons: explainScore(scorer, prepared, scored),
        },
      ];
    });
    const matches = await view.matchesOf(query);
    expect(
      matches.map(({ paper, strength, isCertain: certain, reasons }) => ({
        ...{ paperId: paper.paperId, strength, isCertain: certain },
        reasons: reasons(),
      })),
    ).toEqual(expected);
    found += matches.length;
  }
  expect(found).toBeGreaterThan(30);
});

test('a page that became ready, and a source that lists a paper too, are seen by the next query', async () => {
  const recent = new RecentPapers(bench.store.db, { days: 7 });
  const count = async (query: string) =>
    (await (await recent.view()).matchesOf(requireQuery(query))).length;
  expect(await count('weather')).toBe(0);
  await addPage([entry('Weather from satellites')], 3);
  expect(await Promise.all([count('weather'), count('weather')])).toEqual([1, 1]);
  expect(await count('weather -source:test')).toBe(0);
});
