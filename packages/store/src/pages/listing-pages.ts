import type {
  AcceptedPage,
  ListedOn,
  ListingPageId,
  PageOutcome,
  PaperId,
  SourceId,
} from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Db, Tx } from '../connection/database.ts';
import { lockReadyPagesShared } from '../connection/locks.ts';
import { together } from '../connection/pipeline.ts';
import { resultColumns } from './page-findings.ts';

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

/** A page as it is kept. */
export interface StoredPage {
  readonly listingPageId: ListingPageId;
  /** Whether these bytes are of this page for the first time. */
  readonly fresh: boolean;
}

/** Keeps a captured page. The same bytes from the same source are one page for ever: then `fresh` is false. */
export async function storePage(db: Db, page: CapturedPage): Promise<StoredPage> {
  const [stored] = await storePages(db, [page]);
  if (!stored) throw new Error('a page was not stored');
  return stored;
}

/** Keeps captured pages of any sources with one statement, and says of each, in their order, what it is kept as. */
export async function storePages(db: Db, pages: readonly CapturedPage[]): Promise<StoredPage[]> {
  if (pages.length === 0) return [];
  const inserted = await db
    .insertInto('listing_page')
    .values(
      pages.map((page) => ({
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
      })),
    )
    .onConflict((conflict) => conflict.constraint('listing_page_content').doNothing())
    .returning(['id', 'source_id as sourceId', 'content_hash as contentHash'])
    .execute();
  const fresh = new Map(inserted.map(({ id, ...content }) => [nameOf(content), id]));
  const stored: StoredPage[] = [];
  for (const page of pages) {
    const name = nameOf(page);
    const id = fresh.get(name);
    // Of the same bytes twice the first are the page.
    const isSecond = id !== undefined && stored.some(({ listingPageId }) => listingPageId === id);
    const listingPageId = id ?? (await findPageByHash(db, page.sourceId, page.contentHash));
    if (!listingPageId) throw new Error('a page vanished while it was stored again');
    stored.push({ listingPageId, fresh: id !== undefined && !isSecond });
  }
  return stored;
}

const nameOf = ({ sourceId, contentHash }: Pick<CapturedPage, 'sourceId' | 'contentHash'>) =>
  `${sourceId} ${contentHash.toString('hex')}`;

/** The page of these bytes, if this source has shown them before. */
export async function findPageByHash(
  db: Db,
  sourceId: SourceId,
  contentHash: Buffer,
): Promise<ListingPageId | undefined> {
  const [page] = await findPagesByHash(db, sourceId, [contentHash]);
  return page?.id;
}

/** The pages of these bytes that this source has shown before, and whether they were read since; in no order. */
export async function findPagesByHash(
  db: Db,
  sourceId: SourceId,
  contentHashes: readonly Buffer[],
): Promise<{ id: ListingPageId; contentHash: Buffer; isRead: boolean }[]> {
  if (contentHashes.length === 0) return [];
  return db
    .selectFrom('listing_page')
    .select(['id', 'content_hash as contentHash'])
    .select(sql<boolean>`read_at is not null`.as('isRead'))
    .where('source_id', '=', sourceId)
    .where('content_hash', 'in', contentHashes)
    .execute();
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
export const PAST_PAGES = 200;

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
      'id as listingPageId',
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

/** Makes a page available to digests, see `markAllReady`. */
export async function markReady(tx: Tx, id: ListingPageId): Promise<void> {
  await markAllReady(tx, [id]);
}

/**
 * Makes pages available to digests, once and in the order given: a page's number says after which other pages it
 * came. The shared lock keeps them from landing behind the edge of a window that a planner is fixing.
 */
export async function markAllReady(tx: Tx, ids: readonly ListingPageId[]): Promise<void> {
  const numbers = sql`
    update listing_page set ready_no = numbered.no
    from (
      select id, nextval('listing_page_ready_no') as no from (
        select page.id from unnest(${ids}::bigint[]) with ordinality as given(id, ord)
        join listing_page page on page.id = given.id
        where page.ready_no is null order by ord) as in_order) as numbered
    where listing_page.id = numbered.id and listing_page.ready_no is null`.execute(tx);
  await together([lockReadyPagesShared(tx), numbers]);
}

/** Pages of the same source that came before this one and are not read yet, in their order. */
export async function unreadBefore(db: Db, id: ListingPageId): Promise<ListingPageId[]> {
  const unread = await db
    .selectFrom('listing_page as earlier')
    .innerJoin('listing_page as page', 'page.source_id', 'earlier.source_id')
    .select('earlier.id')
    .where('page.id', '=', id)
    .where('earlier.read_at', 'is', null)
    .whereRef('earlier.id', '<', 'page.id')
    .orderBy('earlier.id')
    .execute();
  return unread.map((page) => page.id);
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
