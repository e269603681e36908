import { cleanText, shorten } from '@paperboy/core';
import type { Condition, Query, Term } from './query.ts';
import { parseQuery } from './query-parser.ts';
import { tokenize } from './tokens.ts';

/** Longer ones are cut: a title stands in subjects, headings and labels. */
const LONGEST = 80;
/** A single phrase is cut there, so that there is room for what else makes the topic this one. */
const LONGEST_TERM = 60;

/**
 * What a topic is called that nobody gave a name: its words without the signs of the language, at most 80 characters.
 * `language model or VLM, with hallucination, without vision`. Of very many alternatives the first are named and the
 * others counted.
 */
export function queryTitle({ terms, must, none, conditions }: Query): string {
  const [wanted, required] = terms.length > 0 ? [terms, must] : [must, []];
  const joint = terms.length > 0 ? 'or' : 'and';
  const further = [
    ...part('with', listed(required.map(words), 'and')),
    ...part('without', listed(none.map(words), 'or')),
    ...placesOf(conditions),
  ];
  const subject = wanted.map(words);
  const room = Math.max(LONGEST / 2, LONGEST - listed(subject, joint).length);
  let tail = '';
  for (const one of further) if (tail.length + one.length + 2 <= room) tail += `, ${one}`;
  return fitting(subject, joint, LONGEST - tail.length) + tail;
}

/** The title of a text that should be a query; of any other text its beginning. */
export function titleOfQuery(text: string): string {
  const parsed = parseQuery(text);
  return parsed.ok ? queryTitle(parsed.query) : shorten(cleanText(text), LONGEST);
}

/** Whether a name says no more than a query does: whoever changes the words then means the name too. */
export function isTitleOf(name: string, query: string): boolean {
  return wordsIn(name) === wordsIn(titleOfQuery(query)) || wordsIn(name) === wordsIn(query);
}

/** Equal queries may have their alternatives in another order, and other endings. */
function wordsIn(text: string): string {
  return tokenize(text)
    .map(({ stem }) => stem)
    .sort()
    .join(' ');
}

function words({ text }: Term): string {
  return shorten(cleanText(text), LONGEST_TERM);
}

function part(opening: string, rest: string): string[] {
  return rest === '' ? [] : [`${opening} ${rest}`];
}

function placesOf(conditions: readonly Condition[]): string[] {
  const of = (kind: Condition['kind'], excluded: boolean) =>
    conditions
      .filter((one) => one.kind === kind && one.excluded === excluded)
      .map(({ value }) => cleanText(value));
  return [
    ...part('in', listed(of('category', false), 'or')),
    ...part('not in', listed(of('category', true), 'or')),
    ...part('from', listed(of('source', false), 'or')),
    ...part('not from', listed(of('source', true), 'or')),
  ];
}

/** As many of the words as there is room for, the first one always. */
function fitting(all: readonly string[], joint: string, room: number): string {
  const whole = listed(all, joint);
  if (whole.length <= room) return whole;
  for (let shown = all.length - 1; shown > 1; shown--) {
    const some = `${all.slice(0, shown).join(', ')} ${joint} ${all.length - shown} more`;
    if (some.length <= room) return some;
  }
  return all.length > 1 ? `${all[0]} ${joint} ${all.length - 1} more` : shorten(whole, room);
}

/** `a, b or c`. */
function listed(all: readonly string[], joint: string): string {
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} ${joint} ${last}`;
}
