import type { PublicTopic } from '@paperboy/store';
import { papersIn, type Week } from './weeks.ts';

/** The spans that trends compare, and what is enough to speak of. */
export const TREND = {
  recentWeeks: 4,
  earlierWeeks: 8,
  /** Fewer papers of a topic may be chance. */
  leastPapers: 5,
  /** Its share of new papers has to have grown by a quarter. */
  growth: 1.25,
  /** Days on which a paper has to be listed. */
  leastDays: 3,
} as const;

/** A topic that takes a larger share of new papers than before. */
export interface RisingTopic {
  readonly topic: PublicTopic;
  readonly weeks: readonly Week[];
  /** Shares of all new papers, 0 to 1. */
  readonly recentShare: number;
  readonly earlierShare: number;
}

/** Whether any paper was new in the earlier weeks: beside none of them every topic would seem to rise. */
export function hasEarlierPapers(all: readonly Week[]): boolean {
  return papersIn(all.slice(0, -TREND.recentWeeks)) > 0;
}

/**
 * Topics whose share of new papers grew, most first. Shares, not counts: in a week with twice as many papers most
 * topics have twice as many. `all` and the weeks of each topic are the same weeks, in order, the newest last.
 */
export function risingTopics(
  all: readonly Week[],
  topics: readonly { readonly topic: PublicTopic; readonly weeks: readonly Week[] }[],
): RisingTopic[] {
  const recent = (weeks: readonly Week[]) => papersIn(weeks.slice(-TREND.recentWeeks));
  const earlier = (weeks: readonly Week[]) => papersIn(weeks.slice(0, -TREND.recentWeeks));
  const share = (papers: number, of: number) => (of === 0 ? 0 : papers / of);
  if (!hasEarlierPapers(all)) return [];
  return topics
    .map(({ topic, weeks }) => ({
      ...{ topic, weeks, papers: recent(weeks) },
      recentShare: share(recent(weeks), recent(all)),
      earlierShare: share(earlier(weeks), earlier(all)),
    }))
    .filter(
      ({ papers, recentShare, earlierShare }) =>
        papers >= TREND.leastPapers && recentShare >= earlierShare * TREND.growth,
    )
    .sort((a, b) => growthOf(b) - growthOf(a) || b.papers - a.papers)
    .map(({ papers: _, ...rising }) => rising);
}

/** What came from nothing has grown without bound. */
function growthOf({ recentShare, earlierShare }: Omit<RisingTopic, 'topic' | 'weeks'>): number {
  return earlierShare === 0 ? Number.MAX_VALUE : recentShare / earlierShare;
}
