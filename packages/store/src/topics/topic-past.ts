import type { PaperId, SubscriberId, TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** Topics that were not held against the papers of before them yet, oldest first. */
export async function topicsWithoutPast(
  db: Db,
  most: number,
): Promise<{ readonly id: TopicId; readonly query: string }[]> {
  return db
    .selectFrom('topic')
    .select(['id', 'query'])
    .where('past_matched_at', 'is', null)
    .orderBy('id')
    .limit(most)
    .execute();
}

/** How far topics are with those papers. */
export async function notePast(
  db: Db,
  topics: readonly TopicId[],
  { done, papers }: { readonly done: number; readonly papers: number },
): Promise<void> {
  await sql`
    update topic set past_done = ${done}, past_papers = ${papers}
    where id = any(${topics}::bigint[]) and past_matched_at is null`.execute(db);
}

/** Says that these topics are matched with the past weeks; for any that already were, nothing changes. */
export async function endPast(db: Db, topics: readonly TopicId[]): Promise<void> {
  if (topics.length === 0) return;
  await sql`
    update topic set past_matched_at = now(), past_done = 0, past_papers = null
    where id = any(${topics}::bigint[]) and past_matched_at is null`.execute(db);
}

/** Before the first paper topics have no past: all that comes is matched with them as it comes. */
export async function skipEmptyPast(db: Db): Promise<void> {
  await sql`
    update topic set past_matched_at = now()
    where past_matched_at is null and not exists (select from appearance)`.execute(db);
}

/** Topics whose past is being matched or waits for it. */
export interface PastProgress {
  readonly topics: number;
  /** Of their papers, and of how many; 0 of 0 before the first. */
  readonly done: number;
  readonly papers: number;
}

/** Of all topics, or those that a subscriber follows. */
export async function pastProgress(db: Db, subscriberId?: SubscriberId): Promise<PastProgress> {
  const whose = subscriberId
    ? sql`and exists (
        select from subscription where topic_id = topic.id and subscriber_id = ${subscriberId})`
    : sql``;
  const found = await sql<PastProgress>`
    select count(*)::int as topics, coalesce(sum(past_done), 0)::int as done,
      coalesce(sum(past_papers), 0)::int as papers
    from topic where past_matched_at is null ${whose}`.execute(db);
  return found.rows[0] ?? { topics: 0, done: 0, papers: 0 };
}

/** Papers on pages seen since a moment, by id. */
export async function papersSeenSince(db: Db, since: Date): Promise<PaperId[]> {
  const found = await sql<{ ids: PaperId[] }>`
    select coalesce(array_agg(id order by id), '{}')::text[] as ids from (
      select distinct appearance.paper_id as id
      from listing_page page join appearance on appearance.listing_page_id = page.id
      where page.seen_at >= ${since}) seen`.execute(db);
  return found.rows[0]?.ids ?? [];
}
