import { THRESHOLDS } from '@paperboy/core';
import { sql } from 'kysely';

/** Whether a row of `match` is for a row of `subscription`: certain, or good enough for how strict it is. */
export const isStrongEnough = sql<boolean>`(match.is_certain or match.strength >= case subscription.strictness ${sql.join(
  Object.entries(THRESHOLDS).map(
    ([strictness, least]) => sql`when ${sql.lit(strictness)} then ${sql.lit(least)}::real`,
  ),
  sql` `,
)} end)`;
