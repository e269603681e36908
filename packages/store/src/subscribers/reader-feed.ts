import type { SubscriberId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** The private feed of a reader: the number that its link carries, and since when it is there. */
export interface ReaderFeed {
  readonly no: number;
  readonly since: Date;
}

/** The feed of a reader; undefined for who has none, or has left. */
export async function feedOfReader(db: Db, id: SubscriberId): Promise<ReaderFeed | undefined> {
  const found = await db
    .selectFrom('subscriber')
    .where('id', '=', id)
    .where('state', '<>', 'left')
    .select(['feed_no as no', 'feed_since as since'])
    .executeTakeFirst();
  return found?.since ? { no: found.no, since: found.since } : undefined;
}

/** Gives a reader a feed, or a new link to it: the ones before are void at once. */
export async function renewFeed(db: Db, id: SubscriberId): Promise<void> {
  await db
    .updateTable('subscriber')
    .where('id', '=', id)
    .where('state', '<>', 'left')
    .set({ feed_no: sql<number>`feed_no + 1`, feed_since: sql<Date>`coalesce(feed_since, now())` })
    .execute();
}

/** Takes a reader's feed away; its links stay void when there is one again. */
export async function endFeed(db: Db, id: SubscriberId): Promise<void> {
  await db.updateTable('subscriber').where('id', '=', id).set({ feed_since: null }).execute();
}
