import type { Coverage, ListedOn, ListingPageId, PageOutcome, PageShape } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';

export const resultColumns = [
  'listing_page.id',
  'listing_page.format',
  'listing_page.listed_on as listedOn',
  'listing_page.verdict',
  'listing_page.note',
  'listing_page.warnings',
  'listing_page.entry_count as entries',
  'listing_page.claimed_count as claimed',
  'listing_page.new_count as new',
  'listing_page.recurring_count as recurring',
  'listing_page.repeated_count as repeated',
  'listing_page.revised_count as revised',
  'listing_page.batch_page_id as batchPageId',
  'listing_page.ready_no as readyNo',
] as const;

/** What became of a page; counts and verdict are null until it is read. */
export async function pageResult(db: Db, id: ListingPageId) {
  return db
    .selectFrom('listing_page')
    .select(resultColumns)
    .where('id', '=', id)
    .executeTakeFirst();
}

export type PageResult = NonNullable<Awaited<ReturnType<typeof pageResult>>>;

/** What became of pages, by their ids. */
export async function pageResults(
  db: Db,
  ids: readonly ListingPageId[],
): Promise<Map<ListingPageId, PageResult>> {
  if (ids.length === 0) return new Map();
  const found = await db
    .selectFrom('listing_page')
    .select(resultColumns)
    .where('id', 'in', ids)
    .execute();
  return new Map(found.map((page) => [page.id, page]));
}

/** Which of these pages were read before; asked inside the recording transaction, under its lock. */
export async function readAmong(
  tx: Tx,
  ids: readonly ListingPageId[],
): Promise<Set<ListingPageId>> {
  const read = await tx
    .selectFrom('listing_page')
    .select('id')
    .where('id', 'in', ids)
    .where('read_at', 'is not', null)
    .execute();
  return new Set(read.map(({ id }) => id));
}

/** What a page turned out to be. */
export interface PageFindings {
  readonly id: ListingPageId;
  readonly format?: string;
  readonly listedOn?: ListedOn;
  readonly verdict: PageOutcome;
  readonly note: string;
  readonly warnings: readonly string[];
  readonly entries: number;
  readonly claimed?: number;
  readonly shape?: PageShape;
  readonly coverage?: Coverage;
  readonly abstracts: number;
  readonly new: number;
  readonly recurring: number;
  readonly repeated: number;
  readonly revised: number;
  /** How many appearances were written for it. */
  readonly appearances: number;
  /** The batch this page belongs to; itself for a new batch, absent when nothing was recorded. */
  readonly batchPageId?: ListingPageId;
  readonly previousBatchPageId?: ListingPageId;
}

/** As the one parameter of a statement has them. */
const FOUND = sql`found (id bigint, format text, listed_on date, verdict text, note text, warnings text[], entries int,
  claimed int, shape text, coverage jsonb, abstracts int, new int, recurring int, repeated int, revised int,
  appearances int, batch_page_id bigint, previous_batch_page_id bigint)`;

/** Writes down what pages turned out to be, and gives each as `pageResult` does, by its id. */
export async function saveFindings(
  tx: Tx,
  pages: readonly PageFindings[],
): Promise<Map<ListingPageId, PageResult>> {
  const rows = pages.map((found) => ({
    ...found,
    listed_on: found.listedOn,
    batch_page_id: found.batchPageId,
    previous_batch_page_id: found.previousBatchPageId,
  }));
  const saved = await tx
    .updateTable('listing_page')
    .from(sql`jsonb_to_recordset(${JSON.stringify(rows, wellFormed)}::jsonb)`.as<'found'>(FOUND))
    .where('listing_page.id', '=', sql<ListingPageId>`found.id`)
    .set({
      // The first reading's moment: one that is read again and found as before is the same row.
      read_at: sql`coalesce(listing_page.read_at, now())`,
      format: sql`found.format`,
      listed_on: sql`found.listed_on`,
      verdict: sql`found.verdict`,
      note: sql`found.note`,
      warnings: sql`found.warnings`,
      entry_count: sql`found.entries`,
      claimed_count: sql`found.claimed`,
      shape: sql`found.shape`,
      coverage: sql`found.coverage`,
      abstract_count: sql`found.abstracts`,
      new_count: sql`found.new`,
      recurring_count: sql`found.recurring`,
      repeated_count: sql`found.repeated`,
      revised_count: sql`found.revised`,
      appearance_count: sql`found.appearances`,
      batch_page_id: sql`found.batch_page_id`,
      previous_batch_page_id: sql`found.previous_batch_page_id`,
    })
    .returning(resultColumns)
    .execute();
  return new Map(saved.map((page) => [page.id, page]));
}

/** A note may quote a page, and half a sign is no text to Postgres. */
const wellFormed = (_: string, value: unknown) =>
  typeof value === 'string' ? value.toWellFormed() : value;
