import { LIKES_EXTRA, type Strictness, THRESHOLDS } from '@paperboy/core';
import { BANDS, type Band } from './constants.ts';
import type { ScoredPaper } from './topic-scorer.ts';

/** Whether a paper that passes the gates is sent. A match in the title is, whatever the score. */
export function isSent(
  scored: Pick<ScoredPaper, 'found'>,
  score: number,
  topic: {
    readonly isLearning: boolean;
    readonly strictness: Strictness;
    readonly hasLikes: boolean;
  },
): boolean {
  if (isCertain(scored, topic)) return true;
  if (topic.isLearning) return false;
  return score >= THRESHOLDS[topic.strictness] + (topic.hasLikes ? LIKES_EXTRA : 0);
}

/** Whether a paper is sent whatever its score: found in the title, or at all for a topic that is new. */
export function isCertain(
  { found }: Pick<ScoredPaper, 'found'>,
  { isLearning }: { readonly isLearning: boolean },
): boolean {
  const exact = found.filter(({ unit }) => unit.isWanted);
  if (isLearning && exact.length > 0) return true;
  return exact.some(({ quotes }) => quotes.some(({ field }) => field === 'title'));
}

/** Whether a match is kept for subscriptions of any strictness, and for those who like such papers. */
export function isKept(
  scored: Pick<ScoredPaper, 'found' | 'score'>,
  topic: { readonly isLearning: boolean },
): boolean {
  return isCertain(scored, topic) || (!topic.isLearning && scored.score >= THRESHOLDS.wide);
}

/** What readers see instead of a score. */
export function bandOf(score: number): Band {
  return BANDS.find(({ least }) => score >= least)?.name ?? 'Possible';
}
