import type { ListedOn } from './page-date.ts';

export const RECURRING_POLICIES = ['off', 'trending', 'all'] as const;
/** Which recurring papers a subscriber wants to see again. */
export type RecurringPolicy = (typeof RECURRING_POLICIES)[number];

export const QUIET_DAYS = ['silence', 'note'] as const;
/** What a subscriber wants of a day without a paper for them: no mail, or one honest line. */
export type QuietDays = (typeof QUIET_DAYS)[number];

/** Bounds of the policy `trending`; proposals of the design, see docs/decisions. */
export const TRENDING = {
  /** Days a paper must have been away from every list to be worth telling again. */
  absentDays: 7,
  /** Or places it must have climbed on its source's list since the page before. */
  climbedPlaces: 20,
  /** A subscriber sees the same paper again at most once in so many days. */
  restDays: 30,
  /** And at most so many in one digest. */
  most: 3,
} as const;

/** A paper's history as of one listing page. */
export interface Sighting {
  readonly listedOn: ListedOn;
  readonly position: number;
  /** The day it was last listed before this page, anywhere; absent when this is its first. */
  readonly lastSeenOn?: ListedOn;
  /** Its position on the source's page before, when it stood there. */
  readonly previousPosition?: number;
}

/** Days between the paper's sighting before and this one, or undefined for a first sighting. */
export function daysAbsent({ listedOn, lastSeenOn }: Sighting): number | undefined {
  if (lastSeenOn === undefined) return undefined;
  return Math.round((Date.parse(listedOn) - Date.parse(lastSeenOn)) / 86_400_000);
}

/** Places climbed since the source's page before; negative when it fell, undefined when it was not there. */
export function placesClimbed({ position, previousPosition }: Sighting): number | undefined {
  return previousPosition === undefined ? undefined : previousPosition - position;
}

/** Whether a recurring paper is worth showing again to those who asked for `trending`. */
export function isTrendingAgain(sighting: Sighting): boolean {
  return (
    (daysAbsent(sighting) ?? 0) >= TRENDING.absentDays ||
    (placesClimbed(sighting) ?? 0) >= TRENDING.climbedPlaces
  );
}
