import type { Entry, PageReading } from '@paperboy/core';
import { adviseDeclaration } from './advise-declaration.ts';
import { openDeclaredPage } from './declared.ts';
import { type PageInput, readPage } from './read-page.ts';
import { rawPage } from './reader.ts';

/** How many entries of a page have a field. */
interface FieldCount {
  readonly field: string;
  readonly found: number;
  readonly of: number;
}

/** A reading with what a person needs to judge it. */
export interface Diagnosis {
  readonly reading: PageReading;
  readonly fields: readonly FieldCount[];
  /** What to change in the declaration; empty for the formats that need none. */
  readonly advice: readonly string[];
}

/** Reads a page as `readPage` does, and tells how well. Costs a second parse where there is a declaration. */
export function diagnosePage(input: PageInput): Diagnosis {
  const reading = readPage(input);
  return { reading, fields: countFields(reading), advice: advise(input, reading) };
}

const FIELDS: readonly (readonly [field: string, has: (entry: Entry) => boolean])[] = [
  ['title', () => true],
  ['id', ({ ids }) => Object.values(ids).some((id) => id !== undefined)],
  ['link', ({ links }) => links.length > 0],
  ['abstract', ({ abstract }) => abstract !== undefined],
  ['authors', ({ authors = [] }) => authors.length > 0],
  ['date', ({ publishedAt }) => publishedAt !== undefined],
];

function countFields(reading: PageReading): FieldCount[] {
  if (reading.kind === 'unreadable') return [];
  const { entries, unreadableEntries } = reading;
  const of = entries.length + unreadableEntries;
  return FIELDS.map(([field, has]) => ({ field, found: entries.filter(has).length, of }));
}

function advise(input: PageInput, reading: PageReading): string[] {
  const isMarkup = reading.kind === 'listing' || reading.reason === 'no-entries';
  if (input.declaration === undefined || !isMarkup) return [];
  const opened = openDeclaredPage(rawPage(input));
  return opened.kind === 'unreadable' || (reading.kind === 'listing' && reading.statedEmpty)
    ? []
    : adviseDeclaration(opened);
}
