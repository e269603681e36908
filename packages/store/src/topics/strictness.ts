import { LIKES_EXTRA, THRESHOLDS } from '@paperboy/core';
import { sql } from 'kysely';

const least = sql`case subscription.strictness ${sql.join(
  Object.entries(THRESHOLDS).map(
    ([strictness, score]) => sql`when ${sql.lit(strictness)} then ${sql.lit(score)}::real`,
  ),
  sql` `,
)} end`;

/** Whether a row of `match` is for a row of `subscription`: certain, or good enough for how strict it is. */
export const isStrongEnough = sql<boolean>`(match.is_certain or match.strength >= ${least})`;

/** The same where `voted_match` is joined to the left: votes decide, but for what is certain. */
export const isStrongEnoughAsVoted = sql<boolean>`(match.is_certain
  or coalesce(voted_match.strength - ${sql.lit(LIKES_EXTRA)}::real, match.strength) >= ${least})`;

/** How well it fits for this subscriber. */
export const strengthAsVoted = sql<number>`coalesce(voted_match.strength, match.strength)`;

/** For each strictness a column: the masks of the rows of `match` that are good enough for it, or-ed together. */
export const masksByStrictness = sql.join(
  Object.entries(THRESHOLDS).map(
    ([strictness, score]) =>
      sql`bit_or(mask) filter (where is_certain or strength >= ${sql.lit(score)}::real) as ${sql.ref(strictness)}`,
  ),
);

/** That of `masksByStrictness` which is for a row of `subscription`. */
export const maskOfSubscription = sql`case subscription.strictness ${sql.join(
  Object.keys(THRESHOLDS).map(
    (strictness) => sql`when ${sql.lit(strictness)} then ${sql.ref(strictness)}`,
  ),
  sql` `,
)} end`;
