import { PaperboyError, type PaperId, type TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Db } from '../connection/database.ts';

/** A distinct query, already parsed and normalised by the topics package. */
export interface TopicDeclaration {
  /** Normal form, as `printQuery` gives it. */
  readonly query: string;
  /** SHA-256 of the query's canonical key: equal queries are one topic. */
  readonly queryHash: Buffer;
  /** Given for topics of the public catalogue. */
  readonly slug?: string;
  readonly name?: string;
  readonly about?: string;
  /** The heading it stands under. */
  readonly field?: string;
}

/** The topic of a query, made if it is the first of its kind. A catalogue entry names an unnamed topic. */
export async function ensureTopic(db: Db, topic: TopicDeclaration): Promise<TopicId> {
  const { query, queryHash, slug = null, name = null, about = null, field = null } = topic;
  const saved = await db
    .insertInto('topic')
    .values({ query, query_hash: queryHash, slug, name, about, field })
    .onConflict((conflict) =>
      conflict.column('query_hash').doUpdateSet((eb) => ({
        slug: eb.fn.coalesce('topic.slug', 'excluded.slug'),
        name: eb.fn.coalesce('topic.name', 'excluded.name'),
        about: eb.fn.coalesce('topic.about', 'excluded.about'),
        field: eb.fn.coalesce('topic.field', 'excluded.field'),
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return saved.id;
}

/** The public catalogue, by name, with how many papers and followers each topic has. */
export async function listCatalogue(db: Db) {
  return db
    .selectFrom('topic')
    .where('slug', 'is not', null)
    .select(['id', 'slug', 'name', 'about', 'field', 'query'])
    .select((topic) => [
      topic
        .selectFrom('match')
        .whereRef('topic_id', '=', 'topic.id')
        .select(sql<string>`count(*)`.as('n'))
        .as('papers'),
      topic
        .selectFrom('subscription')
        .whereRef('topic_id', '=', 'topic.id')
        .select(sql<string>`count(*)`.as('n'))
        .as('followers'),
    ])
    .orderBy('name')
    .execute();
}

/** A catalogue topic by its slug. Throws NOT_FOUND. */
export async function findTopic(
  db: Db,
  slug: string,
): Promise<{ id: TopicId; query: string; name: string | null }> {
  const found = await db
    .selectFrom('topic')
    .select(['id', 'query', 'name'])
    .where('slug', '=', slug)
    .executeTakeFirst();
  if (!found) throw new PaperboyError('NOT_FOUND', `no topic is called "${slug}"`);
  return found;
}

/** How a catalogue topic stands there; its query never changes, as those who follow it chose that one. */
export interface TopicWords {
  readonly name: string;
  readonly about: string | null;
  /** The heading it stands under. */
  readonly field: string | null;
}

/** Words a catalogue topic anew. Throws NOT_FOUND. */
export async function changeTopic(
  db: Db,
  slug: string,
  words: Partial<TopicWords>,
): Promise<TopicId> {
  const changed = await db
    .updateTable('topic')
    .where('slug', '=', slug)
    .set(words)
    .returning('id')
    .executeTakeFirst();
  if (!changed) throw new PaperboyError('NOT_FOUND', `no topic is called "${slug}"`);
  return changed.id;
}

export interface NewMatch {
  readonly topicId: TopicId;
  readonly paperId: PaperId;
  /** 1 is as good as the best of the past weeks. */
  readonly strength: number;
  /** Sent whatever the strength. */
  readonly isCertain: boolean;
  /** What words gave to the strength, and what related words gave. */
  readonly textScore?: number;
  readonly relatedScore?: number;
  /** Checkable reasons, as the topics package gives them. */
  readonly reasons: unknown;
}

/**
 * Stores matches; those that stand already stay as they are. Returns how many were new. A paper that was merged since
 * its words were read is matched as the one it became.
 */
export async function saveMatches(db: Db, matches: readonly NewMatch[]): Promise<number> {
  if (matches.length === 0) return 0;
  const saved = await sql`
    insert into match (topic_id, paper_id, strength, is_certain, text_score, related_score, reasons)
    select topic_id, coalesce(merged.merged_into, found.paper_id), strength, is_certain = 1, text_score, related_score,
      reasons::jsonb
    from unnest(
      ${column('bigint', matches, (match) => match.topicId)},
      ${column('bigint', matches, (match) => match.paperId)},
      ${column('real', matches, (match) => match.strength)},
      ${column('smallint', matches, (match) => Number(match.isCertain))},
      ${column('real', matches, (match) => match.textScore)},
      ${column('real', matches, (match) => match.relatedScore)},
      ${column('text', matches, (match) => JSON.stringify(match.reasons))})
      as found(topic_id, paper_id, strength, is_certain, text_score, related_score, reasons)
    left join paper merged on merged.id = found.paper_id and merged.merged_into is not null
    on conflict do nothing`.execute(db);
  return Number(saved.numAffectedRows ?? 0n);
}

/** Why a topic found its papers, of the last `limit` that it found. */
export async function recentReasons(
  db: Db,
  topicId: TopicId,
  { limit }: { readonly limit: number },
): Promise<unknown[]> {
  const found = await db
    .selectFrom('match')
    .where('topic_id', '=', topicId)
    .select('reasons')
    .orderBy('paper_id', 'desc')
    .limit(limit)
    .execute();
  return found.map(({ reasons }) => reasons);
}

/** What a reader of topics has seen. */
export interface TopicChanges {
  readonly topics: readonly { readonly id: TopicId; readonly query: string }[];
  /** To be given to the next call. */
  readonly horizon: string;
}

/**
 * Topics that were committed since the call that gave `horizon`, or all, for an index that is kept in step. It
 * compares transactions, as a topic may be committed after one with a higher id; some may come twice.
 */
export async function topicsSince(db: Db, horizon?: string): Promise<TopicChanges> {
  // Numbers above the snapshot are of another server, from which the database was copied.
  const isLater =
    horizon === undefined
      ? sql`true`
      : sql`changed_in >= ${horizon}::xid8 and changed_in < pg_snapshot_xmax(pg_current_snapshot())`;
  const { rows } = await sql<{ horizon: string; id: TopicId | null; query: string | null }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, topic.id, topic.query
    from (values (1)) as always left join topic on ${isLater} order by topic.id`.execute(db);
  const topics = rows.flatMap(({ id, query }) =>
    id === null || query === null ? [] : [{ id, query }],
  );
  return { topics, horizon: rows[0]?.horizon ?? '0' };
}
