import { PAGE_FORMATS, type PageFormat, type PageReading } from '@paperboy/core';
import { readParts } from '@paperboy/readers';
import type { loadPage } from '@paperboy/store';
import { openBody } from './capture-page.ts';

/** What is known of a page beside its bytes. */
export type PageOrigin = Pick<
  NonNullable<Awaited<ReturnType<typeof loadPage>>>,
  | 'address'
  | 'contentType'
  | 'partAddresses'
  | 'cutBecause'
  | 'format'
  | 'declaration'
  | 'sourceUrl'
>;

type StoredPage = PageOrigin &
  Pick<NonNullable<Awaited<ReturnType<typeof loadPage>>>, 'body' | 'partBytes'>;

/** Told as a verdict: an error would have the page tried again for ever. */
const UNOPENED: PageReading = {
  kind: 'unreadable',
  reason: 'too-large',
  detail: 'the stored page is damaged, or over FETCH_MAX_BYTES when unpacked',
};

/** Reads a stored page with all its parts. */
export async function readStoredPage(page: StoredPage, maxBytes: number): Promise<PageReading> {
  const bodies = await openBody(page, maxBytes);
  return bodies ? readBodies(page, bodies, maxBytes) : UNOPENED;
}

/** Reads the bytes of a page, part by part: the one way from what is kept in the database to entries. */
export function readBodies(
  page: PageOrigin,
  bodies: readonly Uint8Array[],
  maxBytes: number,
): PageReading {
  const { contentType, cutBecause, partAddresses, declaration } = page;
  const format = knownFormat(page.format);
  // Links on a declared page lead from where it was read, or from its source's address where it was saved.
  const address = page.address ?? (declaration === null ? null : page.sourceUrl);
  const addresses = partAddresses ?? (address === null ? [] : [address]);
  const parts = bodies.map((bytes, index) => {
    const readFrom = addresses[index];
    return {
      bytes,
      ...(readFrom !== undefined && { address: readFrom }),
      ...(contentType !== null && { contentType }),
    };
  });
  return readParts({
    parts,
    maxBytes,
    ...(format && { format }),
    ...(declaration && { declaration }),
    ...(cutBecause !== null && { cutBecause }),
  });
}

/** A format as the database has it; one that this version does not know is told by content. */
export function knownFormat(format: string | null): PageFormat | undefined {
  return PAGE_FORMATS.find((known) => known === format);
}
