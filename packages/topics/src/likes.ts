import { SCORING } from './constants.ts';
import type { History } from './history.ts';
import { scaleOf } from './history-values.ts';
import type { ScorablePaper } from './statistics.ts';
import type { HistoryValues } from './topic-profile.ts';
import type { ScoredPaper } from './topic-scorer.ts';
import { dot, meanVector, type TermVector } from './vectors.ts';

/** What a subscriber liked and disliked among a topic's papers. */
export interface Votes {
  readonly liked: readonly ScorablePaper[];
  readonly disliked: readonly ScorablePaper[];
}

/** A paper that a subscriber liked. */
export interface LikedPaper {
  readonly title: string;
  readonly vector: TermVector;
}

/** How votes change the scores of one topic for one subscriber. */
export interface LikesProfile {
  /** What was liked, to name the nearest. */
  readonly papers: readonly LikedPaper[];
  readonly liked: TermVector;
  readonly disliked: TermVector;
  readonly scales: { readonly liked: number; readonly disliked: number; readonly total: number };
}

export function profileLikes(
  { liked, disliked }: Votes,
  { text, related }: HistoryValues,
  history: History,
): LikesProfile {
  const likedVector = meanVector(liked.map(({ vector }) => vector));
  const dislikedVector = meanVector(disliked.map(({ vector }) => vector));
  const likedValues = history.similarities(likedVector);
  const dislikedValues = history.similarities(dislikedVector);
  const scales = { liked: scaleOf(likedValues), disliked: scaleOf(dislikedValues), total: 1 };
  const papers = liked.map(({ tokenized, vector }) => ({ title: tokenized.text.title, vector }));
  const likes = { papers, liked: likedVector, disliked: dislikedVector, scales };
  const totals = Float64Array.from(text, (value, index) =>
    addVotes(
      value,
      related[index] ?? 0,
      likedValues[index] ?? 0,
      dislikedValues[index] ?? 0,
      likes,
    ),
  );
  return { ...likes, scales: { ...scales, total: scaleOf(totals) } };
}

/** The score of a paper for somebody who voted. */
export function scoreWithLikes(
  { text, related }: Pick<ScoredPaper, 'text' | 'related'>,
  { vector }: ScorablePaper,
  likes: LikesProfile,
): number {
  return addVotes(text, related, dot(vector, likes.liked), dot(vector, likes.disliked), likes);
}

/** What votes make of a match, and the liked paper to name where its likeness raised it. */
export function scoreAsVoted(
  { score, ...parts }: Pick<ScoredPaper, 'score' | 'text' | 'related'>,
  paper: ScorablePaper,
  likes: LikesProfile,
): { readonly score: number; readonly raisedBy?: LikedPaper } {
  const voted = scoreWithLikes(parts, paper, likes);
  const likeness = dot(paper.vector, likes.liked) / likes.scales.liked;
  if (voted <= score || likeness < SCORING.likes.toldFrom) return { score: voted };
  const raisedBy = nearestLiked(paper, likes.papers);
  return { score: voted, ...(raisedBy && { raisedBy }) };
}

/** The liked paper that has most in common with another; of equals the first. */
export function nearestLiked(
  { vector }: Pick<ScorablePaper, 'vector'>,
  liked: readonly LikedPaper[],
): LikedPaper | undefined {
  let nearest: LikedPaper | undefined;
  let most = 0;
  for (const one of liked) {
    const likeness = dot(vector, one.vector);
    if (likeness <= most) continue;
    most = likeness;
    nearest = one;
  }
  return nearest;
}

function addVotes(
  text: number,
  related: number,
  liked: number,
  disliked: number,
  { scales }: LikesProfile,
): number {
  const { relatedWeight, likedWeight, dislikedShare } = SCORING.likes;
  const votes = liked / scales.liked - (dislikedShare * disliked) / scales.disliked;
  return (text + relatedWeight * related + likedWeight * votes) / scales.total;
}
