import type { Entry, Listing, PageReading, PrintedDate, Unreadable } from '@paperboy/core';
import { arxivDay } from './arxiv-day.ts';
import {
  type ArxivPageKind,
  printedNumber,
  readSlot,
  type SlotReading,
} from './arxiv-list-entry.ts';
import { type Heading, totalIn } from './arxiv-list-headings.ts';
import { nextListPage } from './arxiv-list-next.ts';
import { type ListParts, type Slot, walkArxivList } from './arxiv-list-walk.ts';
import { loadHtml } from './load-html.ts';
import { MAX_ENTRIES, makeEntry, OVER_MAX_ENTRIES } from './make-entry.ts';
import type { RawPage, Reader } from './reader.ts';
import { Warnings } from './warnings.ts';

/** The frame of a list page in either markup; what is inside may have changed. */
const FRAME =
  /<(?:div|dl|span)\s[^<>]{0,300}?(?:id\s*=\s*["']?(?:dlpage|articles)["'\s>]|class\s*=\s*["']?list-(?:identifier|dateline)["'\s>])/i;
const HTML_END = /<\/(?:html|body)\s*>/i;
const STATED_EMPTY = /\bno updates (?:today|for this time period)\b/i;
const FIRST_SELECTOR = 'dl#articles';
const ENTRY_SELECTOR = 'dt > a[href^="/abs/"]';

/**
 * A list page of arxiv.org: `new`, `recent`, or a month or year, in the markup of 2024 (a `dl` per section with
 * its heading inside) and the one before (headings between plain `dl`s).
 *
 * A `new` page is the batch of its day. A `recent` page is a window on five days and carries the newest of them,
 * because that is the day it is read for: it claims that day as a whole and names the next page as long as that
 * day goes on. The older days on it count for what is there. A month or year has no day and claims its total.
 */
export const arxivList: Reader = {
  format: 'arxiv-list',
  recognises: ({ text }) => FRAME.test(text),
  read: readArxivList,
};

function readArxivList({ text, address, endsInsideCharacter }: RawPage): PageReading {
  const $ = loadHtml(text);
  if ($ === undefined) return unreadable('malformed', 'the markup is too large or too deep');
  const parts = walkArxivList($);
  const hasNoEnd = endsInsideCharacter || !HTML_END.test(text.slice(-2_000));
  // Of the entry that a page ends in nobody knows how much is missing; half a title names another paper.
  const slots = hasNoEnd ? parts.slots.slice(0, -1) : parts.slots;
  const page = pageKind(parts.headings);
  const warnings = new Warnings();
  const { entries, faults } = readSlots(slots.slice(0, MAX_ENTRIES), page, warnings);
  const claimed = claimedCount(parts, page);
  const isEmpty = slots.length === 0 && !claimed && STATED_EMPTY.test(parts.around);
  if (entries.length === 0 && !isEmpty) return withoutEntries(parts, faults, hasNoEnd);
  const cutBecause = hasNoEnd ? 'the page has no end' : whyCut(parts.headings, slots, entries);
  return listing({ parts, page, entries, faults, claimed, cutBecause, isEmpty, warnings }, address);
}

function unreadable(reason: Unreadable['reason'], detail: string): Unreadable {
  return { kind: 'unreadable', format: 'arxiv-list', reason, detail };
}

/** Names the first landmark that failed, which is what changed on the page. */
function withoutEntries(
  { hasList, slots }: ListParts,
  faults: readonly string[],
  hasNoEnd: boolean,
): Unreadable {
  const [fault] = faults;
  if (fault !== undefined) {
    return unreadable('no-entries', `none of ${slots.length} entries can be read: ${fault}`);
  }
  if (hasNoEnd) return unreadable('malformed', 'the page ends before its first whole entry');
  if (!hasList) return unreadable('malformed', `no ${FIRST_SELECTOR}`);
  return unreadable('no-entries', `${FIRST_SELECTOR} without ${ENTRY_SELECTOR}`);
}

function pageKind(headings: readonly Heading[]): ArxivPageKind {
  if (headings.some(({ kind }) => kind === 'page' || kind === 'section')) return 'new';
  return headings.some(({ kind }) => kind === 'day') ? 'recent' : 'other';
}

function readSlots(
  slots: readonly Slot[],
  page: ArxivPageKind,
  warnings: Warnings,
): { readonly entries: readonly Entry[]; readonly faults: readonly string[] } {
  const entries: Entry[] = [];
  const faults: string[] = [];
  const missing = new Map<string, number>();
  slots.forEach((slot, index) => {
    const reading: SlotReading = readSlot(slot, page, index + 1);
    const entry = reading.kind === 'entry' ? makeEntry(reading.entry, warnings) : undefined;
    if (entry === undefined) {
      const fault = reading.kind === 'fault' ? reading.fault : 'a .list-title without text';
      faults.push(fault);
      warnings.add(`entry ${index + 1}: ${fault}`);
      return;
    }
    entries.push(entry);
    if (reading.kind !== 'entry') return;
    for (const landmark of reading.missing) {
      missing.set(landmark, (missing.get(landmark) ?? 0) + 1);
    }
  });
  for (const [landmark, count] of missing) {
    warnings.add(`${count} of ${entries.length} entries without ${landmark}`);
  }
  return { entries, faults };
}

/** The entries of the list over all its parts, as the page counts them. */
function claimedCount({ headings, around }: ListParts, page: ArxivPageKind): number | undefined {
  const total = totalIn(around.replace(/\s+/g, ' '));
  const counts = headings.flatMap(({ count }) => count ?? []);
  if (counts.length === 0) return total;
  const [first] = counts;
  const all = counts.reduce((sum, count) => sum + count.all, 0);
  if (page === 'new') return Math.max(total ?? 0, all);
  const shown = counts.reduce((sum, count) => sum + count.shown, 0);
  return first === undefined ? total : shown - first.shown + first.all;
}

/** Why entries of this very page are missing, by the counts in its headings or the numbers beside its entries. */
function whyCut(
  headings: readonly Heading[],
  slots: readonly Slot[],
  entries: readonly Entry[],
): string | undefined {
  if (slots.length > MAX_ENTRIES) return OVER_MAX_ENTRIES;
  const shown = headings.reduce((sum, { count }) => sum + (count?.shown ?? 0), 0);
  if (shown > entries.length)
    return `${entries.length} of ${shown} entries that the headings count`;
  let last: number | undefined;
  for (const slot of slots) {
    const number = printedNumber(slot);
    if (number === undefined) last = undefined;
    else if (last !== undefined && number > last + 1) return `after [${last}] comes [${number}]`;
    else last = number;
  }
  return undefined;
}

interface Found {
  readonly parts: ListParts;
  readonly page: ArxivPageKind;
  readonly entries: readonly Entry[];
  readonly faults: readonly string[];
  readonly claimed: number | undefined;
  readonly cutBecause: string | undefined;
  readonly isEmpty: boolean;
  readonly warnings: Warnings;
}

function listing(found: Found, address: string | undefined): Listing {
  const { parts, page, claimed, cutBecause, warnings } = found;
  const date = dateOf(parts, page);
  if (date === undefined && page !== 'other') warnings.add('no heading with a date');
  const next = isUnfinished(parts.headings, page) ? nextListPage(parts, address) : undefined;
  return {
    kind: 'listing',
    format: 'arxiv-list',
    shape: page === 'new' && date !== undefined ? 'batch' : 'window',
    ...(date !== undefined && { date }),
    ...(claimed !== undefined && { claimed }),
    nextPages: next === undefined ? [] : [next],
    statedEmpty: found.isEmpty,
    ...(cutBecause !== undefined && { cutBecause }),
    entries: found.entries,
    unreadableEntries: found.faults.length,
    warnings: warnings.list(),
  };
}

/** As the page names its day, never by a clock; of several days the newest. */
function dateOf({ headings, around }: ListParts, page: ArxivPageKind): PrintedDate | undefined {
  const dates = headings.flatMap(({ date }) => date ?? []);
  const [newest] = dates.toSorted((a, b) => order(b) - order(a));
  if (newest !== undefined || page !== 'new') return newest;
  // "Submissions received from ... to ..., announced Fri, 17 Mar 23", in the markup before 2024.
  const announced = around.indexOf('announced ');
  return announced < 0 ? undefined : arxivDay(around.slice(announced, announced + 60));
}

const order = ({ year = 0, month, day }: PrintedDate) => (year * 100 + month) * 100 + day;

/** Of a `recent` page only the first day is wanted as a whole. */
function isUnfinished(headings: readonly Heading[], page: ArxivPageKind): boolean {
  if (page !== 'recent') return true;
  const counts = headings.flatMap(({ count }) => count ?? []);
  const [first] = counts;
  return counts.length <= 1 && first?.goesOn !== false;
}
