import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ListedOn, ListingPageId, SourceId } from '@paperboy/core';
import { type Db, findPageByHash, storePage } from '@paperboy/store';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Level 3 takes a third of the default's time and leaves a tenth more bytes. */
const LEVEL = 3;

export interface Capture {
  readonly sourceId: SourceId;
  readonly bytes: Uint8Array;
  readonly seenAt: Date;
  readonly address?: string;
  readonly askedFor?: ListedOn;
}

/**
 * Keeps the bytes of a page, compressed, before anything is read from them: what a reader gets wrong today can
 * be read again tomorrow. The same bytes from the same source are stored once; then `fresh` is false.
 */
export async function capturePage(
  db: Db,
  { bytes, ...page }: Capture,
): Promise<{ listingPageId: ListingPageId; fresh: boolean }> {
  const contentHash = createHash('sha256').update(bytes).digest();
  const existing = await findPageByHash(db, page.sourceId, contentHash);
  if (existing) return { listingPageId: existing, fresh: false };
  const body = await pack(bytes, { level: LEVEL });
  return storePage(db, { ...page, contentHash, body, bodyBytes: bytes.byteLength });
}

/** The bytes of a stored page; undefined where they are damaged or more than `maxBytes`. */
export async function openBody(body: Buffer, maxBytes: number): Promise<Uint8Array | undefined> {
  return unpack(body, { maxOutputLength: maxBytes }).catch(() => undefined);
}
