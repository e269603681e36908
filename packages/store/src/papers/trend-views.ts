import type { ListedOn, PaperId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { DAY, RECORDED } from '../pages/listing-views.ts';

/** New papers of one week, over all sources. */
interface WeekOfPapers {
  /** Its Monday. */
  readonly week: ListedOn;
  readonly papers: number;
}

/** How many papers were first listed in each week since a day. Weeks without a listing have no row. */
export async function weeksOfPapers(
  db: Db,
  { since }: { readonly since: ListedOn },
): Promise<WeekOfPapers[]> {
  const found = await sql<WeekOfPapers>`
    select date_trunc('week', ${DAY}::timestamp)::date as week, sum(new_count)::int as papers
    from listing_page page where ${RECORDED} and ${DAY} >= ${since} group by 1 order by 1`.execute(
    db,
  );
  return found.rows;
}

/** The first day on which anything was listed. */
export async function firstListingDay(db: Db): Promise<ListedOn | undefined> {
  const found = await sql<{ day: ListedOn }>`
    select ${DAY} as day from listing_page page where ${RECORDED} order by 1 limit 1`.execute(db);
  return found.rows[0]?.day;
}

/** A paper that stood on the lists more of late than before. */
export interface RisingPaper {
  readonly paperId: PaperId;
  readonly title: string;
  readonly firstSeenOn: ListedOn;
  /** Days of the recent span on which it was listed, and of the span before. */
  readonly days: number;
  readonly daysBefore: number;
  /** Sources that listed it in the recent span, its best place there and the most upvotes. */
  readonly sources: number;
  readonly best: number;
  readonly upvotes: number | null;
}

/**
 * Papers listed on `leastDays` days and more since `recent`, and on more of them than between `before` and `recent`:
 * those that gained the most days first. Costs what was listed since `before`.
 */
export async function risingPapers(
  db: Db,
  wish: {
    readonly before: ListedOn;
    readonly recent: ListedOn;
    readonly leastDays: number;
    readonly limit: number;
  },
): Promise<RisingPaper[]> {
  const { before, recent, leastDays, limit } = wish;
  const found = await sql<RisingPaper>`
    with sightings as (
      select appearance.paper_id, ${DAY} as day, page.source_id, position, upvotes, ${DAY} >= ${recent} as is_recent
      from listing_page page join appearance on listing_page_id = page.id
      where ${RECORDED} and ${DAY} >= ${before}),
    counted as (
      select paper_id, count(distinct day) filter (where is_recent)::int as days,
        count(distinct day) filter (where not is_recent)::int as days_before,
        count(distinct source_id) filter (where is_recent)::int as sources,
        min(position) filter (where is_recent) as best, max(upvotes) filter (where is_recent) as upvotes
      from sightings group by paper_id having count(*) >= ${leastDays})
    select paper.id as "paperId", text.title, paper.first_seen_on as "firstSeenOn", days, days_before as "daysBefore",
      sources, best, upvotes
    from counted join paper on paper.id = paper_id and paper.merged_into is null
    join paper_text text on text.id = paper.text_id
    where days >= ${leastDays} and days > days_before
    order by days - days_before desc, sources desc, best, paper.id desc limit ${limit}`.execute(db);
  return found.rows;
}
