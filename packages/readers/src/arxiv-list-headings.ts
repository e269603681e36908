import type { PrintedDate } from '@paperboy/core';
import { arxivDay } from './arxiv-day.ts';

/** What a heading of an arXiv list opens: the page itself, one section of a `new` page, or one day of a `recent` one. */
export type Heading = {
  readonly text: string;
  readonly date?: PrintedDate;
  readonly count?: HeadingCount;
} & (
  | { readonly kind: 'page' | 'day' | 'other' }
  | { readonly kind: 'section'; readonly section: 'new' | 'cross' | 'replace' }
);

/** "showing 50 of 350": entries of this part on this page, and in all. */
interface HeadingCount {
  readonly shown: number;
  readonly all: number;
  /** More of it stands on a later page. */
  readonly goesOn: boolean;
}

const SECTIONS = [
  ['new', /^new submissions?\b/i],
  ['cross', /^cross(?:[ -]lists?|[ -]submissions?)\b/i],
  ['replace', /^replacements?\b/i],
] as const;
const PAGE = /^showing new listings for\b/i;
const STARTS_WITH_DAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? \d/i;
const COUNT =
  /\(\s*(?<continued>continued,? )?showing (?:(?<end>first|last) )?(?:(?<from>\d{1,7}) ?- ?)?(?<to>\d{1,7}) of (?<all>\d{1,7}) entr/i;
const TOTAL = /\btotal of (\d[\d,]{0,9}) entr/i;

/** Reads a heading of either markup: `New submissions for Fri, 17 Mar 23`, `Wed, 7 Oct 2026 (showing first 50 of 350 entries )`. */
export function readHeading(text: string): Heading {
  const date = arxivDay(text);
  const count = readCount(text);
  const facts = { text, ...(date && { date }), ...(count && { count }) };
  const section = SECTIONS.find(([, words]) => words.test(text))?.[0];
  if (section !== undefined) return { ...facts, kind: 'section', section };
  if (PAGE.test(text)) return { ...facts, kind: 'page' };
  return { ...facts, kind: STARTS_WITH_DAY.test(text) ? 'day' : 'other' };
}

function readCount(text: string): HeadingCount | undefined {
  const groups = COUNT.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const [from, to, all] = [Number(groups.from ?? 1), Number(groups.to), Number(groups.all)];
  const shown = groups.from === undefined ? to : Math.max(to - from + 1, 0);
  const isLast = groups.end?.toLowerCase() === 'last' || to >= all;
  return { shown, all, goesOn: !isLast };
}

/** "Total of 1,945 entries" in the text around a list. */
export function totalIn(text: string): number | undefined {
  const digits = TOTAL.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}
