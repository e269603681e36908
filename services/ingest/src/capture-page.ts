import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ListedOn, ListingPageId, SourceId } from '@paperboy/core';
import {
  type Db,
  findPageByHash,
  inTransaction,
  type PagePart,
  type PageValidators,
  saveValidators,
  storePage,
} from '@paperboy/store';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Level 3 takes a third of the default's time and leaves a tenth more bytes. */
const LEVEL = 3;

export interface Capture {
  readonly sourceId: SourceId;
  /** Of a list in several parts: one part behind the other. */
  readonly bytes: Uint8Array;
  readonly seenAt: Date;
  readonly address?: string;
  readonly askedFor?: ListedOn;
  readonly contentType?: string;
  /** Absent for a page of one part. */
  readonly parts?: readonly PagePart[];
  readonly cutBecause?: string;
  /** What to ask with whether the page has changed. */
  readonly validators?: Omit<PageValidators, 'sourceId' | 'listingPageId' | 'fullAt'>;
}

/**
 * Keeps the bytes of a page, compressed, before anything is read from them: what a reader gets wrong today can
 * be read again tomorrow. The same bytes from the same source are stored once; then `fresh` is false.
 */
export async function capturePage(
  db: Db,
  { bytes, validators, ...page }: Capture,
): Promise<{ listingPageId: ListingPageId; fresh: boolean }> {
  const { sourceId } = page;
  const contentHash = hashOf(bytes);
  const keepValidators = async (tx: Db, listingPageId: ListingPageId) => {
    if (!validators) return;
    await saveValidators(tx, { ...validators, sourceId, listingPageId, fullAt: page.seenAt });
  };
  const existing = await findPageByHash(db, sourceId, contentHash);
  if (existing) {
    await keepValidators(db, existing);
    return { listingPageId: existing, fresh: false };
  }
  const body = await pack(bytes, { level: LEVEL });
  const captured = { ...page, contentHash, body, bodyBytes: bytes.byteLength };
  if (!validators) return storePage(db, captured);
  // Together, or a page that was lost in between would for ever be answered by "not modified".
  return inTransaction(db, async (tx) => {
    const stored = await storePage(tx, captured);
    await keepValidators(tx, stored.listingPageId);
    return stored;
  });
}

/** What tells pages of one source apart. */
export function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/**
 * The bytes of a stored page, part by part; undefined where they are damaged, more than `maxBytes`, or not as
 * long as their parts.
 */
export async function openBody(
  { body, partBytes }: { readonly body: Buffer; readonly partBytes?: readonly number[] | null },
  maxBytes: number,
): Promise<Uint8Array[] | undefined> {
  const bytes = await unpack(body, { maxOutputLength: maxBytes }).catch(() => undefined);
  if (!bytes || !partBytes) return bytes && [bytes];
  let from = 0;
  const parts = partBytes.map((length) => {
    from += length;
    return bytes.subarray(from - length, from);
  });
  return from === bytes.byteLength ? parts : undefined;
}
