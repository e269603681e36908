import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TopicId } from '@paperboy/core';
import type { NewMatch } from '@paperboy/store';
import {
  type Embedding,
  explainScore,
  isCertain,
  isKept,
  type ScorablePaper,
  type TopicIndex,
  type TopicScorer,
} from '@paperboy/topics';
import type { PaperWords } from './paper-words.ts';

/** What papers are matched with. */
export interface MatchingTopics {
  readonly index: Pick<TopicIndex<TopicId>, 'eachMatch'>;
  scorable(paper: PaperWords, embedding?: Embedding): ScorablePaper;
  scorersOf(topics: readonly TopicId[]): Promise<ReadonlyMap<TopicId, TopicScorer>>;
}

/** Papers cut into words, or pairs scored, before others get their turn: a few milliseconds. */
const PAPERS_PER_TURN = 10;
const PAIRS_PER_TURN = 200;
/** Topics whose scorers are held at once. */
const TOPICS_AT_ONCE = 1_000;

/**
 * The matches of papers that are worth keeping, with reasons, a batch of topics at a time: papers lead to topics through
 * the index, and each of those is made ready once for all the papers that lead to it.
 */
export async function* findMatches(
  topics: MatchingTopics,
  papers: readonly PaperWords[],
  embedded: ReadonlyMap<string, Embedding>,
): AsyncGenerator<NewMatch[]> {
  const ready: ScorablePaper[] = [];
  const papersOf = new Map<TopicId, number[]>();
  for (const [at, paper] of papers.entries()) {
    const scorable = topics.scorable(paper, embedded.get(paper.fingerprint));
    ready.push(scorable);
    topics.index.eachMatch(scorable, (id) => {
      const list = papersOf.get(id);
      if (list === undefined) papersOf.set(id, [at]);
      else list.push(at);
    });
    if (at % PAPERS_PER_TURN === PAPERS_PER_TURN - 1) await nextTurn();
  }
  const ids = [...papersOf.keys()];
  let pairs = 0;
  for (let from = 0; from < ids.length; from += TOPICS_AT_ONCE) {
    const scorers = await topics.scorersOf(ids.slice(from, from + TOPICS_AT_ONCE));
    const found: NewMatch[] = [];
    for (const [topicId, scorer] of scorers) {
      for (const at of papersOf.get(topicId) ?? []) {
        const [paper, scorable] = [papers[at], ready[at]];
        const match = scorable && matchOf(scorer, scorable);
        if (paper && match) found.push({ topicId, paperId: paper.paperId, ...match });
        if (++pairs % PAIRS_PER_TURN === 0) await nextTurn();
      }
    }
    yield found;
  }
}

/** Undefined for a paper that is not worth keeping for any subscription. */
function matchOf(scorer: TopicScorer, paper: ScorablePaper) {
  const scored = scorer.score(paper);
  if (scored === undefined || !isKept(scored, scorer.profile)) return undefined;
  return {
    strength: scored.score,
    isCertain: isCertain(scored, scorer.profile),
    textScore: scored.text,
    relatedScore: scored.related,
    reasons: explainScore(scorer, paper, scored),
  };
}
