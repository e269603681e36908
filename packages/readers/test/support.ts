import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Listing, PageReading } from '@paperboy/core';
import { type PageInput, readPage } from '../src/read-page.ts';

/** Folder of real pages; tests on them are skipped where it is not given. */
export const CAPTURES = process.env.PAPERBOY_CAPTURES;

export function capture(name: string): Uint8Array {
  return readFileSync(join(CAPTURES ?? '', name));
}

export function fixture(name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, '../fixtures', name));
}

export function fixtureText(name: string): string {
  return new TextDecoder().decode(fixture(name));
}

/** Reads a page given as text or bytes. */
export function read(page: string | Uint8Array, rest: Omit<PageInput, 'bytes'> = {}): PageReading {
  const bytes = typeof page === 'string' ? new TextEncoder().encode(page) : page;
  return readPage({ ...rest, bytes });
}

/** The same where a listing must come of it. */
export function readListing(
  page: string | Uint8Array,
  rest: Omit<PageInput, 'bytes'> = {},
): Listing {
  const reading = read(page, rest);
  if (reading.kind === 'listing') return reading;
  throw new Error(`not a listing: ${reading.reason}: ${reading.detail}`);
}

export function titles(listing: Listing): string[] {
  return listing.entries.map((entry) => entry.title);
}
