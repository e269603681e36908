import { type Entry, idsIn, type Link } from '@paperboy/core';
import type { CheerioAPI } from 'cheerio/slim';
import { hfPaperLinks } from './hf-items.ts';
import { textWithin } from './load-html.ts';
import { linkTo, makeEntry } from './make-entry.ts';
import type { Warnings } from './warnings.ts';

export interface Cards {
  readonly entries: readonly Entry[];
  /** Cards in which no heading names a paper. */
  readonly unreadable: number;
}

/** What was gathered of one paper so far. */
interface Card {
  readonly id: string;
  readonly title: string;
  summary?: string;
  upvotes?: number;
  code?: Link;
}

const CARD = 'article';
const HEADING = 'h3 > a[href^="/papers/"]';
const SUMMARY = 'p';
const VOTES = '[role="checkbox"]';
const CODE = 'a[href^="https://github.com/"]';
/** Far above any real text of a card, in characters. */
const MAX_TEXT = 20_000;

/**
 * Reads the cards as drawn, in one pass. Trending pages draw each paper twice, for wide and narrow screens:
 * the first counts. The text is whatever the page chose to show, often a model's summary, so it counts as
 * one. With `isCut` the last card is left out, since half a title would name a paper that is not there.
 */
export function readCards($: CheerioAPI, isCut: boolean, warnings: Warnings): Cards {
  const cards = new Map<string, Card>();
  let current: Card | undefined;
  let drawn = 0;
  let named = 0;
  let isNamed = true;
  for (const element of $(`${CARD}, ${HEADING}, ${SUMMARY}, ${VOTES}, ${CODE}`)) {
    const href = element.attribs.href ?? '';
    if (element.name === CARD) {
      drawn++;
      isNamed = false;
      current = undefined;
    } else if (href.startsWith('/papers/')) {
      current = cardOf(href, textWithin(element, MAX_TEXT));
      if (current === undefined) continue;
      if (!isNamed) named++;
      isNamed = true;
      // A second drawing of the same paper adds nothing, not even its text.
      if (cards.has(current.id)) current = undefined;
      else cards.set(current.id, current);
    } else if (current !== undefined) {
      if (element.name === SUMMARY) current.summary ??= textWithin(element, MAX_TEXT);
      else if (href !== '') current.code ??= linkTo('code', href);
      else current.upvotes ??= upvotesIn(textWithin(element, 200));
    }
  }
  const whole = [...cards.values()].slice(0, isCut ? -1 : undefined);
  const entries = whole.flatMap(
    (card, index) => makeEntry(rawEntry(card, index + 1), warnings) ?? [],
  );
  if (drawn > named) warnings.add(`${drawn - named} cards without a heading that names a paper`);
  return { entries, unreadable: drawn - named };
}

function cardOf(href: string, title: string): Card | undefined {
  // As long as any id may be in the data; a longer one is markup whose quote is gone.
  const id = /^\/papers\/([^?#]{1,200})(?:[?#]|$)/.exec(href)?.[1];
  if (id === undefined || idsIn([id]).arxiv === undefined || title.trim() === '') return undefined;
  return { id, title };
}

function rawEntry({ id, title, summary, upvotes, code }: Card, position: number) {
  return {
    position,
    title,
    ...(summary !== undefined && { abstract: [summary] }),
    textKind: 'summary' as const,
    ids: idsIn([id]),
    links: code ? [...hfPaperLinks(id), code] : hfPaperLinks(id),
    ...(upvotes !== undefined && { upvotes }),
  };
}

/** "Upvote 160"; rounded counts such as "1.2k" are none. */
function upvotesIn(text: string): number | undefined {
  const digits = /^\D*(\d{1,7})\s*$/.exec(text.slice(-40))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
