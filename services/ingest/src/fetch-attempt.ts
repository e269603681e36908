import type { ErrorCode, ListingPageId, PaperboyError } from '@paperboy/core';
import { type Db, type FetchAttempt, recordFetch, type Source } from '@paperboy/store';
import { HostBusy } from './hosts.ts';
import type { HttpAnswer } from './http.ts';

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
}

/** Too many others wait for the same host, or it asked us to stay away: nothing was asked, and nothing noted. */
interface Postponed {
  readonly kind: 'postponed';
  readonly source: string;
  readonly detail: string;
  readonly retryInMs: number;
}

const LEAST_POSTPONED_MS = 1_000;

/** One attempt on a source, which ends in one row and one outcome. */
export class Attempt {
  readonly #db: Db;
  readonly #source: Source;
  readonly #start: { readonly url: string; readonly startedAt: Date; readonly now: () => Date };

  constructor(db: Db, source: Source, start: { url: string; startedAt: Date; now: () => Date }) {
    this.#db = db;
    this.#source = source;
    this.#start = start;
  }

  async brought(
    kind: 'stored' | 'unchanged',
    listingPageId: ListingPageId,
    { status, bytes, bodyBytes = bytes.byteLength }: HttpAnswer & { bodyBytes?: number },
  ): Promise<FetchOutcome> {
    await this.#note({ outcome: kind, httpStatus: status, bodyBytes, listingPageId });
    return { kind, listingPageId };
  }

  /** Another status than that of a page. */
  async refused(answer: HttpAnswer): Promise<FetchOutcome> {
    const { status, retryAfterMs } = answer;
    const kind = isBlocked(answer) ? 'blocked' : 'failed';
    return this.#trouble(kind, 'PAGE_REFUSED', `status ${status}`, {
      status,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }

  /** A page that ends too early to be read: as good as no answer. */
  async brokeOff({ status, address, cutBecause = '' }: HttpAnswer): Promise<FetchOutcome> {
    const detail = `${new URL(address).host}: ${cutBecause}`;
    const trouble = await this.#trouble('failed', 'PAGE_UNREACHABLE', detail, {}, status);
    return { ...trouble, unreachable: false };
  }

  /** No answer. */
  async gaveUp(error: PaperboyError): Promise<FetchOutcome> {
    const { code, detail } = error;
    if (error instanceof HostBusy) {
      const retryInMs = Math.max(Math.ceil(error.waitMs), LEAST_POSTPONED_MS);
      return { kind: 'postponed', source: this.#source.name, detail, retryInMs };
    }
    const kind = code === 'PAGE_REFUSED' ? 'blocked' : 'failed';
    return this.#trouble(kind, code, detail);
  }

  async #trouble(
    kind: 'blocked' | 'failed',
    code: ErrorCode,
    detail: string,
    more: Pick<Trouble, 'status' | 'retryAfterMs'> = {},
    status = more.status,
  ): Promise<Trouble> {
    await this.#note({
      outcome: kind,
      errorCode: code,
      detail,
      ...(status !== undefined && { httpStatus: status, bodyBytes: 0 }),
    });
    const unreachable = code === 'PAGE_UNREACHABLE' && status === undefined;
    return { kind, source: this.#source.name, code, detail, unreachable, ...more };
  }

  #note(outcome: Pick<FetchAttempt, 'outcome'> & Partial<FetchAttempt>): Promise<void> {
    const { url: address, startedAt, now } = this.#start;
    const durationMs = now().getTime() - startedAt.getTime();
    const sourceId = this.#source.id;
    return recordFetch(this.#db, { sourceId, startedAt, address, durationMs, ...outcome });
  }
}

/** "Not you" or "not now"; another status is a fault of the address. */
function isBlocked({ status }: HttpAnswer): boolean {
  return status === 401 || status === 403 || status === 429 || status >= 500;
}
