import {
  asPaperboyError,
  type PageDeclaration,
  type PageFormat,
  type PageReading,
  PaperboyError,
} from '@paperboy/core';
import { joinParts, readPage } from '@paperboy/readers';
import { hashOf } from './capture-page.ts';
import { hostOf } from './hosts.ts';
import type { HttpAnswer } from './http.ts';

/** A list as it was fetched: one page, or several that make one list. */
export interface Gathered {
  readonly parts: readonly [HttpAnswer, ...HttpAnswer[]];
  /** What they read as together. */
  readonly reading: PageReading;
  /** Why something is missing that the bytes themselves do not show. */
  readonly cutBecause?: string;
}

export interface GatherOptions {
  /** Fetches a further part. */
  readonly ask: (address: string) => Promise<HttpAnswer>;
  readonly format?: PageFormat;
  /** Reads every part by these selectors. */
  readonly declaration?: PageDeclaration;
  /** Of all parts together. */
  readonly maxBytes: number;
}

/** A list that goes on for longer is not one day's. */
const MAX_PARTS = 20;

/**
 * Follows the next pages of a list, on its own host, until none is left. Whatever ends it early (an answer that
 * is none, a page too many, one that repeats another) leaves what came, with the reason. Throws for the first
 * page nothing, and for later ones only the reason of an abort, by way of `ask`.
 */
export async function gatherParts(first: HttpAnswer, options: GatherOptions): Promise<Gathered> {
  const start = read(first, options);
  if (start.kind === 'unreadable' || first.cutBecause !== undefined) {
    const { cutBecause } = first;
    return { parts: [first], reading: start, ...(cutBecause !== undefined && { cutBecause }) };
  }
  const { format } = start;
  const parts: [HttpAnswer, ...HttpAnswer[]] = [first];
  const later: PageReading[] = [];
  const asked = new Set([plain(first.address)]);
  const waiting = nextOf(start, first, asked);
  let missing: string | undefined;
  while (waiting.length > 0 && parts.length < MAX_PARTS && missing === undefined) {
    const address = waiting.shift() ?? '';
    if (asked.has(address)) continue;
    asked.add(address);
    const part = await nextPart(address, parts, { ...options, format });
    if (typeof part === 'string') missing = `part ${parts.length + 1} is missing: ${part}`;
    else {
      parts.push(part.answer);
      later.push(part.reading);
      asked.add(plain(part.answer.address));
      waiting.push(...nextOf(part.reading, part.answer, asked));
      if (part.answer.cutBecause !== undefined)
        missing = `part ${parts.length}: ${part.answer.cutBecause}`;
    }
  }
  const reading = joinParts([start, ...later], {
    addresses: [...asked],
    ...(missing !== undefined && { cutBecause: missing }),
  });
  const isLeft = missing !== undefined || reading.nextPages.length > 0;
  const why = isLeft ? reading.cutBecause : undefined;
  return { parts, reading, ...(why !== undefined && { cutBecause: why }) };
}

function read(
  { bytes, contentType, address }: HttpAnswer,
  { format, declaration, maxBytes }: Omit<GatherOptions, 'ask'>,
): PageReading {
  return readPage({
    bytes,
    address,
    maxBytes,
    ...(contentType !== undefined && { contentType }),
    ...(format && { format }),
    ...(declaration && { declaration }),
  });
}

/** Next pages that are on the same host and not yet asked for; of others the list is said to go on there. */
function nextOf(
  reading: PageReading,
  { address }: HttpAnswer,
  asked: ReadonlySet<string>,
): string[] {
  if (reading.kind === 'unreadable') return [];
  const host = hostOf(new URL(address));
  return reading.nextPages.map(plain).filter((next) => {
    const url = URL.parse(next);
    return url !== null && hostOf(url) === host && !asked.has(next);
  });
}

/** An address without what is only for the browser. */
function plain(address: string): string {
  const url = URL.parse(address);
  if (url === null) return address;
  url.hash = '';
  return url.href;
}

/** The part at an address, or why it is none. */
async function nextPart(
  address: string,
  before: readonly HttpAnswer[],
  options: GatherOptions,
): Promise<{ answer: HttpAnswer; reading: PageReading } | string> {
  const answer = await options.ask(address).catch(asPaperboyError);
  if (answer instanceof PaperboyError) return answer.detail;
  if (answer.status !== 200) return `status ${answer.status}`;
  const size = [...before, answer].reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (size > options.maxBytes) return `with it the list is over ${options.maxBytes} bytes`;
  const hash = hashOf(answer.bytes);
  if (before.some(({ bytes }) => hashOf(bytes).equals(hash))) return 'it repeats an earlier part';
  const reading = read(answer, options);
  return reading.kind === 'unreadable' ? reading.detail : { answer, reading };
}
