import type { Db } from '../connection/database.ts';

/** What is known of an origin's robots.txt. */
export interface RobotsText {
  readonly origin: string;
  readonly checkedAt: Date;
  /** When it last told its rules; absent when it never could. */
  readonly toldAt?: Date;
  /** Absent: it has no rules. */
  readonly body?: string;
  /** Why it could not be had at `checkedAt`. */
  readonly problem?: string;
}

/** What a host said when it was asked last; undefined before the first time. `origin` is as in `https://arxiv.org`. */
export async function loadRobots(db: Db, origin: string): Promise<RobotsText | undefined> {
  const row = await db
    .selectFrom('robots_txt')
    .where('origin', '=', origin)
    .select(['checked_at', 'told_at', 'body', 'problem'])
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    origin,
    checkedAt: row.checked_at,
    ...(row.told_at !== null && { toldAt: row.told_at }),
    ...(row.body !== null && { body: row.body }),
    ...(row.problem !== null && { problem: row.problem }),
  };
}

/** Keeps what a host said in place of what it said before. */
export async function saveRobots(db: Db, robots: RobotsText): Promise<void> {
  const row = {
    checked_at: robots.checkedAt,
    told_at: robots.toldAt ?? null,
    body: robots.body ?? null,
    problem: robots.problem ?? null,
  };
  await db
    .insertInto('robots_txt')
    .values({ origin: robots.origin, ...row })
    .onConflict((conflict) => conflict.column('origin').doUpdateSet(row))
    .execute();
}
