import { cleanText, type Entry, idsIn, type Link, readDate } from '@paperboy/core';
import {
  type CompiledDeclaration,
  ENTRY_FIELDS,
  type EntryField,
  type Value,
} from './check-declaration.ts';
import { textWithin } from './load-html.ts';
import { FIELD_LIMITS, linkTo, makeEntry } from './make-entry.ts';
import {
  attributeOf,
  type Entries,
  type Found,
  type PageElement,
  type PageNode,
  select,
} from './select.ts';
import type { Warnings } from './warnings.ts';

/** What a declaration's fields give on one page. */
export interface DeclaredEntries {
  readonly entries: readonly Entry[];
  /** In how many entries each declared field had a value that can be used. */
  readonly found: ReadonlyMap<EntryField, number>;
  /** Titles that stood in the entry of another: its own beginning was not found. */
  readonly swallowed: number;
}

/** Everything of one entry that its fields match. */
type Matches = Partial<Record<EntryField, Found[]>>;

/** More of one field in one entry are left out; the longest author lists have some 3,000 names. */
const MAX_MATCHES = FIELD_LIMITS.authors;
/** An abstract of more paragraphs is a page taken for one. */
const MAX_PARAGRAPHS = 50;
/** How many matches of a field are tried until one says something. */
const MAX_TRIES = 20;
/** Far above any real text, in characters. */
const MAX_TEXT = 2 * FIELD_LIMITS.abstract;

/** Reads the fields of every entry; one without a title is no entry and leaves its position empty. */
export function readDeclaredEntries(
  root: PageNode,
  { fields }: CompiledDeclaration,
  entries: Entries,
  page: { readonly base: string | undefined; readonly warnings: Warnings },
): DeclaredEntries {
  const matches: Matches[] = Array.from({ length: entries.starts.size }, () => ({}));
  for (const field of ENTRY_FIELDS) {
    const value = fields[field];
    if (value === undefined) continue;
    for (const match of select(root, value.selector, entries)) {
      const own = matches[match.entry];
      if (own === undefined || !counts(match.element, value, entries)) continue;
      own[field] ??= [];
      if (own[field].length < MAX_MATCHES) own[field].push(match);
    }
  }
  const found = new Map<EntryField, number>();
  let swallowed = 0;
  const read = matches.flatMap((all, index) => {
    const end = secondTitle(all.title ?? [], fields.title);
    const own = end === undefined ? all : upTo(all, end);
    if (end !== undefined) {
      swallowed++;
      page.warnings.add(`entry ${index + 1}: a second title, what follows it was not read`);
    }
    const entry = entryOf(own, fields, index + 1, page);
    for (const field of entry?.found ?? []) found.set(field, (found.get(field) ?? 0) + 1);
    return entry?.entry ?? [];
  });
  return { entries: read, found, swallowed };
}

/** What a selector finds in an entry does not take in the entry itself, unless `:scope` says so. */
function counts(element: PageElement, { selector }: Value, { starts, span }: Entries): boolean {
  return (
    span === 'until-next' ||
    !starts.has(element) ||
    selector.alternatives.some((steps) =>
      steps.at(-1)?.compound.some(({ kind }) => kind === 'scope'),
    )
  );
}

type Fields = CompiledDeclaration['fields'];

function entryOf(
  own: Matches,
  fields: Fields,
  position: number,
  { base, warnings }: { readonly base: string | undefined; readonly warnings: Warnings },
): { readonly entry: Entry | undefined; readonly found: readonly EntryField[] } {
  const first = (field: EntryField) =>
    firstText(elementsOf(own, field), fields[field], without(own, field));
  const parts = (field: EntryField, max: number) =>
    outermost(elementsOf(own, field), max).map((element) =>
      readValue(element, fields[field], without(own, field)),
    );
  const abstract = parts('abstract', MAX_PARAGRAPHS).map(withoutLabel);
  const authors = authorsIn(parts('authors', MAX_MATCHES));
  const link = linkIn(elementsOf(own, 'link'), fields.link, base);
  const published = isoDate(first('date'));
  const id = cleanText(first('id') ?? '').slice(0, FIELD_LIMITS.url);
  const entry = makeEntry(
    {
      position,
      title: withoutLabel(first('title') ?? ''),
      abstract,
      textKind: 'abstract',
      ids: idsIn([id, ...(link ? [link.url] : [])]),
      ...(authors.length > 0 && { authors }),
      links: link ? [link] : [],
      ...(published !== undefined && { publishedAt: published }),
    },
    warnings,
  );
  if (entry === undefined) return { entry, found: [] };
  const found: EntryField[] = ['title'];
  if (entry.abstract !== undefined) found.push('abstract');
  if (authors.length > 0) found.push('authors');
  if (link !== undefined) found.push('link');
  if (published !== undefined) found.push('date');
  if (Object.values(idsIn([id])).some((known) => known !== undefined)) found.push('id');
  return { entry, found };
}

/** The text of a match, or its attribute. */
export function readValue(
  element: PageElement,
  value: Value | undefined,
  others?: ReadonlySet<PageElement>,
): string {
  if (value?.attribute !== undefined) return attributeOf(element, value.attribute) ?? '';
  const text = textWithin(element, MAX_TEXT, others);
  return others === undefined || /\p{L}/u.test(text) ? text : textWithin(element, MAX_TEXT);
}

function elementsOf(own: Matches, field: EntryField): PageElement[] {
  return (own[field] ?? []).map(({ element }) => element);
}

/**
 * What lies in a field and is another one is no part of it: a title whose end tag is missing reaches over all
 * that follows. A title is often inside of its link, or the id in it.
 */
function without(own: Matches, field: EntryField): ReadonlySet<PageElement> {
  const others = new Set<PageElement>();
  for (const other of ENTRY_FIELDS) {
    if (other === field || (field === 'title' && (other === 'link' || other === 'id'))) continue;
    for (const element of elementsOf(own, other)) others.add(element);
  }
  for (const element of elementsOf(own, field)) others.delete(element);
  return others;
}

/** Where a title begins that is not the first one drawn again: an entry whose beginning the page does not show. */
function secondTitle(titles: readonly Found[], value: Value | undefined): number | undefined {
  let first: string | undefined;
  for (const { element, place } of titles.slice(0, MAX_TRIES)) {
    const text = cleanText(readValue(element, value));
    if (text === '') continue;
    first ??= text;
    if (!first.includes(text) && !text.includes(first)) return place;
  }
  return undefined;
}

function upTo(all: Matches, end: number): Matches {
  const own: Matches = {};
  for (const field of ENTRY_FIELDS)
    own[field] = (all[field] ?? []).filter(({ place }) => place < end);
  return own;
}

/** The words by which lists label a field, arXiv's among them. */
const LABEL = /^\s*(?:title|abstract|summary|authors?)\s*:\s*/i;

function withoutLabel(text: string): string {
  return text.replace(LABEL, '');
}

/** The first that says anything; pages draw empty places too. */
function firstText(
  elements: readonly PageElement[],
  value: Value | undefined,
  others: ReadonlySet<PageElement>,
): string | undefined {
  for (const element of elements.slice(0, MAX_TRIES)) {
    const text = readValue(element, value, others);
    if (cleanText(text) !== '') return text;
  }
  return undefined;
}

/** What lies within another match is part of it. In page order only the last one kept can be around the next. */
function outermost(elements: readonly PageElement[], max: number): PageElement[] {
  const kept: PageElement[] = [];
  for (const element of elements) {
    const last = kept.at(-1);
    if (kept.length < max && !(last && contains(last, element))) kept.push(element);
  }
  return kept;
}

function contains(outer: PageNode, inner: PageNode): boolean {
  let parent = inner.parent;
  while (parent && parent !== outer) parent = parent.parent;
  return parent === outer;
}

/** Each match is a name; a single one may hold them all, joined by semicolons, or else by commas and "and". */
function authorsIn(texts: readonly string[]): string[] {
  const names = texts.length === 1 ? splitNames(texts[0] ?? '') : texts;
  return names
    .map((name) => cleanText(withoutLabel(name)).replace(/^(?:by|and)\s+|[,;]$/gi, ''))
    .filter((name) => /\p{L}/u.test(name));
}

function splitNames(text: string): string[] {
  // One blank at most between words keeps the patterns below from trying each of a long run.
  const all = cleanText(withoutLabel(text));
  return all.includes(';') ? all.split(';') : all.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s+&\s+/);
}

/** The attribute that was named, or where an element leads by itself. */
export function addressIn(element: PageElement, value: Value | undefined): string | undefined {
  if (value?.attribute !== undefined) return attributeOf(element, value.attribute);
  return attributeOf(element, 'href') ?? textWithin(element, FIELD_LIMITS.url);
}

/** An absolute web address; relative ones need a base. Others, such as `javascript:`, are none. */
export function webAddress(address: string, base: string | undefined): string | undefined {
  if (address.length > FIELD_LIMITS.url || address.trim() === '') return undefined;
  return linkTo('page', URL.parse(address.trim(), base)?.href)?.url;
}

function linkIn(
  elements: readonly PageElement[],
  value: Value | undefined,
  base: string | undefined,
): Link | undefined {
  for (const element of elements.slice(0, MAX_TRIES)) {
    const url = webAddress(addressIn(element, value) ?? '', base);
    if (url !== undefined) return { rel: /\.pdf$|\/pdf\//i.test(url) ? 'pdf' : 'page', url };
  }
  return undefined;
}

/** The day of a printed date; one without a year names no day. */
function isoDate(text: string | undefined): string | undefined {
  const date = text === undefined ? undefined : readDate(cleanText(text.slice(0, 2_000)));
  if (date?.year === undefined) return undefined;
  const figures = (number: number, width: number) => String(number).padStart(width, '0');
  return `${figures(date.year, 4)}-${figures(date.month, 2)}-${figures(date.day, 2)}`;
}
