import { composeOrder, idOf } from '@paperboy/core';
import { type MatchReason, requireQuery } from '@paperboy/topics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EvaluatedDay, evaluateTopics } from './evaluate-topics.ts';
import type { EvaluatedPaper } from './evaluation-set.ts';

/** Words that are their own stems, so that a plain search in a text tells whether they are there. */
const WORDS = ['flow', 'graph', 'robot', 'protein', 'speech', 'agent', 'kernel', 'plan', 'depth'];
const DEFINED = 'A robot arm (RA) with a speech graph (SG).';

const anyWord = fc.constantFrom(...WORDS);
const anyProse = (least: number, most: number) =>
  fc
    .array(fc.tuple(anyWord, fc.constantFrom(' ', ' ', ', ', '. ', '\n', ' 🚀 ', ' of ')), {
      minLength: least,
      maxLength: most,
    })
    .map((words) => words.flat().join(''));
const anyPapers = fc
  .array(
    fc.record({
      day: fc.constantFrom('te-0', 'te-1', 'tr-0'),
      title: anyProse(1, 4),
      abstract: anyProse(4, 24),
      defines: fc.boolean(),
    }),
    { minLength: 24, maxLength: 40 },
  )
  .map((papers) =>
    papers.map(
      ({ day, title, abstract, defines }, index): EvaluatedPaper => ({
        id: String(index + 1),
        day,
        split: day.startsWith('tr') ? 'train' : 'test',
        title,
        abstract: defines ? `${DEFINED} ${abstract}` : abstract,
      }),
    ),
  );
const anyTopic = fc.record({
  wanted: fc.array(fc.array(anyWord, { minLength: 1, maxLength: 2 }), {
    maxLength: 2,
  }),
  banned: fc.option(fc.constantFrom(...WORDS), { nil: undefined }),
  liked: fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 3 }),
  disliked: fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 3 }),
});
const anySet = fc
  .tuple(anyPapers, fc.array(anyTopic, { minLength: 1, maxLength: 5 }))
  .map(([papers, topics]) => ({
    papers,
    topics: topics.map(({ wanted, banned, liked, disliked }, index) => {
      const terms = wanted.filter((words) => banned === undefined || !words.includes(banned));
      const query = [['"robot arm"'], ...terms.map((words) => [`"${words.join(' ')}"`])];
      const isBanned = banned !== undefined && banned !== 'robot';
      return {
        id: String(index + 1),
        banned: isBanned ? banned : undefined,
        query: requireQuery(`${query.flat().join(' OR ')}${isBanned ? ` -${banned}` : ''}`),
        liked: liked.map(String),
        disliked: disliked.map(String),
      };
    }),
  }));

/** What a reader of all topics is mailed of a day. */
function mailOf({ sent }: EvaluatedDay, maxPapers: number) {
  const paperIds = [...new Set(sent.map(({ paperId }) => idOf('paper', paperId)))];
  return composeOrder({
    newPapers: paperIds,
    recurringPapers: [],
    matches: sent.map(({ topicId, paperId, score }) => ({
      topicId: idOf('topic', topicId),
      paperId: idOf('paper', paperId),
      strength: score,
    })),
    maxPapers,
  });
}

/** Whether all that a reason quotes stands where it says, and what it names is a paper or was typed. */
function isTrue(reason: MatchReason, paper: EvaluatedPaper, titles: ReadonlySet<string>): boolean {
  if (!('quotes' in reason)) return titles.has(reason.title);
  const isThere = reason.quotes.every(
    ({ field, start, end, text }) => (paper[field] ?? '').slice(start, end) === text,
  );
  const inTitle = reason.quotes.filter(({ field }) => field === 'title').length;
  return isThere && reason.quotes.length > 0 && inTitle === reason.inTitle;
}

test('over any days of papers: what is sent says why and truly, nothing excluded is, no pair and no paper of a mail twice', () => {
  const counts = { sent: 0, acronym: 0, related: 0, liked: 0, phrase: 0, resembles: 0, shared: 0 };
  const holds = fc.property(anySet, fc.integer({ min: 1, max: 30 }), (set, maxPapers) => {
    const papers = new Map(set.papers.map((paper) => [paper.id, paper]));
    const topics = new Map(set.topics.map((topic) => [topic.id, topic]));
    const titles = new Set(set.papers.map(({ title }) => title));
    const [sentPairs, rankedPairs] = [new Set<string>(), new Set<string>()];
    for (const day of evaluateTopics(set)) {
      for (const [pairs, all] of [
        [day.sent, sentPairs],
        [day.ranking, rankedPairs],
      ] as const) {
        const before = all.size;
        for (const { topicId, paperId } of pairs) all.add(`${topicId} ${paperId}`);
        expect(all.size - before).toBe(pairs.length);
        for (const { topicId, paperId, score } of pairs) {
          const { title, abstract } = papers.get(paperId) ?? { title: '' };
          const banned = topics.get(topicId)?.banned;
          expect(score).toBeGreaterThan(0);
          if (banned !== undefined) expect(`${title} ${abstract}`).not.toContain(banned);
        }
      }
      for (const { paperId, reasons } of day.sent) {
        const paper = papers.get(paperId);
        if (paper === undefined) throw new Error('no such paper');
        expect(paper.day).toBe(day.day);
        expect(reasons.length).toBeGreaterThan(0);
        expect(reasons.length).toBeLessThanOrEqual(3);
        for (const reason of reasons) {
          expect(isTrue(reason, paper, titles)).toBe(true);
          counts[reason.kind]++;
        }
      }
      const perTopic = Map.groupBy(day.sent, ({ topicId }) => topicId);
      for (const pairs of perTopic.values()) expect(pairs.length).toBeLessThanOrEqual(10);
      const { newPapers, newByTopic, inMail, more } = mailOf(day, maxPapers);
      const shown = newByTopic.flatMap(({ papers: ids }) => ids);
      expect(shown.toSorted()).toEqual(newPapers.toSorted());
      expect(new Set(newPapers).size).toBe(newPapers.length);
      expect(inMail.size + more).toBe(newPapers.length);
      counts.sent += day.sent.length;
      counts.shared += day.sent.length - newPapers.length;
    }
  });
  fc.assert(holds, { numRuns: 60 });
  // None of it was shown on nothing.
  const { sent, phrase, acronym, related, liked, shared } = counts;
  expect(Math.min(sent, phrase, acronym, related, liked, shared)).toBeGreaterThan(5);
});
