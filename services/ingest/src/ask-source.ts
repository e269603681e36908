import { ERROR_CATALOGUE, type SourceId } from '@paperboy/core';
import { moveAsk } from '@paperboy/store';
import type { FetchOutcome } from './fetch-attempt.ts';
import { type FetchParts, fetchPage } from './fetch-page.ts';
import { type AlertOptions, settleUnread } from './settle-source.ts';

export type AskParts = AlertOptions & FetchParts;

/**
 * Asks one source now and notes on it how that went. A page that was stored is still to be recorded, and settles the
 * source then. Throws what `fetchPage` throws.
 */
export async function askSource(
  parts: AskParts,
  sourceId: SourceId,
  signal?: AbortSignal,
): Promise<FetchOutcome> {
  const at = parts.now();
  const outcome = await fetchPage(parts, sourceId, signal);
  if (outcome.kind === 'postponed') {
    await moveAsk(parts.db, sourceId, new Date(at.getTime() + outcome.retryInMs));
  } else if (outcome.kind === 'blocked' || outcome.kind === 'failed') {
    const { kind, code, detail, status, retryAfterMs } = outcome;
    // Another answer than a refusal is a fault of the address, and the same a quarter of an hour later.
    const retry = kind === 'blocked' || (status === undefined && ERROR_CATALOGUE[code].retry);
    const waits = retryAfterMs === undefined ? {} : { retryAfterMs };
    await settleUnread(parts.db, sourceId, { at, kind, detail, retry, ...waits }, parts);
  } else if (outcome.kind === 'unchanged') {
    const { listingPageId } = outcome;
    await settleUnread(parts.db, sourceId, { at, kind: 'unchanged', listingPageId }, parts);
  }
  return outcome;
}
