import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ListedOn, ListingPageId, SourceId } from '@paperboy/core';
import {
  type Db,
  findPageByHash,
  findPagesByHash,
  inTransaction,
  type PagePart,
  type PageValidators,
  type StoredPage,
  saveValidators,
  storePage,
  storePages,
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

/** A page that was saved as a file. */
export interface SavedPage {
  readonly bytes: Uint8Array;
  readonly seenAt: Date;
  /** The gzip that the bytes came in, where they did. */
  readonly packed?: Buffer;
}

/** A saved page as it is kept; `isRead` where it was recorded before. */
export type CapturedPage = StoredPage & { readonly isRead: boolean };

/**
 * Keeps saved pages of one source as `capturePage` does, in their order and with two statements at most. What came
 * packed stays packed as it is.
 */
export async function capturePages(
  db: Db,
  sourceId: SourceId,
  pages: readonly SavedPage[],
): Promise<CapturedPage[]> {
  const hashed = pages.map((page) => ({ ...page, contentHash: hashOf(page.bytes) }));
  const hashes = hashed.map(({ contentHash }) => contentHash);
  const kept = new Map<string, CapturedPage>();
  for (const { id, contentHash, isRead } of await findPagesByHash(db, sourceId, hashes))
    kept.set(contentHash.toString('hex'), { listingPageId: id, fresh: false, isRead });
  const others = hashed.filter(({ contentHash }) => !kept.has(contentHash.toString('hex')));
  const bodies = await Promise.all(others.map(bodyOf));
  const stored = await storePages(
    db,
    others.map(({ bytes, seenAt, contentHash }, index) => {
      const body = bodies[index] ?? Buffer.alloc(0);
      return { sourceId, contentHash, body, bodyBytes: bytes.byteLength, seenAt };
    }),
  );
  const fresh = new Map(stored.map((page, index) => [others[index], page]));
  return hashed.map((page) => {
    const now = fresh.get(page);
    const before = kept.get(page.contentHash.toString('hex'));
    if (now) return { ...now, isRead: false };
    if (before) return before;
    throw new Error('a page was not kept');
  });
}

async function bodyOf({ bytes, packed }: SavedPage): Promise<Buffer> {
  // Unpacked by the same library once already; what hardly packs it is not worth keeping.
  const isPacked = packed !== undefined && packed.byteLength < bytes.byteLength;
  return isPacked ? packed : pack(bytes, { level: LEVEL });
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
