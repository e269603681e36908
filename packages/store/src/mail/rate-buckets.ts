import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** At most `most` times within `windowMs`, counted for all processes together. */
export interface RateLimit {
  /** What is counted, such as `sign-up 192.0.2.0/24`; never an address of a person. */
  readonly bucket: string;
  readonly most: number;
  readonly windowMs: number;
}

/** How a bucket stands after one more. */
export interface RateCount {
  readonly isWithin: boolean;
  /** How often it may still be asked in this window. */
  readonly left: number;
  /** Until the window ends. */
  readonly endsInMs: number;
}

/** Counts one more. One statement, so that no two of us both take the last. */
export async function countInBucket(
  db: Db,
  { bucket, most, windowMs }: RateLimit,
): Promise<RateCount> {
  const age = sql`make_interval(secs => ${windowMs / 1_000}::float8)`;
  const { rows } = await sql<{ count: number; endsInMs: number }>`
    insert into rate_bucket as held (bucket) values (${bucket})
    on conflict (bucket) do update set
      count = case when held.since < now() - ${age} then 1 else least(held.count + 1, ${most + 1}) end,
      since = case when held.since < now() - ${age} then now() else held.since end
    returning count, ceil(extract(epoch from since + ${age} - now()) * 1000)::int as "endsInMs"`.execute(
    db,
  );
  const { count = 0, endsInMs = windowMs } = rows[0] ?? {};
  return { isWithin: count <= most, left: Math.max(0, most - count), endsInMs };
}

/** Counts one more, and says whether it is still within the limit. */
export async function takeFromBucket(db: Db, limit: RateLimit): Promise<boolean> {
  return (await countInBucket(db, limit)).isWithin;
}

/** Forgets buckets that nobody used for a day. */
export async function emptyBuckets(db: Db): Promise<void> {
  await db
    .deleteFrom('rate_bucket')
    .where('since', '<', sql<Date>`now() - interval '1 day'`)
    .execute();
}
