import {
  type ListedOn,
  PaperboyError,
  type PaperId,
  THRESHOLDS,
  type TopicId,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { DAY, RECORDED } from '../pages/listing-views.ts';

/** What a subscription of normal strictness would be sent. */
const FITS = sql<boolean>`(match.is_certain or match.strength >= ${sql.lit(THRESHOLDS.normal)}::real)`;

/** A topic of the public catalogue. */
export interface PublicTopic {
  readonly id: TopicId;
  readonly slug: string;
  readonly name: string;
  readonly about: string | null;
  /** The heading it stands under. */
  readonly field: string | null;
  readonly query: string;
  readonly createdAt: Date;
}

const topicColumns = sql`id, slug, coalesce(name, slug) as name, about, field, query, created_at as "createdAt"`;

/** The public catalogue by field and name; topics without a field come last. */
export async function publicTopics(db: Db): Promise<PublicTopic[]> {
  const found = await sql<PublicTopic>`
    select ${topicColumns} from topic where slug is not null
    order by field nulls last, lower(coalesce(name, slug)), id`.execute(db);
  return found.rows;
}

/** A catalogue topic by its slug or its id. What subscribers typed is theirs and not found. Throws NOT_FOUND. */
export async function publicTopic(db: Db, slugOrId: string): Promise<PublicTopic> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(slugOrId)) throw noTopic();
  const id = /^[1-9]\d{0,17}$/.test(slugOrId) ? slugOrId : null;
  const found = await sql<PublicTopic>`
    select ${topicColumns} from topic
    where slug is not null and (slug = ${slugOrId} or id = ${id}::bigint)
    order by slug = ${slugOrId} desc limit 1`.execute(db);
  const [topic] = found.rows;
  if (!topic) throw noTopic();
  return topic;
}

function noTopic(): PaperboyError {
  return new PaperboyError('NOT_FOUND', 'There is no such topic in the catalogue.');
}

/** Papers that a topic brought in one week, by the day on which they were first listed. */
export interface WeekOfTopic {
  readonly topicId: TopicId;
  /** Its Monday. */
  readonly week: ListedOn;
  readonly papers: number;
}

/** How many papers each catalogue topic, or the one given, brought per week since a day. Empty weeks have no row. */
export async function weeksOfTopics(
  db: Db,
  { since, topicId }: { readonly since: ListedOn; readonly topicId?: TopicId },
): Promise<WeekOfTopic[]> {
  const which = topicId
    ? sql`match.topic_id = ${topicId}`
    : sql`match.topic_id in (select id from topic where slug is not null)`;
  const found = await sql<WeekOfTopic>`
    select match.topic_id as "topicId", date_trunc('week', paper.first_seen_on::timestamp)::date as week,
      count(*)::int as papers
    from match join paper on paper.id = match.paper_id
    where ${which} and ${FITS} and paper.merged_into is null and paper.first_seen_on >= ${since}
    group by 1, 2 order by 1, 2`.execute(db);
  return found.rows;
}

/**
 * New papers by the day of their first listing, among those on pages since a day: those that one of the topics found as
 * a normal subscription asks, and those named. Days without one have no row.
 */
export async function newPapersByDay(
  db: Db,
  {
    since,
    topics,
    papers,
  }: {
    readonly since: ListedOn;
    readonly topics: readonly TopicId[];
    readonly papers: readonly PaperId[];
  },
): Promise<{ readonly day: ListedOn; readonly papers: number }[]> {
  const found = await sql<{ day: ListedOn; papers: number }>`
    with listed as materialized (
      select distinct appearance.paper_id as id
      from listing_page page join appearance on listing_page_id = page.id
      where ${RECORDED} and ${DAY} >= ${since})
    select first_seen_on as day, count(*)::int as papers
    from listed join paper using (id)
    where first_seen_on >= ${since} and merged_into is null
      and (id = any(${papers}::bigint[]) or exists (
        select from match where match.paper_id = id and topic_id = any(${topics}::bigint[]) and ${FITS}))
    group by 1 order by 1`.execute(db);
  return found.rows;
}

/** Where a paper stands among those of a topic. */
export interface FitKey {
  readonly firstSeenOn: ListedOn;
  readonly strength: number;
  readonly paperId: PaperId;
}

/** The papers of a topic that fit it as a normal subscription asks, for `papersOfTopic` and nothing else. */
export const fittingPapers = (topicId: TopicId, after?: FitKey) => sql`
  select match.paper_id, match.reasons, match.matched_at, match.strength
  from match join paper on paper.id = match.paper_id
  where match.topic_id = ${topicId} and ${FITS} and paper.merged_into is null
    and ${
      after
        ? sql`(paper.first_seen_on, match.strength, match.paper_id)
            < (${after.firstSeenOn}, ${after.strength}::real, ${after.paperId})`
        : sql`true`
    }
  order by paper.first_seen_on desc, match.strength desc, match.paper_id desc`;
