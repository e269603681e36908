import {
  type Entry,
  type ListedOn,
  type Listing,
  type PageReading,
  parseListedOn,
  type Unreadable,
} from '@paperboy/core';
import type { CheerioAPI } from 'cheerio/slim';
import { z } from 'zod';
import { type HfAddress, hfAddress } from './hf-address.ts';
import { readCards } from './hf-cards.ts';
import { printedDate, readHfItems } from './hf-items.ts';
import {
  hasPageData,
  type PageData,
  queryPageData,
  scanForPageData,
  scanUtf8ForPageData,
} from './hf-page-data.ts';
import { loadHtml } from './load-html.ts';
import { parseJson } from './parse-json.ts';
import type { RawPage, Reader } from './reader.ts';
import { Warnings } from './warnings.ts';

const DATA_ELEMENT = /data-target\s*=\s*["']?DailyPapers["'\s>]/i;
const CARD_LINK =
  /<a\s[^<>]{0,500}href\s*=\s*["']?\/papers\/(?:\d{4}\.\d{4}|[a-z-]+(?:\.[A-Z-]+)?\/\d{7})/;
const HTML_END = /<\/(?:html|body)\s*>/i;
const FEED = /^\s*<(?:\?xml|rss|feed)[\s>]/i;

/**
 * A page of huggingface.co/papers: day, week, month, trending or search. The list is read from the data that
 * the page gives to its script; the drawn cards serve where that data is missing or unusable.
 */
export const hfPage: Reader = {
  format: 'hf-page',
  recognises(page) {
    if (FEED.test(page.start)) return false;
    if (page.utf8 !== undefined && hasPageData(page.utf8)) return true;
    return DATA_ELEMENT.test(page.text) || CARD_LINK.test(page.text);
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

/** Why the data gives no entries, and what the page is `otherwise`, when it has no cards either. */
interface DataFault {
  readonly kind: 'fault';
  readonly fault: string;
  readonly otherwise?: PageReading;
}

/** Pages of a week or month stop here, with no way to ask for more. */
const CARDS_OF_A_WINDOW = 105;

interface Context {
  readonly address: HfAddress | undefined;
  readonly warnings: Warnings;
}

function readHfPage(page: RawPage): PageReading {
  const context = { address: hfAddress(page.address), warnings: new Warnings() };
  const inBytes = page.utf8 && scanUtf8ForPageData(page.utf8);
  const scanned = inBytes ?? scanForPageData(page.text);
  let data = readData(scanned, context);
  if (data.kind === 'listing') return data;
  const { text } = page;
  const $ = loadHtml(text);
  if ($ === undefined) return withoutCards(data, 'the markup is too large or too deep for cards');
  if (scanned === undefined) data = readData(queryPageData($), context);
  if (data.kind === 'listing') return data;
  return readDrawnCards($, !HTML_END.test(text.slice(-2_000)), data, context);
}

function readDrawnCards(
  $: CheerioAPI,
  isCut: boolean,
  data: DataFault,
  { address, warnings }: Context,
): PageReading {
  const { entries, unreadable } = readCards($, isCut, warnings);
  if (entries.length === 0) return withoutCards(data, 'no cards either');
  warnings.add(`read from the drawn cards: ${data.fault}`);
  noteFullWindow(entries.length, address?.period, warnings);
  return listing({
    date: address?.date,
    isWindow: address?.period !== 'day',
    isEmpty: false,
    cutBecause: isCut ? 'the page has no end' : undefined,
    entries,
    unreadableEntries: unreadable,
    warnings,
  });
}

function withoutCards({ fault, otherwise }: DataFault, why: string): PageReading {
  return otherwise ?? unreadable('malformed', `${fault}; ${why}`);
}

function unreadable(reason: Unreadable['reason'], detail: string): Unreadable {
  return { kind: 'unreadable', format: 'hf-page', reason, detail };
}

function readData(data: PageData | undefined, { address, warnings }: Context): Listing | DataFault {
  const fault = (text: string): DataFault => ({ kind: 'fault', fault: text });
  if (data === undefined) return fault('no element data-target="DailyPapers" with data-props');
  const json = parseJson(data.json);
  if (json.kind === 'broken') return fault(`its data is no JSON: ${json.detail}`);
  if (json.kind === 'cut' && data.complete) return fault('its data is JSON without an end');
  const props = Props.safeParse(json.value).data;
  if (props === undefined) return fault('its data has no list dailyPapers');
  const items = readHfItems(props.dailyPapers, warnings);
  const period = periodOf(props, address);
  const isLong = period !== 'day' && period !== 'unknown';
  noteFullWindow(props.dailyPapers.length, period, warnings);
  noteOtherAnswer(props, address, warnings);
  // The days of a trending page's papers are not the day of the page.
  const day = isLong ? undefined : (items.listedOn ?? address?.date);
  const date = parseListedOn(props.dateString ?? '') ?? day;
  const reading = listing({
    date,
    isWindow: isLong || date === undefined,
    isEmpty: props.dailyPapers.length === 0 && props.isTrending !== true,
    cutBecause: json.kind === 'cut' ? 'the page ends inside its data' : items.cutBecause,
    entries: items.entries,
    unreadableEntries: items.unreadable,
    warnings,
  });
  if (items.entries.length > 0) return reading;
  if (reading.statedEmpty) return { ...fault('its data lists no papers'), otherwise: reading };
  const why = `none of the ${props.dailyPapers.length} items of its data has an id and a title`;
  return { ...fault(why), otherwise: unreadable('no-entries', why) };
}

/** What the page lists, by its own words first: `2026-W31` is a week, `2026-07` a month. */
function periodOf(props: Props, address: HfAddress | undefined): string {
  if (props.isTrending === true) return 'trending';
  if ((props.query?.q ?? '') !== '') return 'search';
  if (props.periodType !== undefined) return props.periodType;
  if (/^\d{4}-W\d{2}$/.test(props.dateString ?? '')) return 'week';
  if (/^\d{4}-\d{2}$/.test(props.dateString ?? '')) return 'month';
  return address?.period ?? 'unknown';
}

/** No cut: nothing more can be asked for, and a window's absences prove nothing anyway. */
function noteFullWindow(cards: number, period: string | undefined, warnings: Warnings): void {
  if (cards >= CARDS_OF_A_WINDOW && (period === 'week' || period === 'month'))
    warnings.add(`${cards} papers, where the page of a ${period} stops; the others are not on it`);
}

/** A week that is not there yet, or a search without a browser, is answered by another list. */
function noteOtherAnswer(props: Props, address: HfAddress | undefined, warnings: Warnings): void {
  const pairs = [
    [address?.span, props.dateString],
    [address?.search, props.query?.q],
  ] as const;
  for (const [asked, answered] of pairs)
    if (asked !== undefined && answered !== undefined && asked !== answered)
      warnings.add(`asked for "${asked.slice(0, 80)}", answered for "${answered.slice(0, 80)}"`);
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
