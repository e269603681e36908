import type { Entry, Listing, PageDeclaration, PageFormat, PageReading } from '@paperboy/core';
import { type PageInput, readPage } from './read-page.ts';
import { Warnings } from './warnings.ts';

/** A stored listing page: one part, or several of the same list in order. */
export interface PageParts {
  readonly parts: readonly Pick<PageInput, 'bytes' | 'contentType' | 'address'>[];
  /** Reads as this format without asking whether the page looks like it. */
  readonly format?: PageFormat;
  /** Reads every part by these selectors. */
  readonly declaration?: PageDeclaration;
  /** Why something is missing that the bytes themselves do not show. */
  readonly cutBecause?: string;
  /** Of all parts together. */
  readonly maxBytes?: number;
}

/**
 * Reads a listing page with all its parts as one list. The first part decides the format, and whether there is a
 * list at all; a later part that cannot be read makes the list a cut one. Never throws, see `readPage`.
 */
export function readParts({
  parts,
  format,
  declaration,
  cutBecause,
  maxBytes,
}: PageParts): PageReading {
  const [first, ...later] = parts;
  if (!first) return { kind: 'unreadable', reason: 'empty', detail: 'no part was kept' };
  const rules = {
    ...(maxBytes !== undefined && { maxBytes }),
    ...(declaration && { declaration }),
  };
  const reading = readPage({ ...first, ...rules, ...(format && { format }) });
  if (reading.kind === 'unreadable') return reading;
  const rest = later.map((part) => readPage({ ...part, ...rules, format: reading.format }));
  const addresses = parts.flatMap(({ address }) => address ?? []);
  return joinParts([reading, ...rest], {
    addresses,
    ...(cutBecause !== undefined && { cutBecause }),
  });
}

/**
 * Joins the readings of a list's parts. Positions go on from part to part. What a part claims beyond its own
 * entries, it claims of the whole list; otherwise the claims add up. The list is cut where a part is, where
 * parts are of different days, and where a part names a next page that is none of `addresses`.
 */
export function joinParts(
  [first, ...later]: readonly [Listing, ...PageReading[]],
  {
    addresses,
    cutBecause,
  }: { readonly addresses: readonly string[]; readonly cutBecause?: string },
): Listing {
  const readings: readonly [Listing, ...PageReading[]] = [first, ...later];
  const parts = readings.filter((reading) => reading.kind === 'listing');
  const known = new Set(addresses.map(plainAddress));
  const nextPages = [...new Set(parts.flatMap((part) => part.nextPages))].filter(
    (address) => !known.has(plainAddress(address)),
  );
  const cuts = [cutBecause, ...cutsOf(readings), unread(nextPages)];
  const cut = cuts.find((reason) => reason !== undefined);
  const claimed = claimOf(parts);
  const { claimed: _, cutBecause: __, ...rest } = first;
  return {
    ...rest,
    shape: parts.some((part) => part.shape === 'window') ? 'window' : 'batch',
    ...(claimed !== undefined && { claimed }),
    nextPages,
    statedEmpty: parts.length === readings.length && parts.every((part) => part.statedEmpty),
    ...(cut !== undefined && { cutBecause: cut }),
    entries: entriesOf(parts),
    unreadableEntries: parts.reduce((sum, part) => sum + part.unreadableEntries, 0),
    warnings: warningsOf(readings),
  };
}

/** The same page is asked for whatever stands behind the `#`. */
function plainAddress(address: string): string {
  const url = URL.parse(address);
  if (!url) return address;
  url.hash = '';
  return url.href;
}

function cutsOf(readings: readonly [Listing, ...PageReading[]]): (string | undefined)[] {
  const [first] = readings;
  return readings.map((part, index) => {
    const say = (reason: string) => (index === 0 ? reason : `part ${index + 1}: ${reason}`);
    if (part.kind === 'unreadable') return say(`it cannot be read, ${part.detail}`);
    if (part.cutBecause !== undefined) return say(part.cutBecause);
    // The list moved on to the next day while it was read.
    if (part.shape === 'batch' && part.entries.length > 0 && !sameDay(first, part))
      return say('it is of another day than the first');
    return undefined;
  });
}

function sameDay({ date: a }: Listing, { date: b }: Listing): boolean {
  return a?.year === b?.year && a?.month === b?.month && a?.day === b?.day;
}

function unread([address]: readonly string[]): string | undefined {
  return address === undefined ? undefined : `the list goes on at ${address.slice(0, 200)}`;
}

function claimOf(parts: readonly Listing[]): number | undefined {
  const claims = parts.flatMap(({ claimed }) => claimed ?? []);
  if (claims.length === 0) return undefined;
  const ofTheWhole = parts.some(({ claimed = 0, entries }) => claimed > entries.length);
  if (ofTheWhole || claims.length < parts.length) return Math.max(...claims);
  return claims.reduce((sum, claim) => sum + claim, 0);
}

function entriesOf(parts: readonly Listing[]): Entry[] {
  const entries: Entry[] = [];
  let before = 0;
  for (const part of parts) {
    const offset = before;
    for (const entry of part.entries) {
      entries.push(offset === 0 ? entry : { ...entry, position: offset + entry.position });
      before = Math.max(before, offset + entry.position);
    }
  }
  return entries;
}

function warningsOf(readings: readonly PageReading[]): readonly string[] {
  const warnings = new Warnings();
  for (const [index, reading] of readings.entries()) {
    const prefix = readings.length > 1 ? `part ${index + 1}: ` : '';
    if (reading.kind === 'unreadable') warnings.add(`${prefix}${reading.detail}`);
    else for (const warning of reading.warnings) warnings.add(`${prefix}${warning}`);
  }
  return warnings.list();
}
