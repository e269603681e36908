import type { Quote } from './find-unit.ts';
import type { Term } from './query.ts';

/**
 * Why a paper matches a topic: something that a reader can check in its text. Acronyms, related words
 * and liked papers will be further kinds.
 */
export interface MatchReason {
  readonly kind: 'phrase';
  /** The topic's own words. */
  readonly typed: string;
  /** Every place, in order, as written in the paper. Not empty. */
  readonly quotes: readonly Quote[];
  readonly inTitle: number;
  readonly inAbstract: number;
}

/** The reason that a found term gives; undefined where its field leaves nothing. */
export function phraseReason(term: Term, places: readonly Quote[]): MatchReason | undefined {
  const inTitle = places.filter(({ field }) => field === 'title');
  const quotes = term.field === 'title' ? inTitle : places;
  if (quotes.length === 0) return undefined;
  return {
    kind: 'phrase',
    typed: term.text,
    quotes,
    inTitle: inTitle.length,
    inAbstract: quotes.length - inTitle.length,
  };
}

/** One line for a reader: `"sparse autoencoder": in the title, 3 times in the abstract`. */
export function describeReason(reason: MatchReason): string {
  const places = [
    ...place(reason.inTitle, 'in the title'),
    ...place(reason.inAbstract, 'in the abstract'),
  ];
  return `"${reason.typed}": ${places.join(', ')}`;
}

function place(count: number, where: string): string[] {
  if (count === 0) return [];
  return [count === 1 ? where : `${count} times ${where}`];
}
