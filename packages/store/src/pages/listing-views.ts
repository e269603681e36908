import {
  type ListedOn,
  type ListingPageId,
  type PageOutcome,
  PaperboyError,
  type PaperId,
  type Section,
  type TextKind,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** The day a page counts for: the one it names, else the one it was seen on (as `appearance.seen_on`). */
export const DAY = sql<ListedOn>`coalesce(page.listed_on, (page.seen_at at time zone 'UTC')::date)`;
/** Pages whose entries were recorded; the condition of the index listing_page_by_day. */
export const RECORDED = sql<boolean>`page.verdict in ('new-batch', 'grew', 'partial', 'cut')`;

/** A day on which something was listed. */
export interface DaySummary {
  readonly day: ListedOn;
  /** Papers seen there for the first time. */
  readonly newPapers: number;
  /** Entries over all sources; a paper on two lists counts twice. */
  readonly listed: number;
}

/** Days with recorded pages, newest first. `before` leaves out that day and all after it. */
export async function listDays(
  db: Db,
  { before, limit }: { readonly before?: ListedOn | undefined; readonly limit: number },
): Promise<DaySummary[]> {
  const rows = await sql<DaySummary>`
    select ${DAY} as day, sum(new_count)::int as "newPapers", sum(new_count + recurring_count)::int as listed
    from listing_page page
    where ${RECORDED} and ${before ? sql`${DAY} < ${before}` : sql`true`}
    group by 1 order by 1 desc limit ${limit}`.execute(db);
  return rows.rows;
}

/** The days with recorded pages right before and after this one, which need not be such a day itself. */
export async function neighbourDays(
  db: Db,
  day: ListedOn,
): Promise<{ readonly earlier: ListedOn | null; readonly later: ListedOn | null }> {
  const found = await sql<{ earlier: ListedOn | null; later: ListedOn | null }>`
    select (select max(${DAY}) from listing_page page where ${RECORDED} and ${DAY} < ${day}) as earlier,
      (select min(${DAY}) from listing_page page where ${RECORDED} and ${DAY} > ${day}) as later`.execute(
    db,
  );
  return found.rows[0] ?? { earlier: null, later: null };
}

/** A recorded page of one day. A source that listed more during the day has several. */
export interface DayPage {
  readonly id: ListingPageId;
  readonly sourceName: string;
  readonly sourceTitle: string;
  readonly verdict: PageOutcome;
  readonly note: string | null;
  /** As the page's own diff counted them: a paper that another list of the day showed first recurs here. */
  readonly newPapers: number;
  readonly recurringPapers: number;
  /** Position of its last entry. */
  readonly lastPosition: number;
}

const PAGE_COLUMNS = sql`
  page.id, source.name as "sourceName", source.title as "sourceTitle", page.verdict, page.note,
  page.new_count as "newPapers", page.recurring_count as "recurringPapers",
  (select coalesce(max(position), 0) from appearance where listing_page_id = page.id) as "lastPosition"`;

/** The recorded pages of a day, latest first; empty when nothing was listed. */
export async function pagesOfDay(db: Db, day: ListedOn): Promise<DayPage[]> {
  const rows = await sql<DayPage>`
    select ${PAGE_COLUMNS} from listing_page page join source on source.id = page.source_id
    where ${RECORDED} and ${DAY} = ${day}
    order by page.id desc`.execute(db);
  return rows.rows;
}

/** A recorded page by itself. */
export interface PageView extends DayPage {
  readonly day: ListedOn;
  readonly seenAt: Date;
}

/** Recorded pages, the one seen last first; `before` begins below that one. */
export async function recordedPages(
  db: Db,
  {
    limit,
    before,
    day,
    source,
  }: {
    readonly limit: number;
    readonly before?: ListingPageId | undefined;
    readonly day?: ListedOn | undefined;
    /** Its name. */
    readonly source?: string | undefined;
  },
): Promise<PageView[]> {
  const rows = await sql<PageView>`
    select ${PAGE_COLUMNS}, ${DAY} as day, page.seen_at as "seenAt"
    from listing_page page join source on source.id = page.source_id
    where ${RECORDED} and ${before ? sql`page.id < ${before}` : sql`true`}
      and ${day ? sql`${DAY} = ${day}` : sql`true`} and ${source ? sql`source.name = ${source}` : sql`true`}
    order by page.id desc limit ${limit}`.execute(db);
  return rows.rows;
}

/** One recorded page. Throws NOT_FOUND, also for a page of which nothing was recorded. */
export async function recordedPage(db: Db, id: ListingPageId): Promise<PageView> {
  const rows = await sql<PageView>`
    select ${PAGE_COLUMNS}, ${DAY} as day, page.seen_at as "seenAt"
    from listing_page page join source on source.id = page.source_id
    where ${RECORDED} and page.id = ${id}`.execute(db);
  const [page] = rows.rows;
  if (!page) throw new PaperboyError('NOT_FOUND', `no recorded listing page ${id}`);
  return page;
}

/** How many papers some pages of a day show, each once: those that the day showed first, and those known before. */
export async function countPapersOfPages(
  db: Db,
  { dayPages, pages }: Pick<PaperChoice, 'dayPages' | 'pages'>,
): Promise<{ readonly newPapers: number; readonly recurringPapers: number }> {
  const found = await sql<{ newPapers: number; recurringPapers: number }>`
    select count(*) filter (where is_new)::int as "newPapers",
      count(*) filter (where not is_new)::int as "recurringPapers"
    from (
      select distinct paper_id, first_page_id = any(${dayPages}::bigint[]) as is_new
      from appearance join paper on paper.id = appearance.paper_id
      where listing_page_id = any(${pages}::bigint[])) papers`.execute(db);
  return found.rows[0] ?? { newPapers: 0, recurringPapers: 0 };
}

/** A paper as it stands on a day's page, with what is known of its past. */
export interface ListedPaper {
  readonly paperId: PaperId;
  readonly listingPageId: ListingPageId;
  /** First shown by one of the day's pages. */
  readonly isNew: boolean;
  readonly position: number;
  /** Its position on the source's page before; null where it was not there. */
  readonly previousPosition: number | null;
  readonly section: Section;
  readonly upvotes: number | null;
  /** The canonical wording; the abstract's first 600 characters. */
  readonly title: string;
  readonly abstract: string | null;
  readonly textKind: TextKind;
  readonly authors: string[] | null;
  /** Links as the readers gave them: `{rel, url}` objects. */
  readonly links: unknown;
  readonly firstSeenOn: ListedOn;
  /** Listings up to and with this day. */
  readonly timesSeen: number;
  /** The last day before this one on which it was listed. */
  readonly lastSeenOn: ListedOn | null;
  /** Other pages of the day that show it too. */
  readonly alsoOn: ListingPageId[];
}

export interface PaperChoice {
  readonly day: ListedOn;
  /** All pages of the day: what they showed first is new. */
  readonly dayPages: readonly ListingPageId[];
  /** Those whose papers are wanted. */
  readonly pages: readonly ListingPageId[];
  /** At most so many new and so many recurring papers from each page. */
  readonly perSection: number;
  /** Only positions above this; 0 when left out. */
  readonly after?: number;
  /** Only positions up to this one. */
  readonly upTo?: number;
}

/**
 * Papers of some pages, new ones before recurring ones, each in page order. A long page costs what is shown
 * of it: each section is read off the page's index until it is full.
 */
export async function papersOfPages(db: Db, choice: PaperChoice): Promise<ListedPaper[]> {
  const { day, dayPages, pages, perSection, after = 0, upTo = 2 ** 31 - 1 } = choice;
  const rows = await sql<ListedPaper>`
    select seen.paper_id as "paperId", page.id as "listingPageId", part.is_new as "isNew", seen.position,
      before.position as "previousPosition", seen.section, seen.upvotes, text.title,
      left(text.abstract, 600) as abstract, text.text_kind as "textKind", text.authors, text.links,
      seen.first_seen_on as "firstSeenOn", past.times as "timesSeen", past.last_seen_on as "lastSeenOn",
      array(select other.listing_page_id from appearance other where other.paper_id = seen.paper_id
        and other.listing_page_id = any(${dayPages}::bigint[]) and other.listing_page_id <> page.id) as "alsoOn"
    from listing_page page
    join listing_page batch on batch.id = page.batch_page_id
    cross join (values (true), (false)) part (is_new)
    cross join lateral (
      select appearance.*, paper.first_seen_on, paper.text_id as canonical_text_id
      from appearance join paper on paper.id = appearance.paper_id
      where appearance.listing_page_id = page.id and appearance.position > ${after} and appearance.position <= ${upTo}
        and (paper.first_page_id = any(${dayPages}::bigint[])) = part.is_new
      order by appearance.position limit ${perSection}) seen
    join paper_text text on text.id = seen.canonical_text_id
    cross join lateral (
      select count(*)::int as times, max(seen_on) filter (where seen_on < ${day}) as last_seen_on
      from appearance where paper_id = seen.paper_id and seen_on <= ${day}) past
    left join lateral (
      select appearance.position from listing_page earlier
      join appearance on appearance.listing_page_id = earlier.id and appearance.paper_id = seen.paper_id
      where earlier.batch_page_id = batch.previous_batch_page_id limit 1) before on true
    where page.id = any(${pages}::bigint[])
    order by part.is_new desc, page.id desc, seen.position`.execute(db);
  return rows.rows;
}
