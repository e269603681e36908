import { cleanText, monthNumber, type PrintedDate, resolveListedOn } from '@paperboy/core';
import { MAX_ENTRIES } from './make-entry.ts';

/** One or more lines without an empty one between: a title, a paragraph, or page furniture. */
export interface Block {
  readonly text: string;
  /** An empty line follows, so nothing of it is missing. */
  readonly closed: boolean;
}

/** A plain-text page taken apart: what stands above the list, and the blocks of the list. */
export interface PlainTextParts {
  readonly hasBanner: boolean;
  /** The line that looks like the page's date, and what it says; `date` is absent for a day no year has. */
  readonly dateLine?: string;
  readonly date?: PrintedDate;
  readonly blocks: readonly Block[];
}

/** Enough for the largest list that is read; the rest of a page is not even taken apart. */
const MAX_BLOCKS = 2 * MAX_ENTRIES + 2;

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DATE_LINE = new RegExp(String.raw`^(${MONTH})\.? (\d{1,2})(?:,? (\d{4}))?$`, 'i');

const BANNER =
  /^(?:get trending papers in your email inbox(?: once a day)?!|by ?ak and the research community)$/i;
/** Only above the list: further down, the same words may be a title. */
const HEADER_WORDS =
  /^(?:new|subscribe|daily papers|trending papers|daily|weekly|monthly|trending)$/i;
/** Around a card: votes and comments, a row of signs, the number of authors, a full date. */
const NUMBER_LINE = /^(?:\d[\d.,]*k?|[^\p{L}\p{N}]+)$/iu;
const CARD_WORDS = /^(?:\d+ authors?|upvote)$/i;

/** Takes a page apart. Lines may end in LF, CRLF or CR; empty lines may hold white space. */
export function plainTextParts(text: string): PlainTextParts {
  let hasBanner = false;
  let dateLine: string | undefined;
  let inHead = true;
  const blocks: Block[] = [];
  let lines: string[] = [];
  const endBlock = (closed: boolean) => {
    const block = withoutFurniture(lines).join(' ');
    if (block !== '') blocks.push({ text: block, closed });
    lines = [];
  };
  for (const line of linesOf(text)) {
    if (inHead) {
      if (DATE_LINE.test(line)) dateLine ??= line;
      else if (BANNER.test(line)) hasBanner = true;
      else inHead = line === '' || HEADER_WORDS.test(line) || isFurniture(line);
      if (inHead) continue;
    }
    if (line !== '') lines.push(line);
    else if (lines.length > 0) endBlock(true);
    if (blocks.length >= MAX_BLOCKS) break;
  }
  endBlock(false);
  const date = dateLine === undefined ? undefined : printedDate(dateLine);
  return {
    hasBanner,
    ...(dateLine !== undefined && { dateLine }),
    ...(date !== undefined && { date }),
    blocks,
  };
}

/** Cleaned lines. The end of the last line is no empty line after it. */
function* linesOf(text: string): Generator<string> {
  const ends = /\r\n|[\n\r\u2028\u2029]/g;
  let from = 0;
  for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
    yield cleanText(text.slice(from, end.index));
    from = ends.lastIndex;
  }
  if (from < text.length) yield cleanText(text.slice(from));
}

function printedDate(line: string): PrintedDate | undefined {
  const found = DATE_LINE.exec(line);
  const month = monthNumber(found?.[1] ?? '');
  if (!found || month === undefined) return undefined;
  const year = found[3] === undefined ? {} : { year: Number(found[3]) };
  const date = { ...year, month, day: Number(found[2]) };
  // Far ahead, so that every day some year has will pass, 29 February too.
  return resolveListedOn(date, new Date('2100-01-01')) === undefined ? undefined : date;
}

/** A card's furniture may stand right above or below its text; inside a text nothing is taken for it. */
function withoutFurniture(lines: readonly string[]): readonly string[] {
  let from = 0;
  let to = lines.length;
  while (from < to && isFurniture(lines[from] ?? '')) from++;
  // A wrapped sentence may end in a line that is one number; above it is no sentence yet.
  while (to > from && isFurniture(lines[to - 1] ?? '') && !NUMBER_LINE.test(lines[to - 1] ?? ''))
    to--;
  return lines.slice(from, to);
}

function isFurniture(line: string): boolean {
  return NUMBER_LINE.test(line) || CARD_WORDS.test(line) || DATE_LINE.test(line);
}
