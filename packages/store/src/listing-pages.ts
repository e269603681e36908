import type {
  AcceptedPage,
  Coverage,
  ListedOn,
  ListingPageId,
  PageOutcome,
  PageShape,
  PaperId,
  SourceId,
} from '@paperboy/core';
import { sql } from 'kysely';
import { column } from './columns.ts';
import type { Db, Tx } from './database.ts';
import { lockReadyPagesShared } from './locks.ts';
import { together } from './pipeline.ts';

export interface CapturedPage {
  readonly sourceId: SourceId;
  /** SHA-256 of the bytes as they came. */
  readonly contentHash: Buffer;
  /** gzip of the same bytes. */
  readonly body: Buffer;
  readonly bodyBytes: number;
  readonly seenAt: Date;
  /** Where it was read from; absent for saved pages. */
  readonly address?: string;
  /** The day whose list was asked for, where the address names one. */
  readonly askedFor?: ListedOn;
  /** The Content-Type it was served with. */
  readonly contentType?: string;
  /** Of a list that came in several: each part's length within the bytes and where it was read from. */
  readonly parts?: readonly PagePart[];
  /** Why something is missing that the bytes themselves do not show. */
  readonly cutBecause?: string;
}

/** One of several parts of a listing page, in order. */
export interface PagePart {
  readonly bytes: number;
  readonly address: string;
}

/** Keeps a captured page. The same bytes from the same source are one page for ever: then `fresh` is false. */
export async function storePage(
  db: Db,
  page: CapturedPage,
): Promise<{ listingPageId: ListingPageId; fresh: boolean }> {
  const inserted = await db
    .insertInto('listing_page')
    .values({
      source_id: page.sourceId,
      content_hash: page.contentHash,
      body: page.body,
      body_bytes: page.bodyBytes,
      seen_at: page.seenAt,
      address: page.address ?? null,
      asked_for: page.askedFor ?? null,
      content_type: page.contentType ?? null,
      part_bytes: page.parts?.map(({ bytes }) => bytes) ?? null,
      part_addresses: page.parts?.map(({ address }) => address) ?? null,
      cut_because: page.cutBecause ?? null,
    })
    .onConflict((conflict) => conflict.constraint('listing_page_content').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted) return { listingPageId: inserted.id, fresh: true };
  const existing = await findPageByHash(db, page.sourceId, page.contentHash);
  if (!existing) throw new Error('a page vanished while it was stored again');
  return { listingPageId: existing, fresh: false };
}

/** The page of these bytes, if this source has shown them before. */
export async function findPageByHash(
  db: Db,
  sourceId: SourceId,
  contentHash: Buffer,
): Promise<ListingPageId | undefined> {
  const page = await db
    .selectFrom('listing_page')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('content_hash', '=', contentHash)
    .executeTakeFirst();
  return page?.id;
}

/** The same, if it is a page of one part of which nothing is known to be missing. */
export async function findWholePage(
  db: Db,
  sourceId: SourceId,
  contentHash: Buffer,
): Promise<ListingPageId | undefined> {
  const page = await db
    .selectFrom('listing_page')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('content_hash', '=', contentHash)
    .where('part_bytes', 'is', null)
    .where('cut_because', 'is', null)
    .executeTakeFirst();
  return page?.id;
}

/** A captured page as it was stored, for reading. */
export async function loadPage(db: Db, id: ListingPageId) {
  return db
    .selectFrom('listing_page')
    .innerJoin('source', 'source.id', 'listing_page.source_id')
    .where('listing_page.id', '=', id)
    .select([
      'listing_page.source_id as sourceId',
      'listing_page.body',
      'listing_page.seen_at as seenAt',
    ])
    .select(['listing_page.address', 'listing_page.asked_for as askedFor', 'listing_page.verdict'])
    .select(['listing_page.content_type as contentType', 'listing_page.cut_because as cutBecause'])
    .select(['part_bytes as partBytes', 'part_addresses as partAddresses'])
    .select(['source.format', 'source.zone', 'source.name as sourceName'])
    .select(['source.declaration', 'source.url as sourceUrl'])
    .executeTakeFirst();
}

const resultColumns = [
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

/** A source's pages, newest first. */
export async function listPages(
  db: Db,
  { sourceId, limit }: { sourceId: SourceId; limit: number },
) {
  return db
    .selectFrom('listing_page')
    .select(resultColumns)
    .select(['seen_at as seenAt', 'body_bytes as bodyBytes'])
    .where('source_id', '=', sourceId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Pages that a source's past is told from: about ten batches, and as many looks at each as are made of one. */
const PAST_PAGES = 200;

/** A source's latest accepted pages, newest first, for the judge; or the latest before one of them. */
export async function acceptedPages(
  db: Db,
  sourceId: SourceId,
  before?: ListingPageId,
): Promise<AcceptedPage[]> {
  const rows = await db
    .selectFrom('listing_page')
    .where('source_id', '=', sourceId)
    .where('read_at', 'is not', null)
    .where('batch_page_id', 'is not', null)
    .$if(before !== undefined, (page) => page.where('id', '<', before ?? null))
    .select([
      sql<ListingPageId>`batch_page_id`.as('batchPageId'),
      'listed_on as listedOn',
      'seen_at as seenAt',
      sql<boolean>`address is not null`.as('isLive'),
      sql<PageOutcome>`verdict`.as('verdict'),
      sql<number>`coalesce(entry_count - repeated_count, 0)`.as('papers'),
      sql<number>`coalesce(appearance_count, 0)`.as('appearances'),
      'coverage',
    ])
    .orderBy('id', 'desc')
    .limit(PAST_PAGES)
    .execute();
  return rows;
}

/** What the judge has to know of a page whose bytes came again. */
export async function pageAgain(db: Db, id: ListingPageId) {
  return db
    .selectFrom('listing_page')
    .where('id', '=', id)
    .select(['verdict', 'note', 'shape', 'listed_on as listedOn', 'batch_page_id as batchPageId'])
    .select(['entry_count as entries', 'claimed_count as claimed'])
    .executeTakeFirst();
}

/** Which of these papers stand in a batch already. */
export async function papersInBatch(
  db: Db,
  batchPageId: ListingPageId,
  papers: readonly PaperId[],
): Promise<Set<PaperId>> {
  if (papers.length === 0) return new Set();
  // From the batch's side, which is a page or a few: the other way round every paper's history is looked through.
  const rows = await sql<{ id: PaperId }>`
    select paper_id as id from appearance
    where listing_page_id = any(array(select id from listing_page where batch_page_id = ${batchPageId}))
      and paper_id = any(${column('bigint', papers, (id) => id)})`.execute(db);
  return new Set(rows.rows.map((found) => found.id));
}

export interface PageFindings {
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

/** Whether a page was read before; asked inside the recording transaction, under its lock. */
export async function isRead(tx: Tx, id: ListingPageId): Promise<boolean> {
  const page = await tx
    .selectFrom('listing_page')
    .select('read_at')
    .where('id', '=', id)
    .executeTakeFirst();
  return page?.read_at != null;
}

/** Writes down what a page turned out to be, and gives it as `pageResult` does. */
export async function saveFindings(
  tx: Tx,
  id: ListingPageId,
  found: PageFindings,
): Promise<PageResult> {
  return tx
    .updateTable('listing_page')
    .where('id', '=', id)
    .set({
      // The first reading's moment: one that is read again and found as before is the same row.
      read_at: sql`coalesce(read_at, now())`,
      format: found.format ?? null,
      listed_on: found.listedOn ?? null,
      verdict: found.verdict,
      note: found.note,
      warnings: [...found.warnings],
      entry_count: found.entries,
      claimed_count: found.claimed ?? null,
      shape: found.shape ?? null,
      coverage: found.coverage ? sql`${JSON.stringify(found.coverage)}::jsonb` : null,
      abstract_count: found.abstracts,
      new_count: found.new,
      recurring_count: found.recurring,
      repeated_count: found.repeated,
      revised_count: found.revised,
      appearance_count: found.appearances,
      batch_page_id: found.batchPageId ?? null,
      previous_batch_page_id: found.previousBatchPageId ?? null,
    })
    .returning(resultColumns)
    .executeTakeFirstOrThrow();
}

/**
 * Makes a page available to digests, once: its number says after which other pages it came. The shared lock
 * keeps it from landing behind the edge of a window that a planner is fixing.
 */
export async function markReady(tx: Tx, id: ListingPageId): Promise<void> {
  const number = tx
    .updateTable('listing_page')
    .where('id', '=', id)
    .where('ready_no', 'is', null)
    .set({ ready_no: sql`nextval('listing_page_ready_no')` });
  await together([lockReadyPagesShared(tx), number.execute()]);
}

/** Pages that some step has yet to do, for the reconciler: what a lost queue forgot. */
export async function unfinishedPages(
  db: Db,
): Promise<{ unread: ListingPageId[]; unready: ListingPageId[] }> {
  const unread = await db
    .selectFrom('listing_page')
    .select('id')
    .where('read_at', 'is', null)
    .orderBy('id')
    .execute();
  const unready = await db
    .selectFrom('listing_page')
    .select('id')
    .where('read_at', 'is not', null)
    .where('ready_no', 'is', null)
    .where('verdict', 'in', ['new-batch', 'grew', 'partial', 'cut'])
    .orderBy('id')
    .execute();
  return { unread: unread.map((page) => page.id), unready: unready.map((page) => page.id) };
}
