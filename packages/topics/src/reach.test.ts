import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { historyOf, scoring, someHistory } from '../test/scored-history.ts';
import { buildTopicIndex, TopicIndex, type WatchedTopic } from './index-topics.ts';
import { tokenizePaper } from './paper-tokens.ts';
import { printQuery } from './print-query.ts';
import type { Query } from './query.ts';
import { parseQuery, requireQuery } from './query-parser.ts';
import { WatchFinder } from './reach.ts';
import { StoredTopics } from './stored-topics.ts';
import { isKept } from './strictness.ts';
import { profileTopic } from './topic-profile.ts';
import { TopicScorer } from './topic-scorer.ts';

const history = someHistory();

/** Topics with what a history says of them, as they are put into an index. */
function watched(queries: readonly Query[], learnt = history) {
  const finder = new WatchFinder(learnt.statistics);
  return queries.map((query, at) => {
    const { profile } = profileTopic(query, learnt);
    const scorer = new TopicScorer(query, profile, learnt.statistics);
    return { id: String(at), query, scorer, ...finder.watchOf(query, profile) };
  });
}

test('an index leads to every topic that would keep a paper, whatever it holds, through any changes', () => {
  let [kept, byReach] = [0, 0];
  const subjects = history.papers.map(({ tokenized }) => tokenized.text);
  const holds = fc.property(
    fc.array(anyQuery(), { maxLength: 6 }),
    fc.array(fc.tuple(anyPaper(), fc.boolean()), { minLength: 8, maxLength: 16 }),
    fc.array(fc.nat(30), { maxLength: 12 }),
    fc.array(anyPaper(), { minLength: 1, maxLength: 4 }),
    (queries, past, changes, papers) => {
      const defined = past.map(([paper, isDefining]) =>
        isDefining ? { ...paper, abstract: 'A sparse autoencoder (SAE) for vision.' } : paper,
      );
      const learnt = historyOf([...defined, ...subjects]);
      const fixed = ['SAE', '"sparse autoencoder" -vision', 'vision OR language +real', 'tactile'];
      const topics = watched([...queries, ...fixed.map((text) => requireQuery(text))], learnt);
      const index = buildTopicIndex(topics, learnt.statistics);
      const there = new Map(topics.map((topic) => [topic.id, topic]));
      for (const at of changes) {
        const topic = topics[at % topics.length];
        if (topic === undefined) continue;
        if (there.delete(topic.id)) index.remove(topic.id);
        else {
          there.set(topic.id, topic);
          index.add(topic);
        }
      }
      const near = { title: 'Monosemantic', abstract: 'By dictionary learning.' };
      for (const text of [...papers, near, ...subjects.slice(0, 12)]) {
        const paper = learnt.statistics.scorable(tokenizePaper(text));
        const found = index.match(paper);
        expect(new Set(found).size).toBe(found.length);
        for (const { id, scorer } of there.values()) {
          const scored = scorer.score(paper);
          if (scored === undefined || !isKept(scored, scorer.profile)) continue;
          expect(found, printQuery(scorer.query)).toContain(id);
          kept++;
          if (scored.found.length === 0) byReach++;
        }
      }
    },
  );
  fc.assert(holds, { numRuns: 40 });
  expect(Math.min(kept, byReach)).toBeGreaterThan(30);
});

test('a paper that shares too little with a topic does not lead to it', () => {
  const topics = watched([requireQuery('"sparse autoencoder"'), requireQuery('tactile')]);
  const index = buildTopicIndex(topics, history.statistics);
  const { scorable } = scoring('vision', history);
  const near = scorable({ title: 'Monosemantic', abstract: 'By dictionary learning.' });
  const far = scorable({ title: 'Learning', abstract: 'Of anything else at all.' });
  expect(index.match(near)).toEqual(['0']);
  expect(index.match(far)).toEqual([]);
  // Where an operator's service has a say too, less of it must come from words.
  const open = buildTopicIndex(topics, history.statistics, { hasFurther: true });
  expect(open.match(near)).toEqual(['0']);
});

test('many changes leave nothing behind', () => {
  const index = new TopicIndex(history.statistics);
  const [topic] = watched([requireQuery('"sparse autoencoder"')]);
  if (topic === undefined) throw new Error('no topic');
  const { scorable } = scoring('vision', history);
  const near = scorable({ title: 'Monosemantic', abstract: 'By dictionary learning.' });
  for (let round = 0; round < 300; round++) {
    index.add({ ...topic, id: String(round) });
    if (round >= 3) index.remove(String(round - 3));
  }
  expect(index.match(near).sort()).toEqual(['297', '298', '299']);
});

test('stored topics lead where they would if each were parsed and added by itself', () => {
  const finder = new WatchFinder(history.statistics);
  const more = [
    '"a OR b"',
    '"unclosed',
    'the OR vision',
    'title:vision OR "neuro symbolic"',
    'SAE OR tactile',
  ];
  const papers = history.papers.slice(0, 12);
  let found = 0;
  const holds = fc.property(
    fc.array(anyQuery(), { minLength: 1, maxLength: 8 }),
    fc.array(anyPaper(), { maxLength: 4 }),
    (queries, others) => {
      const index = new TopicIndex(history.statistics);
      const load = index.load();
      const stored = new StoredTopics(load, finder);
      const parsed: WatchedTopic[] = [];
      const lines = [...queries.map(printQuery), ...more, ...more];
      // As they come from Postgres: in one text, none of them cut out.
      stored.open(lines.join('\n'));
      for (const [at, query] of lines.entries()) {
        const read = parseQuery(query);
        // Every other one was learnt.
        const profile =
          read.ok && at % 2 === 0 ? profileTopic(read.query, history).profile : undefined;
        expect(stored.addNext(String(at), profile)).toBe(read.ok);
        if (read.ok)
          parsed.push({
            id: String(at),
            query: read.query,
            ...finder.watchOf(read.query, profile),
          });
      }
      load.end();
      const alone = buildTopicIndex(parsed, history.statistics);
      const texts = others.map((text) => history.statistics.scorable(tokenizePaper(text)));
      for (const paper of [...papers, ...texts]) {
        const ids = alone.match(paper).sort();
        expect(index.match(paper).sort()).toEqual(ids);
        found += ids.length;
      }
      expect(index.size).toEqual(alone.size);
    },
  );
  fc.assert(holds, { numRuns: 40 });
  expect(found).toBeGreaterThan(100);
});
