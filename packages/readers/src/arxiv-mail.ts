import {
  arxivIdIn,
  type Entry,
  idsIn,
  type Listing,
  type PageReading,
  resolveListedOn,
  type Section,
} from '@paperboy/core';
import { arxivDay } from './arxiv-day.ts';
import { type MailBlock, type MailBlocks, mailBlocks } from './arxiv-mail-blocks.ts';
import { arxivLinks, isCategory, namesIn } from './arxiv-names.ts';
import { type MailText, mailText } from './mail-text.ts';
import { MAX_ENTRIES, makeEntry, OVER_MAX_ENTRIES } from './make-entry.ts';
import type { RawPage, Reader } from './reader.ts';
import { Warnings } from './warnings.ts';

/** A block's first lines, or one of the long rules. */
const MARKS =
  /^\\\\[ \t]*\r?\n(?:arXiv|Paper)\b[^\n]{0,60}:|^(?:(?:%-){30}|(?:%%--){15}|(?:%%%---){10})/m;
const MIME_LISTING = /^Subject:[^\n]{0,200}\b(?:daily|subj-class mailing)\b/im;
const ENCODED = /^Content-Transfer-Encoding:[ \t]*(?:base64|quoted-printable)/im;
const HEAD_CHARACTERS = 20_000;

/**
 * arXiv's daily listing mail, as text or as a saved message: new papers, cross-lists and replacements, each in
 * a block between `\\` lines. Its subject may claim a number, and a mark of `%%%---` ends it.
 */
export const arxivMail: Reader = {
  format: 'arxiv-mail',
  recognises({ text }) {
    if (/^\s*[<[{]/.test(text.slice(0, 100))) return false;
    if (MARKS.test(text)) return true;
    const head = text.slice(0, HEAD_CHARACTERS);
    return MIME_LISTING.test(head) && ENCODED.test(head) && MARKS.test(mailText(text).body);
  },
  read: readArxivMail,
};

function readArxivMail({ text }: RawPage): PageReading {
  const mail = mailText(text);
  const found = mailBlocks(mail.body);
  const blocks = wholeBlocks(found);
  const warnings = new Warnings();
  const entries: Entry[] = [];
  let unreadable = 0;
  let firstFault: string | undefined;
  blocks.slice(0, MAX_ENTRIES).forEach((block, index) => {
    const read = readBlock(block, index + 1, warnings);
    if (typeof read !== 'string') {
      entries.push(read);
      return;
    }
    unreadable++;
    firstFault ??= read;
    warnings.add(`entry ${index + 1}: ${read}`);
  });
  const claimed = claimedCount(mail, entries);
  const isEmpty = found.blocks.length === 0 && found.hasEnd && !claimed;
  if (entries.length === 0 && !isEmpty) {
    return {
      kind: 'unreadable',
      format: 'arxiv-mail',
      reason: 'no-entries',
      detail: firstFault
        ? `none of ${blocks.length} entries can be read: ${firstFault}`
        : 'no block of \\\\ and arXiv: lines',
    };
  }
  const cutBecause = whyCut(found);
  return listing(mail, { entries, unreadable, claimed, cutBecause, isEmpty, warnings });
}

/** A mail without its end mark ends somewhere, and its last block may lack half its text. */
function wholeBlocks({ blocks, hasEnd }: MailBlocks): readonly MailBlock[] {
  const isCut = !hasEnd && blocks.at(-1)?.foot === undefined;
  return isCut ? blocks.slice(0, -1) : blocks;
}

function whyCut({ blocks, hasEnd, afterEnd }: MailBlocks): string | undefined {
  if (!hasEnd) return 'the mail has no end mark %%%---';
  if (afterEnd > 0) return `${afterEnd} entries below the end mark: a second mail in one file`;
  return blocks.length > MAX_ENTRIES ? OVER_MAX_ENTRIES : undefined;
}

/** An entry, or which of its lines is missing. */
function readBlock(block: MailBlock, position: number, warnings: Warnings): Entry | string {
  const { fields, head, foot } = block;
  const ids = idsOf(block);
  if (ids === undefined) return `no arXiv: line with an id (${(head ?? foot ?? '').slice(0, 80)})`;
  const title = fields.get('title');
  if (title === undefined || !/\S/.test(title)) return `arXiv:${ids.arxiv} without a Title: line`;
  const authors = namesIn(fields.get('authors') ?? fields.get('author') ?? '');
  const words = (fields.get('categories') ?? '').split(/\s+/).filter((word) => word !== '');
  const categories = words.filter(isCategory);
  const section = sectionOf(block);
  const missing = [
    ...(authors.length === 0 ? ['an Authors: line'] : []),
    ...(categories.length === 0 || categories.length < words.length
      ? ['a sound Categories: line']
      : []),
    ...(block.strayLines > 0 ? ['the \\\\ line above its text'] : []),
    ...(section === 'new' || section === 'cross' ? withoutText(block) : []),
  ];
  for (const line of missing) warnings.add(`entry ${position}: arXiv:${ids.arxiv} without ${line}`);
  const publishedAt = block.isReplaced ? undefined : instantIn(fields.get('date') ?? '');
  const entry = makeEntry(
    {
      position,
      title,
      abstract: block.abstract,
      textKind: 'abstract',
      ids,
      ...(authors.length > 0 && { authors }),
      links: arxivLinks(ids.arxiv),
      section,
      ...(categories.length > 0 && { categories }),
      ...(publishedAt !== undefined && { publishedAt }),
    },
    warnings,
  );
  return entry ?? `arXiv:${ids.arxiv} without a Title: line`;
}

/** The id stands in a block's first line and again in its last; either will do, two that differ will not. */
function idsOf({ head, foot, fields }: MailBlock) {
  const first = arxivIdIn(head?.replace(/^(?:arXiv|Paper)[^:]*:\s*/, '') ?? '');
  const last = arxivIdIn(foot ?? '');
  const found = first ?? last;
  if (found === undefined || (first && last && first.id !== last.id)) return undefined;
  const { doi } = idsIn([`doi:${fields.get('doi') ?? ''}`]);
  return {
    arxiv: found.id,
    ...(found.version !== undefined && { arxivVersion: found.version }),
    ...(doi !== undefined && { doi }),
  };
}

/** `Wed, 15 Mar 2023 18:34:08 GMT   (243kb,D)` in ISO form. */
function instantIn(text: string): string | undefined {
  const date = arxivDay(text);
  const time = /\b(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?= GMT\b)/.exec(text)?.[0];
  if (date === undefined || time === undefined) return undefined;
  const day = resolveListedOn(date, new Date(0));
  return day === undefined ? undefined : `${day}T${time}Z`;
}

/** What a block says of itself counts before the rule it stands under. */
function sectionOf({ head, isReplaced, section }: MailBlock): Section {
  const isCross = head?.includes('(*cross-listing*)') ?? false;
  if (isReplaced || section === 'replace') return isCross ? 'replace-cross' : 'replace';
  return isCross ? 'cross' : section;
}

function withoutText({ abstract }: MailBlock): string[] {
  return abstract.some((line) => /\p{L}/u.test(line)) ? [] : ['a text'];
}

/**
 * "13 new + 4 crosses received" in the subject. It does not count replacements, and often not the crosses, so
 * those that were read stand for themselves.
 */
function claimedCount({ headers }: MailText, entries: readonly Entry[]): number | undefined {
  const subject = headers.get('subject') ?? '';
  const fresh = /\b(\d{1,6}) new\b/i.exec(subject)?.[1];
  if (fresh === undefined) return undefined;
  const crosses = /\b(\d{1,6}) cross/i.exec(subject)?.[1];
  const read = (section: Section) => entries.filter((entry) => entry.section === section).length;
  const uncounted = read('replace') + read('replace-cross');
  return Number(fresh) + (crosses === undefined ? read('cross') : Number(crosses)) + uncounted;
}

interface Found {
  readonly entries: readonly Entry[];
  readonly unreadable: number;
  readonly claimed: number | undefined;
  readonly cutBecause: string | undefined;
  readonly isEmpty: boolean;
  readonly warnings: Warnings;
}

function listing({ headers }: MailText, found: Found): Listing {
  const { entries, claimed, cutBecause, warnings } = found;
  const date = arxivDay(headers.get('date') ?? '');
  if (date === undefined) warnings.add('no Date: above the listing');
  return {
    kind: 'listing',
    format: 'arxiv-mail',
    shape: date === undefined ? 'window' : 'batch',
    ...(date !== undefined && { date }),
    ...(claimed !== undefined && { claimed }),
    nextPages: [],
    statedEmpty: found.isEmpty,
    ...(cutBecause !== undefined && { cutBecause }),
    entries,
    unreadableEntries: found.unreadable,
    warnings: warnings.list(),
  };
}
