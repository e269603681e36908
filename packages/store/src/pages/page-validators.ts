import type { ListingPageId, SourceId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** What a server gave with a page, to ask later whether it has changed (RFC 9110, 8.8). */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** Validators of a stored page. */
export interface PageValidators extends Validators {
  readonly sourceId: SourceId;
  /** As asked for. */
  readonly address: string;
  /** As answered, after redirects. */
  readonly answeredAddress: string;
  readonly listingPageId: ListingPageId;
  /** When the whole page came. */
  readonly fullAt: Date;
}

/**
 * The validators of the page that an address of a source last answered with, if it came in full since `since`
 * and turned out to be one: of what could not be read, all is wanted again.
 */
export async function findValidators(
  db: Db,
  { sourceId, address, since }: { sourceId: SourceId; address: string; since: Date },
): Promise<PageValidators | undefined> {
  const row = await db
    .selectFrom('page_validator')
    .innerJoin('listing_page', 'listing_page.id', 'page_validator.listing_page_id')
    .where('page_validator.source_id', '=', sourceId)
    .where('page_validator.address', '=', address)
    .where('full_at', '>=', since)
    .where((page) =>
      page.or([
        page('verdict', 'is', null),
        page('verdict', 'not in', ['broken', 'blocked', 'cut']),
      ]),
    )
    .select(['answered_address', 'etag', 'last_modified', 'listing_page_id', 'full_at'])
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    sourceId,
    address,
    answeredAddress: row.answered_address,
    ...(row.etag !== null && { etag: row.etag }),
    ...(row.last_modified !== null && { lastModified: row.last_modified }),
    listingPageId: row.listing_page_id,
    fullAt: row.full_at,
  };
}

/** The validators that a source was given last, at whichever of its addresses. */
export async function latestValidators(
  db: Db,
  sourceId: SourceId,
): Promise<Pick<PageValidators, 'address' | 'etag' | 'lastModified' | 'fullAt'> | undefined> {
  const row = await db
    .selectFrom('page_validator')
    .where('source_id', '=', sourceId)
    .select(['address', 'etag', 'last_modified', 'full_at'])
    .orderBy('full_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    address: row.address,
    fullAt: row.full_at,
    ...(row.etag !== null && { etag: row.etag }),
    ...(row.last_modified !== null && { lastModified: row.last_modified }),
  };
}

/**
 * Keeps the validators that came with a page, in the transaction that stores the page: a page that was lost in
 * a crash must be sent again. One statement, which also forgets those of addresses not asked for in 90 days.
 */
export async function saveValidators(db: Db, page: PageValidators): Promise<void> {
  const row = {
    answered_address: page.answeredAddress,
    etag: page.etag ?? null,
    last_modified: page.lastModified ?? null,
    listing_page_id: page.listingPageId,
    full_at: page.fullAt,
  };
  await db
    .with('forgotten', (q) =>
      q
        .deleteFrom('page_validator')
        .where('source_id', '=', page.sourceId)
        .where('address', '<>', page.address)
        .where('full_at', '<', sql<Date>`${page.fullAt}::timestamptz - interval '90 days'`),
    )
    .insertInto('page_validator')
    .values({ source_id: page.sourceId, address: page.address, ...row })
    .onConflict((conflict) => conflict.columns(['source_id', 'address']).doUpdateSet(row))
    .execute();
}
