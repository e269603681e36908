import {
  cleanText,
  type Entry,
  type EntryIds,
  type Link,
  type Section,
  shorten,
  type TextKind,
  textOrAbsent,
} from '@paperboy/core';
import type { Warnings } from './warnings.ts';

/**
 * The longest fields that are kept, in UTF-16 units. Real titles end at 176 and abstracts at 1,920
 * characters; the largest author lists have some 3,000 names. What is longer is damage or an attack.
 */
export const FIELD_LIMITS = {
  title: 1_000,
  abstract: 20_000,
  authors: 5_000,
  author: 200,
  url: 2_000,
} as const;

/** The most entries that are read of one page. Real lists end at some 100, arXiv's longest at 2,000. */
export const MAX_ENTRIES = 100_000;
export const OVER_MAX_ENTRIES = `more than ${MAX_ENTRIES} entries, the rest was not read`;

/** An entry as the page has it: any white space, any length. */
export interface RawEntry {
  readonly position: number;
  readonly title: string;
  /** Each paragraph by itself. */
  readonly abstract?: readonly string[];
  readonly textKind: TextKind;
  readonly ids?: EntryIds;
  readonly authors?: readonly string[];
  readonly links?: readonly Link[];
  readonly section?: Section;
  readonly categories?: readonly string[];
  readonly publishedAt?: string;
  readonly upvotes?: number;
}

/** Cleans and caps an entry by the rules of all pages. Undefined without a title: then it is no entry. */
export function makeEntry(raw: RawEntry, warnings: Warnings): Entry | undefined {
  const title = capped(cleanText(raw.title), 'title', raw.position, warnings);
  if (title === '') return undefined;
  const paragraphs = (raw.abstract ?? []).map(textOrAbsent).filter((text) => text !== undefined);
  const abstract = capped(paragraphs.join('\n\n'), 'abstract', raw.position, warnings);
  const authors = cleanAuthors(raw.authors, raw.position, warnings);
  return {
    position: raw.position,
    title,
    ...(abstract !== '' && { abstract }),
    textKind: raw.textKind,
    ids: raw.ids ?? {},
    ...(authors !== undefined && { authors }),
    links: raw.links ?? [],
    section: raw.section ?? 'none',
    ...(raw.categories !== undefined && { categories: raw.categories }),
    ...(raw.publishedAt !== undefined && { publishedAt: raw.publishedAt }),
    ...(raw.upvotes !== undefined && { upvotes: raw.upvotes }),
  };
}

function capped(
  text: string,
  field: 'title' | 'abstract',
  position: number,
  warnings: Warnings,
): string {
  const max = FIELD_LIMITS[field];
  if (text.length <= max) return text;
  warnings.add(`entry ${position}: ${field} of ${text.length} characters cut to ${max}`);
  return shorten(text, max);
}

function cleanAuthors(
  names: readonly string[] | undefined,
  position: number,
  warnings: Warnings,
): readonly string[] | undefined {
  if (names === undefined) return undefined;
  if (names.length > FIELD_LIMITS.authors) {
    warnings.add(`entry ${position}: ${names.length} authors, ${FIELD_LIMITS.authors} kept`);
  }
  return names
    .slice(0, FIELD_LIMITS.authors)
    .map((name) => shorten(cleanText(name), FIELD_LIMITS.author))
    .filter((name) => name !== '');
}

/** The link when its address is absolute, http or https and of sane length; otherwise undefined. */
export function linkTo(rel: Link['rel'], address: string | undefined): Link | undefined {
  if (address === undefined || address.length > FIELD_LIMITS.url) return undefined;
  const url = URL.parse(address.trim());
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return undefined;
  // A name or password in an address is never part of a paper's page.
  if (url.username !== '' || url.password !== '') return undefined;
  return { rel, url: url.href };
}
