import type { ListingPageId, PaperId, PaperTextId, SourceId } from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Db, Tx } from '../connection/database.ts';

/** A source's pages that were read, oldest first; `since` a moment at which they were seen. */
export async function listReadPages(
  db: Db,
  { sourceId, since }: { readonly sourceId: SourceId; readonly since?: Date },
): Promise<ListingPageId[]> {
  let pages = db
    .selectFrom('listing_page')
    .where('source_id', '=', sourceId)
    .where('read_at', 'is not', null);
  if (since) pages = pages.where('seen_at', '>=', since);
  const found = await pages.select('id').orderBy('id').execute();
  return found.map(({ id }) => id);
}

/** Papers that a batch shows, with the wording that one of its pages showed; undefined where another page did. */
export async function papersShown(
  db: Db,
  batchPageId: ListingPageId,
  onPage: ListingPageId,
): Promise<Map<PaperId, PaperTextId | undefined>> {
  const rows = await sql<{ paperId: PaperId; textId: PaperTextId; isHere: boolean }>`
    select paper_id as "paperId", text_id as "textId", listing_page_id = ${onPage} as "isHere"
    from appearance
    where listing_page_id = any(array(select id from listing_page where batch_page_id = ${batchPageId}))
    order by "isHere"`.execute(db);
  return new Map(rows.rows.map((row) => [row.paperId, row.isHere ? row.textId : undefined]));
}

/** Points appearances of a page at the wording that the page turned out to show. */
export async function rewordAppearances(
  tx: Tx,
  page: ListingPageId,
  worded: readonly { readonly paperId: PaperId; readonly textId: PaperTextId }[],
): Promise<void> {
  if (worded.length === 0) return;
  await sql`
    update appearance set text_id = now.text_id
    from unnest(
      ${column('bigint', worded, ({ paperId }) => paperId)},
      ${column('bigint', worded, ({ textId }) => textId)}) as now(paper_id, text_id)
    where appearance.listing_page_id = ${page} and appearance.paper_id = now.paper_id`.execute(tx);
}

/** What a better reader found on a page beyond what was recorded of it. */
export interface FoundLater {
  readonly entries: number;
  readonly abstracts: number;
  /** Papers that no page had shown, and others. */
  readonly new: number;
  readonly recurring: number;
}

/** Adds to a page's own counts; its verdict, its day and its place among the ready pages stay. */
export async function addFindings(tx: Tx, id: ListingPageId, found: FoundLater): Promise<void> {
  await sql`
    update listing_page set
      entry_count = greatest(entry_count, ${found.entries}::int),
      abstract_count = greatest(abstract_count, ${found.abstracts}::int),
      new_count = new_count + ${found.new}::int,
      recurring_count = recurring_count + ${found.recurring}::int,
      appearance_count = appearance_count + ${found.new}::int + ${found.recurring}::int
    where id = ${id}`.execute(tx);
}
