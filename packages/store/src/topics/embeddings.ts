import type { PaperId, TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** What a text is kept under: a paper's fingerprint, or `topicTextKey`. */
export type TextKey = string;

/** The key of a topic's text, out of the digest of its query. */
export function topicTextKey(queryHash: Buffer): TextKey {
  const hex = queryHash.toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The kept vectors of these texts; what is not known is missing. */
export async function vectorsOf(
  db: Db,
  model: string,
  keys: readonly TextKey[],
): Promise<Map<TextKey, Float32Array>> {
  if (keys.length === 0) return new Map();
  const found = await sql<{ key: TextKey; vector: Buffer }>`
    select text_key as key, vector from embedding
    where model = ${model} and text_key = any(${keys}::uuid[])`.execute(db);
  return new Map(found.rows.map(({ key, vector }) => [key, numbersIn(vector)]));
}

function numbersIn(bytes: Buffer): Float32Array {
  // Copied, as what the driver gives begins at any byte of a larger piece.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** Keeps vectors; what is known already stays. */
export async function saveVectors(
  db: Db,
  model: string,
  vectors: ReadonlyMap<TextKey, Float32Array>,
): Promise<void> {
  if (vectors.size === 0) return;
  const bytes = [...vectors.values()].map((vector) =>
    Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
  );
  await sql`
    insert into embedding (model, text_key, vector)
    select ${model}, * from unnest(${[...vectors.keys()]}::uuid[], ${bytes}::bytea[])
    on conflict do nothing`.execute(db);
}

/** How many numbers the kept vectors of a model have; undefined before the first. */
export async function vectorLength(db: Db, model: string): Promise<number | undefined> {
  const found = await sql<{ numbers: number }>`
    select length(vector) / 4 as numbers from embedding where model = ${model} limit 1`.execute(db);
  return found.rows[0]?.numbers;
}

/** A paper's wording that the service was not asked about yet. */
export interface PaperToEmbed {
  readonly key: TextKey;
  readonly paperId: PaperId;
  readonly title: string;
  readonly abstract: string | null;
}

/** Among the newest papers those without a vector, newest first. */
export async function papersToEmbed(
  db: Db,
  model: string,
  { among, most }: { readonly among: number; readonly most: number },
): Promise<PaperToEmbed[]> {
  const found = await sql<PaperToEmbed>`
    select fingerprint as key, newest.id as "paperId", title, abstract
    from (
      select id, text_id from paper where merged_into is null and text_id is not null
      order by id desc limit ${among}) newest
    join paper_text text on text.id = newest.text_id
    where not exists (select from embedding where model = ${model} and text_key = text.fingerprint)
    order by newest.id desc limit ${most}`.execute(db);
  return found.rows;
}

/** Topics without a vector, newest first: those of the catalogue, and those that somebody follows. */
export async function topicsToEmbed(
  db: Db,
  model: string,
  most: number,
): Promise<{ readonly key: TextKey; readonly topicId: TopicId; readonly query: string }[]> {
  const found = await sql<{ hash: Buffer; topicId: TopicId; query: string }>`
    select topic.query_hash as hash, topic.id as "topicId", topic.query from topic
    where not exists (
        select from embedding
        where model = ${model} and text_key = encode(substring(topic.query_hash for 16), 'hex')::uuid)
      and (topic.slug is not null or exists (select from subscription where topic_id = topic.id))
    order by topic.id desc limit ${most}`.execute(db);
  return found.rows.map(({ hash, ...topic }) => ({ ...topic, key: topicTextKey(hash) }));
}

/** How the embedding service stands. */
export interface EmbeddingService {
  readonly answeredAt: Date | null;
  /** Missing while it answers. */
  readonly trouble?: {
    readonly since: Date;
    readonly times: number;
    /** It is not asked before. */
    readonly retryAt: Date;
    readonly isOver: boolean;
    readonly detail: string;
  };
}

/** How the service stands: when it answered last, and, in trouble, since when and until when it is left alone. */
export async function embeddingService(db: Db): Promise<EmbeddingService> {
  const found = await sql<{
    answeredAt: Date | null;
    since: Date | null;
    times: number;
    retryAt: Date | null;
    isOver: boolean;
    detail: string | null;
  }>`
    select answered_at as "answeredAt", troubled_since as since, times, retry_at as "retryAt",
      coalesce(retry_at <= now(), true) as "isOver", detail
    from embedding_service`.execute(db);
  const [row] = found.rows;
  if (!row) return { answeredAt: null };
  const { answeredAt, since, times, retryAt, isOver, detail } = row;
  if (since === null || retryAt === null) return { answeredAt };
  return { answeredAt, trouble: { since, times, retryAt, isOver, detail: detail ?? '' } };
}

/** Notes an answer. Whether trouble ended with it. */
export async function embeddingsAnswered(db: Db): Promise<boolean> {
  const ended = await sql<{ wasTroubled: boolean }>`
    update embedding_service now set answered_at = now(), troubled_since = null, times = 0, retry_at = null, detail = null
    from (select troubled_since from embedding_service for update) before
    returning before.troubled_since is not null as "wasTroubled"`.execute(db);
  return ended.rows[0]?.wasTroubled ?? false;
}

/** The first pause after a failure, twice as long after each next, and the longest. */
const FIRST_PAUSE = sql.lit('1 minute');
const DOUBLINGS = 6;

/**
 * Notes a failure: nobody asks before the pause is over, or for `leastMs` where the service said so. Failures of several
 * workers that asked together are one. Whether it is the first of them.
 */
export async function embeddingsFailed(
  db: Db,
  { detail, leastMs = 0 }: { readonly detail: string; readonly leastMs?: number },
): Promise<boolean> {
  const failed = await sql<{ isFirst: boolean }>`
    update embedding_service set detail = ${detail.slice(0, 500)},
      troubled_since = coalesce(embedding_service.troubled_since, now()), times = before.times + 1,
      retry_at = now() + greatest(
        power(2, least(before.times, ${sql.lit(DOUBLINGS)})) * ${FIRST_PAUSE}::interval,
        ${leastMs}::float8 * interval '1 millisecond')
    from (select times, retry_at, troubled_since from embedding_service for update) before
    where before.retry_at is null or before.retry_at <= now()
    returning before.troubled_since is null as "isFirst"`.execute(db);
  return failed.rows[0]?.isFirst ?? false;
}
