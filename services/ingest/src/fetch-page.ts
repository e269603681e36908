import { asPaperboyError, PaperboyError, type SourceId } from '@paperboy/core';
import { type Db, findValidators, findWholePage, type Source, sourceById } from '@paperboy/store';
import { addressFor } from './addresses.ts';
import { type Capture, capturePage, hashOf } from './capture-page.ts';
import { Attempt, type FetchOutcome } from './fetch-attempt.ts';
import { type Gathered, gatherParts } from './gather-parts.ts';
import type { HttpAnswer } from './http.ts';
import type { PoliteHttp } from './polite-http.ts';
import { knownFormat } from './read-stored-page.ts';

export interface FetchParts {
  readonly db: Db;
  readonly http: PoliteHttp;
  /** Of all parts of a list together. */
  readonly maxBytes: number;
  readonly now: () => Date;
}

/** The page is asked for in full once in so long: a validator that lies hides nothing for longer. */
const TRUST_VALIDATORS_MS = 24 * 3600_000;
/** Longest time for the parts behind the first; each may wait so long for its turn. */
const PARTS_MS = 5 * 60_000;
const PART_PATIENCE_MS = 90_000;

/**
 * Fetches one source now and keeps what it answers; every attempt is noted on the source. Throws NOT_FOUND, and
 * the reason of `signal` once that is aborted: an attempt that was given up says nothing about the source.
 */
export async function fetchPage(
  parts: FetchParts,
  sourceId: SourceId,
  signal?: AbortSignal,
  /** Whose day's list is asked for; today's when left out. */
  on?: Date,
): Promise<FetchOutcome> {
  const { db, now } = parts;
  const source = await sourceById(db, sourceId);
  if (source.url === null)
    throw new PaperboyError('NOT_FOUND', `source ${source.name} has no address`);
  const startedAt = now();
  const { url, askedFor } = addressFor({ url: source.url, zone: source.zone }, on ?? startedAt);
  const attempt = new Attempt(db, source, { url, startedAt, now });

  const since = new Date(startedAt.getTime() - TRUST_VALIDATORS_MS);
  const known = await findValidators(db, { sourceId, address: url, since });
  const answer = await parts.http
    .get(url, { ...(signal && { signal }), ...(known && { known }) })
    .catch(asPaperboyError);
  signal?.throwIfAborted();
  if (answer instanceof PaperboyError) return attempt.gaveUp(answer);
  if (answer.isKnown && known) return attempt.brought('unchanged', known.listingPageId, answer);
  if (answer.status !== 200) return attempt.refused(answer);

  const page = {
    sourceId,
    seenAt: startedAt,
    address: answer.address,
    ...(askedFor && { askedFor }),
  };
  const same = await findWholePage(db, sourceId, hashOf(answer.bytes));
  const gathered = same
    ? { parts: [answer] as const }
    : await gather(parts, source, answer, signal);
  if ('reading' in gathered && !isWorthKeeping(gathered)) return attempt.brokeOff(answer);
  const captured = await capturePage(db, { ...page, ...captureOf(gathered, url) });
  const bodyBytes = gathered.parts.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const kind = captured.fresh ? 'stored' : 'unchanged';
  return attempt.brought(kind, captured.listingPageId, { ...answer, bodyBytes });
}

function gather(
  { http, maxBytes, now }: FetchParts,
  source: Source,
  first: HttpAnswer,
  signal: AbortSignal | undefined,
): Promise<Gathered> {
  const format = knownFormat(source.format);
  const end = now().getTime() + PARTS_MS;
  const ask = async (address: string) => {
    if (now().getTime() > end)
      throw new PaperboyError('HOST_BUSY', `the parts take over ${PARTS_MS / 60_000} minutes`);
    const part = await http
      .get(address, { patienceMs: PART_PATIENCE_MS, ...(signal && { signal }) })
      .catch(asPaperboyError);
    signal?.throwIfAborted();
    if (part instanceof PaperboyError) throw part;
    return part;
  };
  const { declaration } = source;
  const rules = { ...(format && { format }), ...(declaration && { declaration }) };
  return gatherParts(first, { ask, maxBytes, ...rules });
}

/** Of a page that broke off, only what can be read is more than nothing. */
function isWorthKeeping({ parts: [first], reading }: Gathered): boolean {
  if (first.cutBecause === undefined) return true;
  return reading.kind === 'listing' && reading.entries.length > 0;
}

function captureOf(
  { parts, cutBecause }: Pick<Gathered, 'parts' | 'cutBecause'>,
  url: string,
): Pick<Capture, 'bytes' | 'contentType' | 'parts' | 'cutBecause' | 'validators'> {
  const [first, ...later] = parts;
  const { contentType, validators, address } = first;
  // Those of the first part say nothing about the others, and a cut page is to be asked for again.
  const tells = validators && later.length === 0 && cutBecause === undefined;
  return {
    bytes: later.length === 0 ? first.bytes : Buffer.concat(parts.map(({ bytes }) => bytes)),
    ...(contentType !== undefined && { contentType }),
    ...(cutBecause !== undefined && { cutBecause }),
    ...(later.length > 0 && {
      parts: parts.map((part) => ({ bytes: part.bytes.byteLength, address: part.address })),
    }),
    ...(tells && { validators: { ...validators, address: url, answeredAddress: address } }),
  };
}
