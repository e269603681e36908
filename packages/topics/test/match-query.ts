import { explainScore } from '../src/explain-score.ts';
import { History } from '../src/history.ts';
import { type PaperText, tokenizePaper } from '../src/paper-tokens.ts';
import type { Query } from '../src/query.ts';
import type { MatchReason } from '../src/reasons.ts';
import { profileTopic } from '../src/topic-profile.ts';
import { TopicScorer } from '../src/topic-scorer.ts';

const nothingKnown = new History([]);

/** Why a paper holds what a query asks for, without any history; undefined where it does not. */
export function matchQuery(query: Query, paper: PaperText): MatchReason[] | undefined {
  const { statistics } = nothingKnown;
  const scorer = new TopicScorer(query, profileTopic(query, nothingKnown).profile, statistics);
  const scorable = statistics.scorable(tokenizePaper(paper));
  const scored = scorer.score(scorable);
  if (!scored?.found.some(({ unit }) => unit.isWanted)) return undefined;
  return explainScore(scorer, scorable, scored);
}
