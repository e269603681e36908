import { PaperboyError } from '@paperboy/core';
import { Agent, type Dispatcher, request } from 'undici';
import ingest from '../package.json' with { type: 'json' };
import { fetchError } from './fetch-error.ts';
import { checkPublicUrl, checkWebUrl, lookupPublic, type Resolve } from './public-network.ts';
import { ACCEPTED_CODINGS, discard, readBody } from './read-body.ts';
import { retryAfterMs } from './retry-after.ts';

export interface HttpOptions {
  /** Longest time for one page, redirects and body included. */
  readonly timeoutMs: number;
  /** Largest body, counted before and after decompression. */
  readonly maxBytes: number;
  /** Where a source can complain: an address or page, part of the User-Agent. */
  readonly contact?: string;
  /** Also fetch from loopback and private networks. */
  readonly privateNetworks: boolean;
  /** How host names are looked up; by the system when left out. Not asked for private networks. */
  readonly resolve?: Resolve;
}

export interface HttpAnswer {
  readonly status: number;
  /** The page, decompressed. Empty unless the status is 200: what else a server says is no listing page. */
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  /** How long the server asks us to stay away. */
  readonly retryAfterMs?: number;
  /** The address that answered, after redirects. */
  readonly address: string;
}

export interface Http {
  /**
   * Fetches a page. Any status is an answer. Throws PAGE_UNREACHABLE when there is none or it breaks off,
   * PAGE_FORBIDDEN, PAGE_TOO_LARGE, PAGE_UNREADABLE, and the reason of `signal` once that is aborted.
   */
  get(address: string, signal?: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
/** What is stored of it. */
const MAX_CONTENT_TYPE = 200;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** A client for listing pages: public network only, with caps on time, size and redirects. */
export function createHttp(options: HttpOptions): Http {
  const { timeoutMs, maxBytes, privateNetworks } = options;
  const agent = new Agent({
    connect: {
      timeout: timeoutMs,
      ...(!privateNetworks && { lookup: lookupPublic(options.resolve) }),
    },
    // Pages are hours apart: a connection of their own each, and one clock over all steps instead of undici's.
    pipelining: 0,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const headers = requestHeaders(options.contact);
  const check = privateNetworks ? checkWebUrl : checkPublicUrl;

  async function follow(address: string, signal: AbortSignal): Promise<HttpAnswer> {
    let url = parseUrl(address);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      check(url);
      const answer = await request(url, { dispatcher: agent, headers, signal });
      const next = answer.headers.location;
      if (!REDIRECTS.has(answer.statusCode) || typeof next !== 'string')
        return readAnswer(url, answer, maxBytes);
      discard(answer.body);
      url = parseUrl(next, url);
    }
    throw new PaperboyError(
      'PAGE_UNREACHABLE',
      `${new URL(address).host}: more than ${MAX_REDIRECTS} redirects`,
    );
  }

  return {
    async get(address, signal) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const end = signal ? AbortSignal.any([signal, timeout]) : timeout;
      try {
        return await until(end, follow(address, end));
      } catch (error) {
        signal?.throwIfAborted();
        throw fetchError(address, error);
      }
    },
    close: () => agent.destroy(),
  };
}

function requestHeaders(contact: string | undefined): Record<string, string> {
  // A header takes plain signs only; one that does not fit would fail every request.
  const complaints = contact ? `; +${contact.replace(/[^\x20-\x7e]+/g, ' ')}` : '';
  return {
    'user-agent': `Paperboy/${ingest.version} (self-hosted paper digest${complaints})`,
    accept: 'text/html, application/json, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1',
    'accept-encoding': ACCEPTED_CODINGS,
  };
}

function parseUrl(address: string, base?: URL): URL {
  try {
    return new URL(address, base);
  } catch (cause) {
    const detail = `"${address.slice(0, 200)}" is not an address`;
    throw new PaperboyError('PAGE_FORBIDDEN', detail, { cause });
  }
}

async function readAnswer(
  url: URL,
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<HttpAnswer> {
  const { 'content-type': type, 'content-encoding': coding = 'identity' } = headers;
  const wait = status === 429 || status === 503 ? waitIn(headers) : undefined;
  if (status !== 200) discard(body);
  return {
    status,
    bytes: status === 200 ? await readBody(body, String(coding), maxBytes) : new Uint8Array(),
    ...(typeof type === 'string' && { contentType: type.slice(0, MAX_CONTENT_TYPE) }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    address: url.href,
  };
}

function waitIn(headers: Dispatcher.ResponseData['headers']): number | undefined {
  const { 'retry-after': retryAfter, date } = headers;
  return retryAfterMs(
    {
      ...(typeof retryAfter === 'string' && { retryAfter }),
      ...(typeof date === 'string' && { date }),
    },
    new Date(),
  );
}

/** Ends with `work`, or at once when `end` is aborted: undici itself hears of that only when it has connected. */
function until<Result>(end: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    end.addEventListener('abort', () => reject(end.reason), { once: true });
    work.then(resolve, reject);
  });
}
