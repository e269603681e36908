import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type EvaluatedPair, evaluateTopics } from './evaluate-topics.ts';
import { readEvaluationSet } from './evaluation-set.ts';

/**
 * A set of papers with labels: papers.jsonl, topics.jsonl and likes.jsonl as `evaluate topics` reads them, and qrels.jsonl
 * {topic_id, paper_id} with what is right among its test papers. The bars are those of the open set of decision 0015.
 */
const FOLDER = process.env.PAPERBOY_TEST_RELEVANCE;

const key = ({ topicId, paperId }: Pick<EvaluatedPair, 'topicId' | 'paperId'>) =>
  `${topicId}\n${paperId}`;

function rightPairs(folder: string): Map<string, Set<string>> {
  const right = new Map<string, Set<string>>();
  for (const line of readFileSync(join(folder, 'qrels.jsonl'), 'utf8').trim().split('\n')) {
    const { topic_id: topicId, paper_id: paperId, split } = JSON.parse(line);
    if (split !== undefined) continue;
    right.set(topicId, (right.get(topicId) ?? new Set()).add(key({ topicId, paperId })));
  }
  return right;
}

/** Gains of the first ten, the earlier ones weighing more, as a share of the best order there could be. */
function nDcg(hits: readonly boolean[], right: number): number {
  const gain = (all: readonly boolean[]) =>
    all.reduce((sum, isHit, at) => sum + (isHit ? 1 / Math.log2(at + 2) : 0), 0);
  return gain(hits.slice(0, 10)) / gain(Array(Math.min(10, right)).fill(true));
}

async function measured(folder: string, likes: boolean) {
  const files = { papers: 'papers.jsonl', topics: 'topics.jsonl' };
  const set = await readEvaluationSet(folder, {
    ...files,
    ...(likes && { likes: 'likes.jsonl' }),
  });
  const right = rightPairs(folder);
  const isRight = (pair: Parameters<typeof key>[0]) =>
    right.get(pair.topicId)?.has(key(pair)) === true;
  const days = [...evaluateTopics(set)];
  const sent = days.flatMap((day) => day.sent);
  const good = sent.filter(isRight).length;
  const all = [...right.values()].reduce((sum, { size }) => sum + size, 0);
  const [precision, recall] = [good / sent.length, good / all];
  const idle = days.flatMap(({ day, sent: ofDay }) => {
    const papers = set.papers.filter((paper) => paper.day === day).map(({ id }) => id);
    return set.topics
      .filter(({ id }) => !papers.some((paperId) => isRight({ topicId: id, paperId })))
      .map(({ id }) => !ofDay.some(({ topicId }) => topicId === id));
  });
  const ranking = Map.groupBy(
    days.flatMap((day) => day.ranking),
    ({ topicId }) => topicId,
  );
  const perTopic = new Map(
    [...right].map(([topicId, { size }]) => {
      const hits = (ranking.get(topicId) ?? []).sort((a, b) => b.score - a.score).map(isRight);
      const found = hits.slice(0, 50).filter((isHit) => isHit).length / Math.min(50, size);
      return [topicId, { found, nDcg: nDcg(hits, size) }] as const;
    }),
  );
  const meanOf = (value: 'found' | 'nDcg') =>
    [...perTopic.values()].reduce((sum, one) => sum + one[value], 0) / perTopic.size;
  return {
    f1: (2 * precision * recall) / (precision + recall),
    recall,
    wrongPerTopicDay: (sent.length - good) / set.topics.length / days.length,
    quiet: idle.filter((isIdle) => isIdle).length / idle.length,
    foundIn50: meanOf('found'),
    nDcg: meanOf('nDcg'),
    perTopic,
  };
}

describe.skipIf(!FOLDER)('on the open set (PAPERBOY_TEST_RELEVANCE)', () => {
  test('what is sent and how it is ranked are as good as we say, and likes make them no worse', async () => {
    const without = await measured(FOLDER ?? '', false);
    const liked = await measured(FOLDER ?? '', true);
    expect(without.f1).toBeGreaterThan(0.63);
    expect(without.wrongPerTopicDay).toBeLessThan(0.85);
    expect(without.recall).toBeGreaterThan(0.6);
    expect(without.quiet).toBeGreaterThan(0.62);
    expect(without.foundIn50).toBeGreaterThan(0.74);
    expect(without.nDcg).toBeGreaterThan(0.84);
    for (const [topicId, least] of Object.entries({ vlm: 0.55, rag: 0.75, rnn: 0.55 }))
      expect(without.perTopic.get(topicId)?.found, topicId).toBeGreaterThan(least);
    expect(liked.f1).toBeGreaterThanOrEqual(without.f1);
    expect(liked.nDcg).toBeGreaterThanOrEqual(without.nDcg);
  }, 120_000);
});
