import { asPaperboyError, PaperboyError } from '@paperboy/core';
import { Agent, interceptors, request } from 'undici';
import { checkPublicUrl, lookupPublic } from './public-network.ts';

export interface HttpOptions {
  /** Longest time for one page, redirects and body included. */
  readonly timeoutMs: number;
  /** Largest body, counted after decompression. */
  readonly maxBytes: number;
  /** Where a source can complain: an address or page, part of the User-Agent. */
  readonly contact?: string;
  /** Also fetch from loopback and private networks. */
  readonly privateNetworks: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  /** The address that answered, after redirects. */
  readonly address: string;
}

export interface Http {
  /** Fetches a page. Throws PAGE_UNREACHABLE, PAGE_FORBIDDEN or PAGE_TOO_LARGE; any status is an answer. */
  get(address: string): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const VERSION = '0.1.0';
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** A client for listing pages: public network only, with caps on time, size and redirects. */
export function createHttp(options: HttpOptions): Http {
  const agent = new Agent({
    connect: options.privateNetworks ? {} : { lookup: lookupPublic },
    connections: 2,
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
  });
  const dispatcher = agent.compose(interceptors.decompress());
  const contact = options.contact ? `; +${options.contact}` : '';
  const headers = {
    'user-agent': `Paperboy/${VERSION} (self-hosted paper digest${contact})`,
    accept: 'text/html, application/json, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1',
  };

  async function follow(address: string, signal: AbortSignal): Promise<HttpAnswer> {
    let url = parseUrl(address);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      if (!options.privateNetworks) checkPublicUrl(url);
      const answer = await request(url, { dispatcher, headers, signal });
      const next = answer.headers.location;
      if (!REDIRECTS.has(answer.statusCode) || typeof next !== 'string') {
        const type = answer.headers['content-type'];
        return {
          status: answer.statusCode,
          bytes: await readCapped(answer.body, options.maxBytes),
          ...(typeof type === 'string' && { contentType: type }),
          address: url.href,
        };
      }
      await answer.body.dump({ limit: 64 * 1024 });
      url = parseUrl(next, url);
    }
    throw new PaperboyError('PAGE_UNREACHABLE', `${address}: more than ${MAX_REDIRECTS} redirects`);
  }

  return {
    async get(address) {
      try {
        return await follow(address, AbortSignal.timeout(options.timeoutMs));
      } catch (error) {
        throw asFetchError(address, error);
      }
    },
    close: () => agent.destroy(),
  };
}

function parseUrl(address: string, base?: URL): URL {
  try {
    return new URL(address, base);
  } catch (cause) {
    throw new PaperboyError('PAGE_FORBIDDEN', `"${address.slice(0, 200)}" is not an address`, {
      cause,
    });
  }
}

async function readCapped(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early destroys the stream, and with it the connection.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new PaperboyError('PAGE_TOO_LARGE', `over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function asFetchError(address: string, error: unknown): PaperboyError {
  const cause =
    error instanceof Error && error.cause instanceof PaperboyError ? error.cause : error;
  if (cause instanceof PaperboyError) return cause;
  const reason =
    error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : reasonOf(error);
  return new PaperboyError('PAGE_UNREACHABLE', `${hostOf(address)}: ${reason}`, { cause: error });
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  return asPaperboyError(error).detail;
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address.slice(0, 200);
}
