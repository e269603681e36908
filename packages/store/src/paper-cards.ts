import type { ListedOn, PaperId, TextKind, TopicId } from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './database.ts';
import { fittingPapers } from './topic-views.ts';

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
  /** Why it is a topic's, as the topics package gave it; null outside of topics. */
  readonly reasons: unknown;
}

/** The papers that a catalogue topic found, newest first. */
export async function papersOfTopic(
  db: Db,
  topicId: TopicId,
  { limit, skip = 0 }: { readonly limit: number; readonly skip?: number },
): Promise<PaperCard[]> {
  return cardsOf(db, sql`${fittingPapers(topicId)} limit ${limit} offset ${skip}`);
}

/** The papers that were found last, over all sources, newest first. */
export async function newestPapers(
  db: Db,
  { limit }: { readonly limit: number },
): Promise<PaperCard[]> {
  const newest = sql`
    select id as paper_id, null::jsonb as reasons, created_at as matched_at
    from paper where merged_into is null order by id desc limit ${limit}`;
  return cardsOf(db, newest);
}

async function cardsOf(db: Db, chosen: RawBuilder<unknown>): Promise<PaperCard[]> {
  const found = await sql<PaperCard>`
    with chosen as materialized (
      select *, row_number() over () as place from (${chosen}) papers (paper_id, reasons, matched_at))
    select paper.id as "paperId", text.title, text.abstract, text.text_kind as "textKind", text.authors,
      text.categories, text.links, paper.first_seen_on as "firstSeenOn", past.last_on as "lastSeenOn",
      past.days as "daysSeen", first.seen_at as "foundAt", greatest(first.seen_at, changed.at) as "updatedAt",
      greatest(paper.created_at, chosen.matched_at) as "addedAt", chosen.reasons
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
