import type { ListingPageId, SourceId } from '@paperboy/core';
import type { Db } from '../connection/database.ts';

export interface FetchAttempt {
  readonly sourceId: SourceId;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly address: string;
  readonly httpStatus?: number;
  readonly bodyBytes?: number;
  readonly outcome: 'stored' | 'unchanged' | 'blocked' | 'failed';
  readonly errorCode?: string;
  readonly detail?: string;
  readonly listingPageId?: ListingPageId;
}

/** Notes one attempt on a source. */
export async function recordFetch(db: Db, attempt: FetchAttempt): Promise<void> {
  await db
    .insertInto('fetch')
    .values({
      source_id: attempt.sourceId,
      started_at: attempt.startedAt,
      duration_ms: Math.round(attempt.durationMs),
      address: attempt.address,
      http_status: attempt.httpStatus ?? null,
      body_bytes: attempt.bodyBytes ?? null,
      outcome: attempt.outcome,
      error_code: attempt.errorCode ?? null,
      detail: attempt.detail ?? null,
      listing_page_id: attempt.listingPageId ?? null,
    })
    .execute();
}

/** A source's latest attempts, newest first. */
export async function listFetches(
  db: Db,
  { sourceId, limit }: { sourceId: SourceId; limit: number },
) {
  return db
    .selectFrom('fetch')
    .where('source_id', '=', sourceId)
    .select([
      'started_at as startedAt',
      'duration_ms as durationMs',
      'address',
      'http_status as httpStatus',
    ])
    .select(['body_bytes as bodyBytes', 'outcome', 'error_code as errorCode', 'detail'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
