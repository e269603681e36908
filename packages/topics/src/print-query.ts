import type { Condition, Query, Term } from './query.ts';

/**
 * The normal form: alternatives, then `+`, `-` and conditions, every phrase in quotes. Reading it gives
 * the same query again, with no phrase implied any more.
 */
export function printQuery(query: Query): string {
  return [
    query.terms.map(printTerm).join(' OR '),
    ...query.must.map((term) => `+${printTerm(term)}`),
    ...query.none.map((term) => `-${printTerm(term)}`),
    ...query.conditions.map(printCondition),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** What stays one bare word when it is read again; `or`, `AND` and `NOT` are stop words and so never terms. */
const BARE_WORD = /^[\p{L}\p{N}][\p{L}\p{N}.-]*$/u;

function printTerm({ text, field }: Term): string {
  return `${field === 'title' ? 'title:' : ''}${quoteIfNeeded(text)}`;
}

function printCondition({ kind, value, excluded }: Condition): string {
  return `${excluded ? '-' : ''}${kind === 'category' ? 'cat' : kind}:${quoteIfNeeded(value)}`;
}

function quoteIfNeeded(text: string): string {
  return BARE_WORD.test(text) ? text : `"${text}"`;
}
