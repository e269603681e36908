import { dayIn, ERROR_CATALOGUE, type SourceId } from '@paperboy/core';
import { moveAsk, sourceById, sourceHealth } from '@paperboy/store';
import type { FetchOutcome } from './fetch-attempt.ts';
import { type FetchParts, fetchPage } from './fetch-page.ts';
import { type AlertOptions, settleUnread } from './settle-source.ts';

export type AskParts = AlertOptions & FetchParts;

/**
 * The last day that a source was asked for, if its address names days and that day is over: lists go on growing after
 * the last look of their day, and one more look at them comes before the first one of today.
 */
export async function dayToClose(
  { db, now }: Pick<AskParts, 'db' | 'now'>,
  sourceId: SourceId,
): Promise<Date | undefined> {
  const { url, zone } = await sourceById(db, sourceId);
  const last = (await sourceHealth(db, sourceId))?.judgedAt;
  if (!last || !url?.includes('{date}')) return undefined;
  return dayIn(zone, last) < dayIn(zone, now()) ? last : undefined;
}

/**
 * Asks one source now and notes on it how that went. A page that was stored is still to be recorded, and settles the
 * source then. Throws what `fetchPage` throws.
 */
export async function askSource(
  parts: AskParts,
  sourceId: SourceId,
  { signal, on }: { readonly signal?: AbortSignal; readonly on?: Date } = {},
): Promise<FetchOutcome> {
  const at = parts.now();
  const outcome = await fetchPage(parts, sourceId, signal, on);
  if (outcome.kind === 'postponed') {
    await moveAsk(parts.db, sourceId, new Date(at.getTime() + outcome.retryInMs));
  } else if (outcome.kind === 'blocked' || outcome.kind === 'failed') {
    const { kind, code, detail, status, retryAfterMs } = outcome;
    // Another answer than a refusal is a fault of the address, and the same a quarter of an hour later.
    const retry = kind === 'blocked' || (status === undefined && ERROR_CATALOGUE[code].retry);
    const waits = retryAfterMs === undefined ? {} : { retryAfterMs };
    await settleUnread(parts.db, sourceId, { at, kind, detail, retry, ...waits }, parts);
  } else if (outcome.kind === 'unchanged' && !on) {
    const { listingPageId } = outcome;
    await settleUnread(parts.db, sourceId, { at, kind: 'unchanged', listingPageId }, parts);
  }
  return outcome;
}
