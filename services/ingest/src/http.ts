import { PaperboyError } from '@paperboy/core';
import type { Validators } from '@paperboy/store';
import type { Dispatcher } from 'undici';
import ingest from '../package.json' with { type: 'json' };
import { checkBytes, checkContentType, isSignIn } from './answer-kinds.ts';
import { fetchError } from './fetch-error.ts';
import { Connections, type HttpAgent } from './http-agent.ts';
import { checkPublicUrl, checkWebUrl, lookupPublic, type Resolve } from './public-network.ts';
import { ACCEPTED_CODINGS, discard, readBody } from './read-body.ts';
import { retryAfterMs } from './retry-after.ts';
import { validatorsIn } from './validators.ts';

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

export interface Request {
  readonly signal?: AbortSignal;
  /** Waited for before every request, redirects included; the time it takes is not the server's. */
  readonly before?: (url: URL) => Promise<void>;
  /** What the page was known by when it last came, and the address it came from. */
  readonly known?: Validators & { readonly answeredAddress: string };
  /** Any text that is not a page: cut at so many bytes, of whatever kind it says it is. */
  readonly textUpTo?: number;
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
  /** To ask later whether it has changed; absent for what is not whole. */
  readonly validators?: Validators;
  /** The page is the one that was known. */
  readonly isKnown: boolean;
  /** Why the bytes end before the page does. */
  readonly cutBecause?: string;
}

export interface Http {
  /** Longest time for one page. */
  readonly timeoutMs: number;
  /**
   * Fetches a page. Any status is an answer. Throws PAGE_UNREACHABLE when there is none or it breaks off before
   * the page, PAGE_REFUSED when it leads to a sign-in, PAGE_FORBIDDEN, PAGE_TOO_LARGE, PAGE_UNREADABLE, what
   * `before` throws, and the reason of the signal once that is aborted.
   */
  get(address: string, request?: Request): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** The server leads on and on. */
export class TooManyRedirects extends PaperboyError {
  constructor(host: string) {
    super('PAGE_UNREACHABLE', `${host}: more than ${MAX_REDIRECTS} redirects`);
  }
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What is kept of it. */
const MAX_CONTENT_TYPE = 200;

/** A client for listing pages: public network only, with caps on time, size and redirects. */
export function createHttp(options: HttpOptions): Http {
  const { timeoutMs, privateNetworks } = options;
  const connections = new Connections({
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

  async function ask(
    agent: HttpAgent,
    url: URL,
    wish: Request,
    signal: AbortSignal,
  ): Promise<HttpAnswer | URL> {
    const known = wish.known?.answeredAddress === url.href ? wish.known : undefined;
    const answer = await agent.request(url, {
      headers: { ...headers, ...conditions(known) },
      signal,
    });
    const next = answer.headers.location;
    if (REDIRECTS.has(answer.statusCode) && typeof next === 'string') {
      discard(answer.body);
      return parseUrl(next, url);
    }
    const maxBytes = wish.textUpTo ?? options.maxBytes;
    const isKnown = known !== undefined && answer.statusCode === 304;
    return readAnswer(url, answer, { maxBytes, isKnown, isPage: wish.textUpTo === undefined });
  }

  async function follow(address: string, wish: Request): Promise<HttpAnswer> {
    const first = parseUrl(address);
    const agent = await connections.open();
    let url = first;
    let leftMs = timeoutMs;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      check(url);
      if (isSignIn(url) && !isSignIn(first)) throw signInAt(url);
      await wish.before?.(url);
      const startedAt = performance.now();
      const timeout = AbortSignal.timeout(leftMs);
      const end = wish.signal ? AbortSignal.any([wish.signal, timeout]) : timeout;
      const answer = await until(end, ask(agent, url, wish, end));
      if (!(answer instanceof URL)) return answer;
      leftMs = Math.max(1, Math.ceil(leftMs - (performance.now() - startedAt)));
      url = answer;
    }
    throw new TooManyRedirects(first.host);
  }

  return {
    timeoutMs,
    async get(address, wish = {}) {
      try {
        return await follow(address, wish);
      } catch (error) {
        wish.signal?.throwIfAborted();
        throw fetchError(address, error);
      }
    },
    close: () => connections.close(),
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

function conditions({ etag, lastModified }: Validators = {}): Record<string, string> {
  return {
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
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

function signInAt(url: URL): PaperboyError {
  const detail = `${url.host}: leads to a sign-in (${url.pathname.slice(0, 100)})`;
  return new PaperboyError('PAGE_REFUSED', detail);
}

async function readAnswer(
  url: URL,
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  { maxBytes, isKnown, isPage }: { maxBytes: number; isKnown: boolean; isPage: boolean },
): Promise<HttpAnswer> {
  const type = headerIn(headers, 'content-type')?.slice(0, MAX_CONTENT_TYPE);
  const wait = status === 429 || status === 503 ? waitIn(headers) : undefined;
  const facts = {
    status,
    address: url.href,
    isKnown,
    ...(type !== undefined && { contentType: type }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
  if (status !== 200) {
    discard(body);
    return { ...facts, bytes: new Uint8Array() };
  }
  try {
    if (isPage) checkContentType(type);
  } catch (refusal) {
    discard(body);
    throw refusal;
  }
  const coding = headerIn(headers, 'content-encoding') ?? 'identity';
  const { bytes, cutBecause } = await readBody(body, { coding, maxBytes, isCutThere: !isPage });
  if (isPage) checkBytes(bytes);
  const validators = validatorsIn(headers);
  return {
    ...facts,
    bytes,
    ...(cutBecause !== undefined ? { cutBecause } : validators && { validators }),
  };
}

function headerIn(headers: Dispatcher.ResponseData['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function waitIn(headers: Dispatcher.ResponseData['headers']): number | undefined {
  const [retryAfter, date] = [headerIn(headers, 'retry-after'), headerIn(headers, 'date')];
  const said = {
    ...(retryAfter !== undefined && { retryAfter }),
    ...(date !== undefined && { date }),
  };
  return retryAfterMs(said, new Date());
}

/** Ends with `work`, or at once when `end` is aborted: undici itself hears of that only when it has connected. */
function until<Result>(end: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    end.addEventListener('abort', () => reject(end.reason), { once: true });
    work.then(resolve, reject);
  });
}
