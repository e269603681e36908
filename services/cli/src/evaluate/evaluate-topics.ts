import {
  explainScore,
  HISTORY_PAPERS,
  History,
  isSent,
  type LikesProfile,
  type MatchReason,
  profileLikes,
  profileTopic,
  type ScorablePaper,
  type ScoredPaper,
  scoreWithLikes,
  type TokenizedPaper,
  TopicScorer,
  tokenizePaper,
} from '@paperboy/topics';
import type { EvaluatedPaper, EvaluatedTopic, EvaluationSet } from './evaluation-set.ts';

export interface EvaluatedPair {
  readonly topicId: string;
  readonly paperId: string;
  readonly score: number;
}

export interface SentPair extends EvaluatedPair {
  readonly reasons: readonly MatchReason[];
}

/** A day as subscribers of all topics would have seen it. */
export interface EvaluatedDay {
  readonly day: string;
  readonly papers: number;
  /** Every paper with a score above 0, best first for each topic. */
  readonly ranking: readonly EvaluatedPair[];
  /** What is sent at the default strictness, at most ten papers per topic. */
  readonly sent: readonly SentPair[];
}

/** Papers per topic and digest; what is above it is told as "and n more". */
const SENT_PER_DAY = 10;
/** Days of papers after which topics are profiled anew, with the papers of the days before: a week of weekdays. */
const DAYS_PER_PROFILE = 5;

/**
 * Walks the test days in order and scores each day's papers for every topic, by what was known before: the train
 * papers, and those of earlier days. Pure, and in the same order every time.
 */
export function* evaluateTopics(set: EvaluationSet): Generator<EvaluatedDay> {
  const tokenized = new Map(set.papers.map((paper) => [paper.id, tokenizePaper(paper)]));
  const past = set.papers.filter(({ split }) => split === 'train');
  const days = Map.groupBy(
    set.papers.filter(({ split }) => split === 'test'),
    ({ day }) => day,
  );
  let evaluators = profileTopics(set, past, tokenized);
  let walked = 0;
  for (const [day, papers] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (walked > 0 && walked % DAYS_PER_PROFILE === 0)
      evaluators = profileTopics(set, past, tokenized);
    yield evaluators.evaluate(day, papers);
    past.push(...papers);
    walked++;
  }
}

interface Profiled {
  readonly topic: EvaluatedTopic;
  readonly scorer: TopicScorer;
  readonly likes?: LikesProfile;
}

function profileTopics(
  { topics }: EvaluationSet,
  past: readonly EvaluatedPaper[],
  tokenized: ReadonlyMap<string, TokenizedPaper>,
) {
  const tokensOf = (id: string): TokenizedPaper[] => {
    const tokens = tokenized.get(id);
    return tokens === undefined ? [] : [tokens];
  };
  const history = new History(past.slice(-HISTORY_PAPERS).flatMap(({ id }) => tokensOf(id)));
  const scorable = (id: string): ScorablePaper[] =>
    tokensOf(id).map((tokens) => history.statistics.scorable(tokens));
  const profiled = topics.map((topic): Profiled => {
    const { profile, values } = profileTopic(topic.query, history);
    const scorer = new TopicScorer(topic.query, profile, history.statistics);
    const votes = {
      liked: topic.liked.flatMap(scorable),
      disliked: topic.disliked.flatMap(scorable),
    };
    if (votes.liked.length + votes.disliked.length === 0) return { topic, scorer };
    return { topic, scorer, likes: profileLikes(votes, values, history) };
  });
  const evaluate = (day: string, papers: readonly EvaluatedPaper[]): EvaluatedDay => {
    const candidates = papers.flatMap(({ id }) => scorable(id).map((paper) => ({ id, paper })));
    const perTopic = profiled.map((one) => evaluateTopic(one, candidates));
    return {
      day,
      papers: papers.length,
      ranking: perTopic.flatMap(({ ranking }) => ranking),
      sent: perTopic.flatMap(({ sent }) => sent),
    };
  };
  return { evaluate };
}

interface Candidate {
  readonly id: string;
  readonly paper: ScorablePaper;
}

function evaluateTopic({ topic, scorer, likes }: Profiled, candidates: readonly Candidate[]) {
  const ranked = candidates
    .flatMap(({ id, paper }) => {
      const scored = scorer.score(paper);
      if (scored === undefined) return [];
      const score = likes === undefined ? scored.score : scoreWithLikes(scored, paper, likes);
      return score > 0 ? [{ id, paper, scored, score }] : [];
    })
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const pairOf = ({ id, score }: { id: string; score: number }): EvaluatedPair => {
    return { topicId: topic.id, paperId: id, score };
  };
  const gate = {
    isLearning: scorer.profile.isLearning,
    strictness: 'normal',
    hasLikes: likes !== undefined,
  } as const;
  const reasonsOf = (paper: ScorablePaper, scored: ScoredPaper) =>
    explainScore(scorer, paper, scored, likes?.papers);
  return {
    ranking: ranked.map(pairOf),
    sent: ranked
      .filter(({ scored, score }) => isSent(scored, score, gate))
      .slice(0, SENT_PER_DAY)
      .map((one) => ({ ...pairOf(one), reasons: reasonsOf(one.paper, one.scored) })),
  };
}
