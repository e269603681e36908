import { BANDS, type Band, LIKES_EXTRA, type Strictness, THRESHOLDS } from './constants.ts';
import type { ScoredPaper } from './topic-scorer.ts';

/** Whether a paper that passes the gates is sent. A match in the title is, whatever the score. */
export function isSent(
  { found }: Pick<ScoredPaper, 'found'>,
  score: number,
  topic: {
    readonly isLearning: boolean;
    readonly strictness: Strictness;
    readonly hasLikes: boolean;
  },
): boolean {
  const exact = found.filter(({ unit }) => unit.isWanted);
  if (exact.some(({ quotes }) => quotes.some(({ field }) => field === 'title'))) return true;
  if (topic.isLearning) return exact.length > 0;
  return score >= THRESHOLDS[topic.strictness] + (topic.hasLikes ? LIKES_EXTRA : 0);
}

/** What readers see instead of a score. */
export function bandOf(score: number): Band {
  return BANDS.find(({ least }) => score >= least)?.name ?? 'Possible';
}
