import { idOf, type TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { lockLearntPast } from '../connection/locks.ts';
import { inTransaction } from '../connection/transaction.ts';

/** Papers that topics are learnt from. */
export interface LearntPast {
  readonly id: string;
  readonly papers: number;
  readonly signature: Buffer;
  readonly madeAt: Date;
}

export interface LearntPasts {
  /** What scores rest on. */
  readonly ready?: LearntPast;
  /** From which topics are being learnt, to come after it. */
  readonly next?: LearntPast;
}

/** The newest of both kinds, among those by the caller's rules. */
export async function learntPasts(db: Db, rules: Buffer): Promise<LearntPasts> {
  const found = await sql<LearntPast & { isReady: boolean }>`
    select id, cardinality(text_ids) as papers, signature, made_at as "madeAt", ready_at is not null as "isReady"
    from learnt_past where rules = ${rules} order by id desc limit 8`.execute(db);
  const at = found.rows.findIndex(({ isReady }) => isReady);
  const [ready, next] = [found.rows[at], at === 0 ? undefined : found.rows[0]];
  return { ...(ready && { ready }), ...(next && { next }) };
}

/**
 * Says which papers are learnt from next, after the past with the id `after`. Where another worker has said so
 * meanwhile, that stays.
 */
export async function addLearntPast(
  db: Db,
  past: { readonly textIds: readonly string[]; readonly rules: Buffer; readonly signature: Buffer },
  after: string | undefined,
): Promise<void> {
  const { textIds, rules, signature } = past;
  await inTransaction(db, async (tx) => {
    await lockLearntPast(tx);
    await sql`
      insert into learnt_past (text_ids, rules, signature)
      select ${textIds}::bigint[], ${rules}, ${signature}
      where not exists (
        select from learnt_past where rules = ${rules} and id > ${after ?? '0'}::bigint)`.execute(
      tx,
    );
  });
}

/** Whether topics are being learnt anew, by any rules. */
export async function isLearning(db: Db): Promise<boolean> {
  const found = await sql`
    select from learnt_past where ready_at is null
      and id > coalesce((select max(id) from learnt_past where ready_at is not null), 0) limit 1`.execute(
    db,
  );
  return found.rows.length > 0;
}

/** How many topics there are, up to `most`. */
export async function countTopics(db: Db, most: number): Promise<number> {
  const counted = await sql<{ topics: number }>`
    select count(*)::int as topics from (select from topic limit ${most}) part`.execute(db);
  return counted.rows[0]?.topics ?? 0;
}

export interface TopicToLearn {
  readonly id: TopicId;
  readonly query: string;
}

/** Topics that were not learnt from a past yet, oldest first. */
export async function topicsToLearn(db: Db, pastId: string, most: number): Promise<TopicToLearn[]> {
  const found = await sql<TopicToLearn>`
    select id, query from topic
    where not exists (select from topic_profile where past_id = ${pastId} and topic_id = topic.id)
    order by id limit ${most}`.execute(db);
  return found.rows;
}

export interface NewProfile {
  readonly topicId: TopicId;
  readonly isLearning: boolean;
  readonly profile: Uint8Array;
}

/** Keeps what was learnt; another worker may have learnt the same. */
export async function saveProfiles(
  db: Db,
  pastId: string,
  profiles: readonly NewProfile[],
): Promise<void> {
  if (profiles.length === 0) return;
  await sql`
    insert into topic_profile (past_id, topic_id, is_learning, profile)
    select past.id, new.* from learnt_past past, unnest(
      ${profiles.map(({ topicId }) => topicId)}::bigint[],
      ${profiles.map((one) => one.isLearning)}::boolean[],
      ${profiles.map(({ profile }) => Buffer.from(profile))}::bytea[]) as new
    where past.id = ${pastId} on conflict do nothing`.execute(db);
}

/**
 * Makes a past the one that scores rest on, where every topic was learnt from it, and forgets what came before the last.
 * Topics that come later are learnt as they come.
 */
export async function endLearning(db: Db, pastId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`
      update learnt_past set ready_at = now() where id = ${pastId} and ready_at is null
        and not exists (select from topic where not exists (
          select from topic_profile where past_id = ${pastId} and topic_id = topic.id))`.execute(
      tx,
    );
    // Workers that have not looked since still ask for the one before.
    await sql`
      delete from learnt_past where id < (
        select id from learnt_past where ready_at is not null order by id desc offset 1 limit 1)`.execute(
      tx,
    );
  });
}

/** A topic with what is known of it. */
export interface ProfiledRow extends TopicToLearn {
  /** Null where it was not learnt yet. */
  readonly profile: Uint8Array | null;
}

/** These topics, with their profiles. */
export async function profilesOf(
  db: Db,
  pastId: string | undefined,
  topics: readonly TopicId[],
): Promise<ProfiledRow[]> {
  const found = await sql<ProfiledRow>`
    select topic.id, query, profile from topic
    left join topic_profile on past_id = ${pastId ?? null}::bigint and topic_id = topic.id
    where topic.id = any(${topics}::bigint[])`.execute(db);
  return found.rows;
}

/**
 * Topics of one piece, as columns: the driver's work for each row would take longer than all else of a start. With five
 * times as many, what the driver puts together of a piece is memory that is new every time, and reading takes twice as long.
 */
const PER_PIECE = 2_000;

/** Topics for an index, by id, as columns: with an object for each of a million they took a third longer. */
export interface TopicsPiece {
  readonly ids: readonly TopicId[];
  /** The queries, each ended by a line's end. */
  readonly queries: string;
  /** How long each profile is: 0 while a topic is learning, as it is not needed for an index, `UNLEARNT` where there is none. */
  readonly lengths: readonly number[];
  /** The profiles one after another. */
  readonly profiles: Uint8Array;
}

/** Every topic, piece by piece and by id; the next piece is asked for while the caller works on one. */
export async function* topicsInPieces(
  db: Db,
  pastId: string | undefined,
): AsyncGenerator<TopicsPiece> {
  let next = pieceAfter(db, pastId, '0');
  for (;;) {
    const piece = await next;
    const last = piece?.ids.at(-1);
    if (piece === undefined || last === undefined) return;
    next = pieceAfter(db, pastId, last);
    // A caller that ends early leaves it alone.
    next.catch(() => {});
    yield piece;
  }
}

async function pieceAfter(
  db: Db,
  pastId: string | undefined,
  after: string,
): Promise<TopicsPiece | undefined> {
  const found = await sql<PieceColumns>`
    select string_agg(id::text, ',' order by id) as ids,
      string_agg(translate(query, E'\n', ' ') || E'\n', '' order by id) as queries,
      string_agg(coalesce(case when is_learning then 0 else length(profile) end, ${UNLEARNT})::text, ',' order by id)
        as lengths,
      string_agg(profile, ''::bytea order by id) filter (where not is_learning) as profiles
    from (
      select id, query, is_learning, profile from topic
      -- said of both tables, or the profiles of all pieces before are walked through again
      left join topic_profile on past_id = ${pastId ?? null}::bigint and topic_id = topic.id and topic_id > ${after}::bigint
      where id > ${after}::bigint order by id limit ${PER_PIECE}) part`.execute(db);
  const [columns] = found.rows;
  if (!columns?.ids) return undefined;
  const { ids, queries, lengths, profiles } = columns;
  return {
    ids: ids.split(',').map((id) => idOf('topic', id)),
    queries: queries ?? '',
    lengths: lengths?.split(',').map(Number) ?? [],
    profiles: profiles ?? new Uint8Array(),
  };
}

/** As Postgres gives them; ids and lengths are parted by commas. */
interface PieceColumns {
  readonly ids: string | null;
  readonly queries: string | null;
  readonly lengths: string | null;
  readonly profiles: Buffer | null;
}

/** Stands for the length of a profile where there is none. */
export const UNLEARNT = -1;

/** What is committed later than now comes with the next call of `topicsSince`. */
export async function topicsHorizon(db: Db): Promise<string> {
  const found = await sql<{ horizon: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`.execute(db);
  return found.rows[0]?.horizon ?? '0';
}
