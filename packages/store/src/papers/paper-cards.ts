import type { ListedOn, PaperId, SubscriberId, TextKind, TopicId } from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { isStrongEnoughAsVoted, strengthAsVoted } from '../topics/strictness.ts';
import { type FitKey, fittingPapers } from '../topics/topic-views.ts';

/** A paper as lists over many days and feeds show it. */
export interface PaperCard {
  readonly paperId: PaperId;
  /** The canonical wording. */
  readonly title: string;
  readonly abstract: string | null;
  readonly textKind: TextKind;
  readonly authors: string[] | null;
  readonly categories: string[] | null;
  /** Links as the readers gave them: `{rel, url}` objects. */
  readonly links: unknown;
  readonly firstSeenOn: ListedOn;
  readonly lastSeenOn: ListedOn;
  /** Days on which it was listed. */
  readonly daysSeen: number;
  /** When the page that showed it first was seen. */
  readonly foundAt: Date;
  /** That, or when its words last changed. */
  readonly updatedAt: Date;
  /** When it came to stand in the list, which for pages read late is long after it was found. */
  readonly addedAt: Date;
  /** How well it fits a topic, 1 as the best of the weeks before; null outside of topics. */
  readonly strength: number | null;
  /** Why it is a topic's, as the topics package gave it; null outside of topics. */
  readonly reasons: unknown;
}

/** The papers that a catalogue topic found, newest first; `after` begins below the paper of that key. */
export async function papersOfTopic(
  db: Db,
  topicId: TopicId,
  {
    limit,
    skip = 0,
    after,
  }: { readonly limit: number; readonly skip?: number; readonly after?: FitKey | undefined },
): Promise<PaperCard[]> {
  return cardsOf(db, sql`${fittingPapers(topicId, after)} limit ${limit} offset ${skip}`);
}

/** The papers that were found last, over all sources, newest first; `before` begins below that one. */
export async function newestPapers(
  db: Db,
  { limit, before }: { readonly limit: number; readonly before?: PaperId | undefined },
): Promise<PaperCard[]> {
  const newest = sql`
    select id as paper_id, null::jsonb as reasons, created_at as matched_at, null::real as strength
    from paper where merged_into is null and ${before ? sql`id < ${before}` : sql`true`}
    order by id desc limit ${limit}`;
  return cardsOf(db, newest);
}

/** One paper in the same form; undefined where there is none, or where it was merged. */
export async function paperCard(db: Db, id: PaperId): Promise<PaperCard | undefined> {
  const one = sql`
    select id, null::jsonb, created_at, null::real from paper where id = ${id} and merged_into is null`;
  return (await cardsOf(db, one))[0];
}

/** How far back a reader's own list goes, in days: further than a feed reader that was away for a holiday. */
const READER_DAYS = 90;

/**
 * The papers of all topics of a reader, newest first and each once under its best: what digests are made of, at the
 * reader's strictness and by their votes, without what they said is not for them.
 */
export async function papersOfReader(
  db: Db,
  reader: SubscriberId,
  { limit }: { readonly limit: number },
): Promise<PaperCard[]> {
  const own = sql`
    select * from (
      select distinct on (match.paper_id) match.paper_id, match.reasons, match.matched_at,
        ${strengthAsVoted} as strength, paper.first_seen_on
      from subscription
      join match on match.topic_id = subscription.topic_id
      join paper on paper.id = match.paper_id
      left join voted_match on voted_match.subscriber_id = subscription.subscriber_id
        and voted_match.topic_id = match.topic_id and voted_match.paper_id = match.paper_id
      where subscription.subscriber_id = ${reader} and ${isStrongEnoughAsVoted} and paper.merged_into is null
        and paper.first_seen_on >= (select first_seen_on from paper order by id desc limit 1) - ${READER_DAYS}::int
        and not exists (select from feedback where feedback.subscriber_id = subscription.subscriber_id
          and feedback.paper_id = match.paper_id and feedback.vote = 'dislike')
      order by match.paper_id, match.is_certain desc, strength desc, match.topic_id) best
    order by first_seen_on desc, strength desc, paper_id desc limit ${limit}`;
  return cardsOf(db, sql`select paper_id, reasons, matched_at, strength from (${own}) own`);
}

async function cardsOf(db: Db, chosen: RawBuilder<unknown>): Promise<PaperCard[]> {
  const found = await sql<PaperCard>`
    with chosen as materialized (
      select *, row_number() over () as place from (${chosen}) papers (paper_id, reasons, matched_at, strength))
    select paper.id as "paperId", text.title, text.abstract, text.text_kind as "textKind", text.authors,
      text.categories, text.links, paper.first_seen_on as "firstSeenOn", past.last_on as "lastSeenOn",
      past.days as "daysSeen", first.seen_at as "foundAt", greatest(first.seen_at, changed.at) as "updatedAt",
      greatest(paper.created_at, chosen.matched_at) as "addedAt", chosen.strength, chosen.reasons
    from chosen
    join paper on paper.id = chosen.paper_id
    join paper_text text on text.id = paper.text_id
    join listing_page first on first.id = paper.first_page_id
    cross join lateral (
      select coalesce(max(seen_on), paper.first_seen_on) as last_on, count(distinct seen_on)::int as days
      from appearance where paper_id = paper.id) past
    cross join lateral (
      select max(page.seen_at) as at from revision join listing_page page on page.id = revision.listing_page_id
      where revision.paper_id = paper.id and revision.changed && array['title', 'abstract']) changed
    order by chosen.place`.execute(db);
  return found.rows;
}
