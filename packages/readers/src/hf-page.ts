import {
  type Entry,
  type ListedOn,
  type Listing,
  type PageReading,
  parseListedOn,
  type Unreadable,
} from '@paperboy/core';
import { z } from 'zod';
import { type HfAddress, hfAddress } from './hf-address.ts';
import { readCards } from './hf-cards.ts';
import { printedDate, readHfItems } from './hf-items.ts';
import { type PageData, queryPageData, scanForPageData } from './hf-page-data.ts';
import { loadHtml } from './load-html.ts';
import { parseJson } from './parse-json.ts';
import type { RawPage, Reader } from './reader.ts';
import { Warnings } from './warnings.ts';

const DATA_ELEMENT = /data-target\s*=\s*["']?DailyPapers["'\s>]/i;
const CARD_LINK =
  /<a\s[^<>]{0,500}href\s*=\s*["']?\/papers\/(?:\d{4}\.\d{4}|[a-z-]+(?:\.[A-Z-]+)?\/\d{7})/;
const FEED = /^\s*<(?:\?xml|rss|feed)[\s>]/i;

/**
 * A page of huggingface.co/papers: day, week, month, trending or search. The list is read from the data that
 * the page gives to its script; the drawn cards serve where that data is missing or unusable.
 */
export const hfPage: Reader = {
  format: 'hf-page',
  recognises({ text }) {
    if (FEED.test(text.slice(0, 500))) return false;
    return DATA_ELEMENT.test(text) || CARD_LINK.test(text);
  },
  read: readHfPage,
};

/** Everything but the list itself is optional; trending pages have no date. */
const Props = z.object({
  dailyPapers: z.array(z.unknown()),
  dateString: z.string().optional().catch(undefined),
  periodType: z.string().optional().catch(undefined),
  isTrending: z.boolean().optional().catch(undefined),
  query: z.object({ q: z.string().optional() }).optional().catch(undefined),
});
type Props = z.infer<typeof Props>;

function readHfPage(page: RawPage): PageReading {
  const warnings = new Warnings();
  const address = hfAddress(page.address);
  const scanned = scanForPageData(page.text);
  const first = scanned && readData(scanned, address, warnings);
  if (first !== undefined && !('fault' in first)) return first;
  const $ = loadHtml(page.text);
  if ($ === undefined) return unreadable('malformed', 'the elements are nested beyond all reason');
  const queried = scanned === undefined ? queryPageData($) : undefined;
  const second = queried && readData(queried, address, warnings);
  if (second !== undefined && !('fault' in second)) return second;

  const isCut = !/<\/(?:html|body)\s*>/i.test(page.text.slice(-2_000));
  const cards = readCards($, isCut, warnings);
  const failed = second ?? first;
  if (cards.entries.length === 0) return failed?.otherwise ?? unreadableData(failed?.fault);
  warnings.add(`read from the drawn cards: ${failed?.fault ?? NO_DATA}`);
  return listing({
    date: address?.date,
    isWindow: address?.period !== 'day',
    isEmpty: false,
    cutBecause: isCut ? 'the page has no end' : undefined,
    entries: cards.entries,
    unreadableEntries: cards.unreadable,
    warnings,
  });
}

const NO_DATA = 'no element data-target="DailyPapers" with data-props';

function unreadable(reason: Unreadable['reason'], detail: string): Unreadable {
  return { kind: 'unreadable', format: 'hf-page', reason, detail };
}

function unreadableData(fault = NO_DATA): Unreadable {
  return unreadable('malformed', `${fault}; nor any card`);
}

/** Why the data gives no entries, and what the page is `otherwise`, when it has no cards either. */
interface DataFault {
  readonly fault: string;
  readonly otherwise?: PageReading;
}

function readData(
  { json: text, complete }: PageData,
  address: HfAddress | undefined,
  warnings: Warnings,
): Listing | DataFault {
  const json = parseJson(text);
  if (json.kind === 'broken') return { fault: `its data is no JSON: ${json.detail}` };
  if (json.kind === 'cut' && complete)
    return { fault: 'its data is JSON that ends inside an item' };
  const props = Props.safeParse(json.value).data;
  if (props === undefined) return { fault: 'its data has no list dailyPapers' };
  const items = readHfItems(props.dailyPapers, warnings);
  const isLong = isLongerThanADay(props, address);
  // The days of a trending page's papers are not the day of the page.
  const day = isLong ? undefined : (items.listedOn ?? address?.date);
  const date = parseListedOn(props.dateString ?? '') ?? day;
  const reading = listing({
    date,
    isWindow: isLong || date === undefined,
    isEmpty: props.dailyPapers.length === 0 && props.isTrending !== true,
    cutBecause: json.kind === 'cut' ? 'the page ends inside its data' : undefined,
    entries: items.entries,
    unreadableEntries: items.unreadable,
    warnings,
  });
  if (items.entries.length > 0) return reading;
  const count = props.dailyPapers.length;
  if (reading.statedEmpty) return { fault: 'its data lists no papers', otherwise: reading };
  const fault = `none of the ${count} items of its data has an id and a title`;
  return { fault, otherwise: unreadable('no-entries', fault) };
}

function isLongerThanADay(props: Props, address: HfAddress | undefined): boolean {
  if (props.isTrending === true || (props.query?.q ?? '') !== '') return true;
  if (props.periodType !== undefined) return props.periodType !== 'day';
  return address !== undefined && address.period !== 'day' && address.period !== 'unknown';
}

function listing(found: {
  readonly date: ListedOn | undefined;
  readonly isWindow: boolean;
  readonly isEmpty: boolean;
  readonly cutBecause: string | undefined;
  readonly entries: readonly Entry[];
  readonly unreadableEntries: number;
  readonly warnings: Warnings;
}): Listing {
  return {
    kind: 'listing',
    format: 'hf-page',
    shape: found.isWindow ? 'window' : 'batch',
    ...(found.date !== undefined && { date: printedDate(found.date) }),
    nextPages: [],
    statedEmpty: found.isEmpty,
    ...(found.cutBecause !== undefined && { cutBecause: found.cutBecause }),
    entries: found.entries,
    unreadableEntries: found.unreadableEntries,
    warnings: found.warnings.list(),
  };
}
