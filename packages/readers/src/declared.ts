import { cleanText, type PageReading, type Unreadable } from '@paperboy/core';
import {
  type CompiledDeclaration,
  compileDeclaration,
  ENTRY_FIELDS,
  MAX_DECLARED_ENTRIES,
} from './check-declaration.ts';
import { addressIn, readDeclaredEntries, readValue, webAddress } from './declared-entries.ts';
import { loadHtml } from './load-html.ts';
import { pageEnd } from './page-end.ts';
import { parseSelector } from './parse-selector.ts';
import type { RawPage, Reader } from './reader.ts';
import { type Entries, type PageNode, select } from './select.ts';
import { Warnings } from './warnings.ts';

const MAX_NEXT_PAGES = 20;

/** A page that its operator has described by CSS selectors; read only where such a declaration comes along. */
export const declared: Reader = {
  format: 'declared',
  recognises: ({ declaration }) => declaration !== undefined,
  read(page) {
    const opened = openDeclaredPage(page);
    return opened.kind === 'unreadable' ? opened : readOpened(opened, page);
  },
};

/** A page and its declaration, both parsed, with the places where entries begin. */
export interface OpenedPage {
  readonly kind: 'opened';
  readonly root: PageNode;
  readonly compiled: CompiledDeclaration;
  /** At most as many as are read. */
  readonly entries: Entries;
  /** All that the list selector matches. */
  readonly matched: number;
  /** Where relative addresses are seen from; absent for a saved page that names none itself. */
  readonly base: string | undefined;
}

/** What must hold before any entry can be looked at. */
export function openDeclaredPage({ text, address, declaration }: RawPage): OpenedPage | Unreadable {
  if (declaration === undefined)
    return unreadable('malformed', 'this format reads by a declaration, and the source has none');
  const compiled = compileDeclaration(declaration);
  if ('problems' in compiled) return unreadable('malformed', compiled.problems.join('; '));
  const root = loadHtml(text)?.root()[0];
  if (root === undefined)
    return unreadable('malformed', 'the markup is too large or too deep to be queried');
  const all = select(root, compiled.list);
  const starts = new Map<PageNode, number>();
  for (const { element } of all.slice(0, MAX_DECLARED_ENTRIES)) starts.set(element, starts.size);
  const entries: Entries = { starts, span: compiled.span };
  const base = baseOf(root, address);
  return { kind: 'opened', root, compiled, entries, matched: all.length, base };
}

function readOpened(opened: OpenedPage, { text }: RawPage): PageReading {
  const { root, compiled, entries, base } = opened;
  const warnings = new Warnings();
  const total = entries.starts.size;
  const isEmpty = total === 0 && matches(opened, 'empty');
  if (total === 0 && !isEmpty) {
    const detail = `list "${compiled.list.text}" matches nothing on the page`;
    return unreadable('no-entries', detail);
  }
  const read = readDeclaredEntries(root, compiled, entries, { base, warnings });
  if (total > 0 && read.entries.length === 0) {
    const title = compiled.fields.title?.selector.text ?? '';
    return unreadable('no-entries', `title "${title}" has no text in any of ${total} entries`);
  }
  if (total > 0 && total < compiled.minEntries) {
    const detail = `list "${compiled.list.text}" matches ${total} entries, and minEntries is ${compiled.minEntries}`;
    return unreadable('no-entries', detail);
  }
  for (const field of ENTRY_FIELDS) {
    const found = read.found.get(field) ?? 0;
    if (compiled.fields[field] !== undefined && found < total)
      warnings.add(`${field}: found in ${found} of ${total} entries`);
  }
  const claimed = claimedOn(opened);
  if (compiled.fields.claimed !== undefined && claimed === undefined)
    warnings.add('claimed: no number found');
  const end = pageEnd(text);
  if (end === 'unclosed') warnings.add('the page has no </html>; it may have ended too early');
  const cutBecause =
    end === 'cut'
      ? 'the page ends inside an element'
      : opened.matched > total
        ? `more than ${MAX_DECLARED_ENTRIES} entries, the rest was not read`
        : undefined;
  // Half a title would name a paper that is not there.
  const whole =
    end === 'cut' ? read.entries.filter(({ position }) => position < total) : read.entries;
  if (total > 0 && whole.length === 0)
    return unreadable('no-entries', 'the page ends before its first whole entry');
  return {
    kind: 'listing',
    format: 'declared',
    shape: 'window',
    ...(claimed !== undefined && { claimed }),
    nextPages: nextPages(opened),
    statedEmpty: isEmpty,
    ...(cutBecause !== undefined && { cutBecause }),
    entries: whole,
    unreadableEntries: total - read.entries.length + read.swallowed,
    warnings: warnings.list(),
  };
}

function unreadable(reason: Unreadable['reason'], detail: string): Unreadable {
  return { kind: 'unreadable', format: 'declared', reason, detail };
}

function matches({ root, compiled }: OpenedPage, field: 'empty'): boolean {
  const value = compiled.fields[field];
  return value !== undefined && select(root, value.selector).length > 0;
}

/** Where links lead from: the page's own `base` where that is a web address, else the address that answered. */
function baseOf(root: PageNode, address: string | undefined): string | undefined {
  const selector = parseSelector('base[href]');
  const [first] = 'alternatives' in selector ? select(root, selector) : [];
  const own = first && webAddress(first.element.attribs.href ?? '', address);
  return own ?? webAddress(address ?? '', undefined);
}

/** "of 350" says more than the 50 of "50 of 350"; otherwise the first number counts. */
function claimedOn({ root, compiled: { fields } }: OpenedPage): number | undefined {
  const value = fields.claimed;
  const [first] = value ? select(root, value.selector) : [];
  return first && claimedIn(cleanText(readValue(first.element, value)).slice(0, 1_000));
}

const NUMBER = String.raw`(\d{1,3}(?:[,.'’\u202f]\d{3})+(?!\d)|\d{1,9})`;

/** How many entries a text claims: "1,234 papers", "showing 1–25 of about 350 results". */
export function claimedIn(text: string): number | undefined {
  const found =
    new RegExp(String.raw`\bof\s+(?:about\s+|over\s+|~\s*)?${NUMBER}`, 'i').exec(text) ??
    new RegExp(NUMBER).exec(text);
  return found?.[1] === undefined ? undefined : Number(found[1].replace(/\D/g, ''));
}

/** Each address once, the page itself left out: a loop would be followed for nothing. */
function nextPages({ root, compiled: { fields }, base }: OpenedPage): readonly string[] {
  const value = fields.next;
  if (value === undefined) return [];
  const next = new Set<string>();
  const own = base === undefined ? undefined : withoutFragment(base);
  for (const { element } of select(root, value.selector)) {
    const url = webAddress(addressIn(element, value) ?? '', base);
    if (url !== undefined && withoutFragment(url) !== own) next.add(withoutFragment(url));
    if (next.size === MAX_NEXT_PAGES) break;
  }
  return [...next];
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}
