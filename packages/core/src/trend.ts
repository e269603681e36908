import type { PaperId } from './ids.ts';
import type { ListedOn } from './page-date.ts';

/** How much trend moves the order of a digest; a proposal of the design, see docs/decisions. */
export const TREND = {
  /** Days, up to the digest's, on which listings count. */
  days: 14,
  /** What each doubling of them adds, and the most that they come to: little, as the order is first one of relevance. */
  perDoubling: 0.1,
  most: 1.2,
} as const;

const DAY_MS = 24 * 3_600_000;

/** On how many days of late papers were listed, by the days on which they ever were. */
export function listingsOf(
  papers: Iterable<{ readonly paperId: PaperId; readonly seenOn: readonly ListedOn[] }>,
  at: Date,
): Map<PaperId, number> {
  const isOfLate = (day: ListedOn) => {
    const age = at.getTime() - Date.parse(day);
    return age > -DAY_MS && age < TREND.days * DAY_MS;
  };
  return new Map(
    [...papers].map(({ paperId, seenOn }) => [paperId, seenOn.filter(isOfLate).length]),
  );
}

/**
 * What the strength of a paper is worth where papers are put in order: never where it is decided whether one is sent.
 * From 1, for a paper of which no listing is known, up to `TREND.most`.
 */
export function trendFactor(listings: number): number {
  return Math.min(TREND.most, 1 + TREND.perDoubling * Math.log2(1 + listings));
}
