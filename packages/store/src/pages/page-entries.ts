import type { ListingPageId, PaperId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** An entry that was read from a page, and what the diff made of it. */
export interface PageEntry {
  readonly position: number;
  readonly section: string;
  readonly paperId: PaperId;
  /** As this page words it. */
  readonly title: string;
  readonly hasAbstract: boolean;
  readonly isNew: boolean;
  /** What this page changed, such as `title`; null where nothing. */
  readonly changed: string[] | null;
  /** The title before, where this page changed it. */
  readonly wasTitle: string | null;
}

/** The entries recorded from a page, in its order. */
export async function entriesOfPage(
  db: Db,
  id: ListingPageId,
  { limit }: { readonly limit: number },
): Promise<PageEntry[]> {
  const found = await sql<PageEntry>`
    select position, section, appearance.paper_id as "paperId", text.title, text.abstract is not null as "hasAbstract",
      paper.first_page_id = ${id} as "isNew", revision.changed, earlier.title as "wasTitle"
    from appearance join paper on paper.id = appearance.paper_id join paper_text text on text.id = appearance.text_id
    left join revision on revision.paper_id = paper.id and revision.listing_page_id = ${id}
      and revision.to_text_id = text.id
    left join paper_text earlier on earlier.id = revision.from_text_id
    where appearance.listing_page_id = ${id}
    order by position limit ${limit}`.execute(db);
  return found.rows;
}

/** Papers of the source's batch before this page's that its own batch no longer lists, in their order then. */
export async function papersGone(
  db: Db,
  id: ListingPageId,
  { limit }: { readonly limit: number },
): Promise<{ readonly paperId: PaperId; readonly title: string; readonly position: number }[]> {
  const found = await sql<{ paperId: PaperId; title: string; position: number }>`
    with page as (
      select batch_page_id, previous_batch_page_id from listing_page
      where id = ${id} and batch_page_id is not null and previous_batch_page_id is not null
    ), here as (
      select paper_id from appearance where listing_page_id in (
        select other.id from listing_page other join page on other.batch_page_id = page.batch_page_id)
    )
    select appearance.paper_id as "paperId", title, min(position) as position
    from page join listing_page other on other.batch_page_id = page.previous_batch_page_id
    join appearance on appearance.listing_page_id = other.id join paper_text on paper_text.id = appearance.text_id
    where appearance.paper_id not in (select paper_id from here)
    group by 1, 2 order by 3 limit ${limit}`.execute(db);
  return found.rows;
}
