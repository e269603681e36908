import { type Listing, type PageReading, parseListedOn, type Unreadable } from '@paperboy/core';
import { z } from 'zod';
import { type HfAddress, hfAddress } from './hf-address.ts';
import { printedDate, readHfItems } from './hf-items.ts';
import { jsonItems } from './json-items.ts';
import { parseJson } from './parse-json.ts';
import type { RawPage, Reader } from './reader.ts';
import { utf8Pieces } from './utf8-pieces.ts';
import { Warnings } from './warnings.ts';

/** Entries an answer has when the request names no limit; exactly so many mean that the rest was left out. */
const DEFAULT_LIMIT = 50;
/** The most that one answer holds, whatever limit is asked for. */
const LARGEST_LIMIT = 100;

/** How archives wrap an answer. */
const Wrapper = z.object({
  data: z.array(z.unknown()),
  count: z.number().int().nonnegative().optional().catch(undefined),
  date: z.string().optional().catch(undefined),
});
const Answer = z.union([z.array(z.unknown()).transform((data) => ({ data })), Wrapper]);
type Answer = z.infer<typeof Wrapper>;

// Blanks are matched in one place at a time: twice in a row they would cost the square of their number.
const PYTHON_LITERAL = /^\s*(?:\[\s*)?\{\s*'/;

/** An answer of `huggingface.co/api/daily_papers`, of any year, bare or as an archive wraps it. */
export const hfApi: Reader = {
  format: 'hf-api',
  recognises(page) {
    // The start says it all, unless it is little else than blanks.
    const head = /\S\s*\S\s*\S/.test(page.start) ? page.start : page.text;
    if (!/^\s*[[{]/.test(head)) return false;
    if (PYTHON_LITERAL.test(head)) return page.text.includes("'paper'");
    return hasPaper(page) || hfAddress(page.address)?.isApi === true;
  },
  read: readHfApi,
};

const PAPER = /"paper"\s*:\s*\{/;
/** More than lies between the parts of that. */
const OVERLAP = 100;

/** Nearly always in the first piece of the bytes, so that the page need not become one text. */
function hasPaper(page: RawPage): boolean {
  let last = '';
  for (const piece of page.utf8 ? utf8Pieces(page.utf8) : []) {
    if (PAPER.test(last + piece)) return true;
    last = piece.slice(-OVERLAP);
  }
  return PAPER.test(page.text);
}

function unreadable(reason: Unreadable['reason'], detail: string): Unreadable {
  return { kind: 'unreadable', format: 'hf-api', reason, detail };
}

function readHfApi(page: RawPage): PageReading {
  const data = page.utf8 && jsonItems(page.utf8);
  if (data) return listing({ data }, false, hfAddress(page.address));
  if (PYTHON_LITERAL.test(page.text)) {
    const detail = 'Python literals (single quotes), not JSON; convert with json.dumps';
    return unreadable('malformed', detail);
  }
  const json = parseJson(page.text);
  if (json.kind === 'broken') return unreadable('malformed', json.detail);
  const answer = Answer.safeParse(json.value).data;
  if (answer === undefined) {
    return unreadable('malformed', `no list of papers${errorIn(json.value)}`);
  }
  return listing(answer, json.kind === 'cut', hfAddress(page.address));
}

function errorIn(value: unknown): string {
  const { data } = z.object({ error: z.string() }).safeParse(value);
  return data === undefined ? '' : `; the answer says "${data.error.slice(0, 200)}"`;
}

function listing(answer: Answer, isCut: boolean, address: HfAddress | undefined): PageReading {
  const warnings = new Warnings();
  const items = readHfItems(answer.data, warnings);
  if (items.entries.length === 0 && answer.data.length > 0) {
    return unreadable('no-entries', `none of ${answer.data.length} items has an id and a title`);
  }
  const isLong = address !== undefined && isLongerThanADay(address);
  const day = items.listedOn ?? parseListedOn(answer.date ?? '') ?? address?.date;
  const date = isLong ? undefined : day;
  const limit = Math.min(address?.limit ?? DEFAULT_LIMIT, LARGEST_LIMIT);
  const isFull = answer.data.length === limit;
  const isEndless = address !== undefined && hasNoEnd(address);
  if (isFull && isEndless) warnings.add(`the first ${limit} entries of a list without end`);
  const hitLimit = isFull && !isEndless;
  const nextPages = hitLimit && address?.isApi ? [nextPage(address.url)] : [];
  // Where the rest can be asked for, what is missing is known when it was asked for.
  const isLeftOut = hitLimit && nextPages.length === 0;
  const atLimit = isLeftOut ? `exactly the ${limit} entries that one answer holds` : undefined;
  const cutBecause = isCut ? 'the JSON ends inside an item' : (items.cutBecause ?? atLimit);
  const reading: Listing = {
    kind: 'listing',
    format: 'hf-api',
    shape: date === undefined ? 'window' : 'batch',
    ...(date !== undefined && { date: printedDate(date) }),
    ...(answer.count !== undefined && { claimed: answer.count }),
    nextPages,
    statedEmpty: answer.data.length === 0,
    ...(cutBecause !== undefined && { cutBecause }),
    entries: items.entries,
    unreadableEntries: items.unreadable,
    warnings: warnings.list(),
  };
  return reading;
}

/** Without a day, week or month the API goes back to its first paper, by date or by votes. */
function hasNoEnd({ isApi, period }: HfAddress): boolean {
  return isApi && (period === 'trending' || period === 'unknown');
}

function isLongerThanADay(address: HfAddress): boolean {
  const { period } = address;
  return hasNoEnd(address) || (period !== 'day' && period !== 'unknown');
}

/** Pages are counted from 0 by `p`. */
function nextPage(url: URL): string {
  const next = new URL(url);
  next.searchParams.set('p', String(Number(url.searchParams.get('p') ?? 0) + 1));
  return next.href;
}
