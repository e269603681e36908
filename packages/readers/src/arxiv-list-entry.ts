import { arxivIdIn, type Section } from '@paperboy/core';
import type { AuthorText, Slot } from './arxiv-list-walk.ts';
import { arxivLinks, cleanName, isCategory, namesIn, subjectCodes } from './arxiv-names.ts';
import type { RawEntry } from './make-entry.ts';

/** `new` pages have sections and abstracts; on those by day, month or year all are one, and cross-lists are marked. */
export type ArxivPageKind = 'new' | 'recent' | 'other';

export type SlotReading =
  | {
      readonly kind: 'entry';
      readonly entry: RawEntry;
      /** Landmarks that every entry has and this one has not. */
      readonly missing: readonly string[];
    }
  | { readonly kind: 'fault'; readonly fault: string };

const ABS_HREF = /^(?:https?:\/\/(?:[a-z-]+\.)?arxiv\.org)?\/abs\/(.{1,60})/i;
const PRINTED_ID = /\barXiv:\s*([\w./-]{5,60})/i;
const CROSS_MARK = /\(\s*cross-list\b/i;
const REPLACED_MARK = /\(\s*replaced\b/i;
const NUMBER = /^\s*\[(\d{1,7})\]/;

/** Reads what stands in one slot, or names the landmark that is missing. */
export function readSlot(slot: Slot, page: ArxivPageKind, position: number): SlotReading {
  if (slot.fault !== undefined) return { kind: 'fault', fault: slot.fault };
  const id = idOf(slot);
  if (typeof id === 'string') return { kind: 'fault', fault: id };
  const title = withoutLabel(slot.title ?? '', 'Title');
  if (!/\S/.test(title)) {
    return { kind: 'fault', fault: `${arxivName(id)} without a .list-title` };
  }
  const section = sectionOf(slot, page);
  const authors = slot.authors && authorNames(slot.authors);
  const categories = slot.subjects === undefined ? [] : categoriesOf(slot.subjects);
  const missing = [
    ...(section === 'none' ? ['a heading for its section'] : []),
    ...(authors === undefined ? ['.list-authors'] : []),
    ...(categories.length === 0 ? ['categories in .list-subjects'] : []),
    ...(lacksAbstract(slot, page, section) ? ['p.mathjax with an abstract'] : []),
  ];
  const entry: RawEntry = {
    position,
    title,
    ...(slot.abstract !== undefined && { abstract: slot.abstract }),
    textKind: 'abstract',
    ids: id,
    ...(authors !== undefined && authors.length > 0 && { authors }),
    links: arxivLinks(id.arxiv),
    section,
    ...(categories.length > 0 && { categories }),
  };
  return { kind: 'entry', entry, missing };
}

/** The number that arXiv prints before an entry, counted over all parts of a list. */
export function printedNumber({ label }: Slot): number | undefined {
  const digits = NUMBER.exec(label)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

interface ArxivName {
  readonly arxiv: string;
  readonly arxivVersion?: number;
}

/** The id by link and as printed: one is enough, two that differ are none. A string says what is wrong. */
function idOf({ abstractPage, label }: Slot): ArxivName | string {
  const linked = arxivIdIn(ABS_HREF.exec(abstractPage?.trim() ?? '')?.[1] ?? '');
  const printed = arxivIdIn(PRINTED_ID.exec(label)?.[1] ?? '');
  const found = linked ?? printed;
  if (found === undefined) return 'dt without a[href^="/abs/"]';
  if (linked && printed && linked.id !== printed.id) {
    return `${linked.id} linked, ${printed.id} printed`;
  }
  return { arxiv: found.id, ...(found.version !== undefined && { arxivVersion: found.version }) };
}

const arxivName = ({ arxiv }: ArxivName) => `arXiv:${arxiv}`;

/** The mark beside the id is the entry's own and counts before the heading it stands under. */
function sectionOf({ heading, label }: Slot, page: ArxivPageKind): Section {
  if (REPLACED_MARK.test(label)) return 'replace';
  const isCross = CROSS_MARK.test(label);
  if (heading?.kind === 'section') {
    return isCross && heading.section === 'new' ? 'cross' : heading.section;
  }
  if (isCross) return 'cross';
  return page === 'new' ? 'none' : 'new';
}

function authorNames(pieces: readonly AuthorText[]): string[] {
  return pieces.flatMap(({ text, link }) => {
    if (link === undefined) return namesIn(withoutLabel(text, 'Authors?'));
    return cleanName(withoutLabel(text, 'Authors?')) ?? [];
  });
}

function categoriesOf(subjects: string): string[] {
  return subjectCodes(withoutLabel(subjects, 'Subjects?')).filter(isCategory);
}

/** Replacements may stand without their text. */
function lacksAbstract({ abstract }: Slot, page: ArxivPageKind, section: Section): boolean {
  if (page !== 'new' || section === 'replace') return false;
  return !abstract?.some((paragraph) => /\p{L}/u.test(paragraph));
}

/** The label is an element of its own, which may be missing or never closed; the word is what counts. */
function withoutLabel(text: string, label: string): string {
  return text.replace(new RegExp(`^\\s*${label}:`), '');
}
