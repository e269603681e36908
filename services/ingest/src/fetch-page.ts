import {
  asPaperboyError,
  type ErrorCode,
  type ListingPageId,
  PaperboyError,
  type SourceId,
} from '@paperboy/core';
import {
  type Db,
  type FetchAttempt,
  failuresInARow,
  recordFetch,
  sourceById,
} from '@paperboy/store';
import { addressFor } from './addresses.ts';
import { capturePage } from './capture-page.ts';
import type { Http, HttpAnswer } from './http.ts';

/**
 * How one attempt on a source ended, as facts: when to ask again is decided by others. Trouble that may pass is
 * an outcome, not an error.
 */
export type FetchOutcome =
  | { readonly kind: 'stored' | 'unchanged'; readonly listingPageId: ListingPageId }
  | Trouble
  | Postponed;

/** `blocked`: the source says "not you" or "not now". `failed`: no answer, or none that is a page. */
interface Trouble {
  readonly kind: 'blocked' | 'failed';
  /** Name of the source. */
  readonly source: string;
  readonly code: ErrorCode;
  readonly detail: string;
  /** Absent where no answer came. */
  readonly status?: number;
  /** How long the server asks us to stay away, at most a day. */
  readonly retryAfterMs?: number;
  /** Whether no connection came about at all. */
  readonly unreachable: boolean;
  /** When to ask again; absent where another try cannot help. */
  readonly retryInMs?: number;
}

/** Too many others wait for the same host, or it asked us to stay away: nothing was asked, and nothing noted. */
interface Postponed {
  readonly kind: 'postponed';
  readonly source: string;
  readonly detail: string;
  readonly retryInMs: number;
}

const FIRST_RETRY_MS = 15 * 60_000;
const LONGEST_RETRY_MS = 6 * 3600_000;

/**
 * Fetches one source now and keeps what it answers; every attempt is noted on the source. Throws NOT_FOUND, and
 * the reason of `signal` once that is aborted: an attempt that was given up says nothing about the source.
 */
export async function fetchPage(
  { db, http, now }: { db: Db; http: Http; now: () => Date },
  sourceId: SourceId,
  signal?: AbortSignal,
): Promise<FetchOutcome> {
  const source = await sourceById(db, sourceId);
  if (source.url === null)
    throw new PaperboyError('NOT_FOUND', `source ${source.name} has no address`);
  const startedAt = now();
  const { url, askedFor } = addressFor({ url: source.url, zone: source.zone }, startedAt);
  const note = (
    outcome: Omit<FetchAttempt, 'sourceId' | 'startedAt' | 'address' | 'durationMs'>,
  ) => {
    const durationMs = now().getTime() - startedAt.getTime();
    return recordFetch(db, { sourceId, startedAt, address: url, durationMs, ...outcome });
  };
  const answer = await http.get(url, signal).catch(asPaperboyError);
  signal?.throwIfAborted();
  if (answer instanceof PaperboyError) {
    const { code, detail, retry } = answer;
    await note({ outcome: 'failed', errorCode: code, detail });
    return {
      kind: 'failed',
      source: source.name,
      code,
      detail,
      unreachable: code === 'PAGE_UNREACHABLE',
      ...(retry && { retryInMs: await retryDelay(db, sourceId) }),
    };
  }
  const facts = { httpStatus: answer.status, bodyBytes: answer.bytes.byteLength };
  if (answer.status !== 200) {
    const kind = isBlocked(answer) ? 'blocked' : 'failed';
    const { status, retryAfterMs } = answer;
    const code = 'PAGE_REFUSED';
    const detail = `status ${status}`;
    await note({ ...facts, outcome: kind, errorCode: code, detail });
    const retryInMs = Math.max(await retryDelay(db, sourceId), retryAfterMs ?? 0);
    const trouble = {
      kind,
      source: source.name,
      code,
      detail,
      status,
      unreachable: false,
    } as const;
    return { ...trouble, retryInMs, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  const page = await capturePage(db, {
    sourceId,
    bytes: answer.bytes,
    seenAt: startedAt,
    address: answer.address,
    ...(askedFor !== undefined && { askedFor }),
    ...(answer.contentType !== undefined && { contentType: answer.contentType }),
  });
  const kind = page.fresh ? 'stored' : 'unchanged';
  await note({ ...facts, outcome: kind, listingPageId: page.listingPageId });
  return { kind, listingPageId: page.listingPageId };
}

/** "Not you" or "not now"; another status is a fault of the address. */
function isBlocked({ status }: HttpAnswer): boolean {
  return status === 401 || status === 403 || status === 429 || status >= 500;
}

async function retryDelay(db: Db, sourceId: SourceId): Promise<number> {
  const failures = await failuresInARow(db, sourceId);
  return Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_MS);
}
