import {
  type PageDeclaration,
  type PageFormat,
  type PageReading,
  stripControls,
  type Unreadable,
} from '@paperboy/core';
import { arxivApi } from './arxiv-api.ts';
import { arxivFeed } from './arxiv-feed.ts';
import { arxivList } from './arxiv-list.ts';
import { arxivMail } from './arxiv-mail.ts';
import { binaryKind } from './binary.ts';
import { challengeMark } from './challenge.ts';
import { declared } from './declared.ts';
import { feed } from './feed.ts';
import { hfApi } from './hf-api.ts';
import { hfPage } from './hf-page.ts';
import { openreviewApi } from './openreview-api.ts';
import { plainText } from './plain-text.ts';
import { type RawPage, type Reader, rawPage } from './reader.ts';

/** Every format, the most specific first: the first that recognises a page reads it. */
export const READERS: readonly Reader[] = [
  declared,
  openreviewApi,
  hfApi,
  hfPage,
  arxivList,
  arxivMail,
  arxivFeed,
  arxivApi,
  feed,
  plainText,
];

const HAS_TEXT = /[^\s\0\ufeff]/;

/** The largest page that is read, in bytes, where the caller names no other. A real page has up to 2 MB. */
export const MAX_PAGE_BYTES = 32 * 1024 * 1024;

export interface PageInput {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  /** The address that answered; tells the day and the limit asked for where the content does not. */
  readonly address?: string;
  /** Reads as this format without asking whether the page looks like it. */
  readonly format?: PageFormat;
  /** Reads by these selectors, whatever else the page looks like. */
  readonly declaration?: PageDeclaration;
  readonly maxBytes?: number;
}

/**
 * Reads a listing page of any format, or says why it cannot be read. Never throws, whatever the bytes, and
 * takes time and memory in proportion to them. Nothing over `maxBytes` is so much as decoded.
 */
export function readPage(input: PageInput): PageReading {
  const { bytes, format, maxBytes = MAX_PAGE_BYTES } = input;
  if (bytes.length > maxBytes) {
    const detail = `${bytes.length} bytes, over the limit of ${maxBytes}`;
    return { kind: 'unreadable', reason: 'too-large', detail };
  }
  const binary = binaryKind(bytes);
  if (binary !== undefined) {
    return { kind: 'unreadable', reason: 'binary', detail: `the page is ${binary}, not text` };
  }
  const page = rawPage(input);
  if (!HAS_TEXT.test(page.start) && !HAS_TEXT.test(page.text)) {
    return {
      kind: 'unreadable',
      reason: 'empty',
      detail: `${bytes.length} bytes without any text`,
    };
  }
  const reader = READERS.find((one) => (format ? one.format === format : one.recognises(page)));
  const reading = reader ? readSafely(reader, page) : unknownFormat(format);
  if (reading.kind === 'unreadable') return quoting(challengeOr(reading, page));
  return quoting({ ...reading, warnings: [...page.decodeWarnings, ...reading.warnings] });
}

/** Reasons and warnings quote the page: what no text may hold, of which Postgres keeps no NUL, is taken out. */
function quoting(reading: PageReading): PageReading {
  if (reading.kind === 'unreadable') return { ...reading, detail: stripControls(reading.detail) };
  const { cutBecause, warnings } = reading;
  return {
    ...reading,
    ...(cutBecause !== undefined && { cutBecause: stripControls(cutBecause) }),
    warnings: warnings.map(stripControls),
  };
}

function readSafely(reader: Reader, page: RawPage): PageReading {
  try {
    return reader.read(page);
  } catch (fault) {
    // A library's limit (its recursion, say) met by hostile bytes must cost one page, not the worker.
    const message = fault instanceof Error ? fault.message.slice(0, 200) : String(fault);
    const detail = `the ${reader.format} reader failed: ${message}`;
    return { kind: 'unreadable', format: reader.format, reason: 'malformed', detail };
  }
}

function unknownFormat(format: PageFormat | undefined): Unreadable {
  const tried = READERS.map((reader) => reader.format).join(', ');
  const detail =
    format === undefined
      ? `none of ${tried} recognises the page; name its format to insist on one`
      : `there is no reader for ${format}`;
  return { kind: 'unreadable', reason: 'unknown-format', detail };
}

/** Where a page holds its list for its script; however broken, such a page is no challenge. */
const DATA_ELEMENT = /data-target\s*=\s*["']?DailyPapers/i;

/** A page without a list that bears marks of a bot challenge is one: trying later can help. */
function challengeOr(reading: Unreadable, page: RawPage): Unreadable {
  // A page in which a declaration finds nothing may be anything.
  if (reading.reason === 'no-entries' && reading.format !== 'declared') return reading;
  const mark = challengeMark(page.text);
  if (mark === undefined || DATA_ELEMENT.test(page.text)) return reading;
  const detail = `the page asks for a browser or a person ("${mark.slice(0, 80)}")`;
  return { ...reading, reason: 'challenge-page', detail };
}
