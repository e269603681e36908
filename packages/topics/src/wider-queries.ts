import { unitOf } from './compile.ts';
import { findUnit, newWorkMeter } from './find-unit.ts';
import type { History } from './history.ts';
import { printQuery } from './print-query.ts';
import type { Query, Term } from './query.ts';
import { parseQuery } from './query-parser.ts';
import { areStopWords } from './stop-words.ts';
import { tokenize } from './tokens.ts';

/** Parts of one phrase that are offered in its place. */
const PARTS_OFFERED = 3;
/** Longer phrases are nobody's subject, and have parts without end. */
const MOST_WORDS = 12;

/**
 * Ways to ask for more, to be tried on papers, the nearest to what was asked first: without each of the gates that
 * hold papers back, a phrase's words anywhere instead of in a row, and the parts of a phrase that papers of the past weeks
 * do say.
 */
export function widerQueries(query: Query, history: History): Query[] {
  const wider = [...withoutGates(query), ...scattered(query), ...shortened(query, history)];
  const printed = new Set(wider.map(printQuery));
  printed.delete(printQuery(query));
  // A part of a phrase may be excluded.
  return [...printed].map(parseQuery).flatMap((parsed) => (parsed.ok ? parsed.query : []));
}

function withoutGates(query: Query): Query[] {
  const without = <Gate>(gates: readonly Gate[], gate: Gate) => gates.filter((one) => one !== gate);
  const isAlone = query.terms.length === 0;
  return [
    ...query.must
      .filter(() => !isAlone || query.must.length > 1)
      .map((term) => ({ ...query, must: without(query.must, term) })),
    ...query.none.map((term) => ({ ...query, none: without(query.none, term) })),
    ...(['category', 'source'] as const)
      .map((kind) => ({
        ...query,
        conditions: query.conditions.filter((one) => one.kind !== kind),
      }))
      .filter(({ conditions }) => conditions.length < query.conditions.length),
  ];
}

/** A single phrase as words that must all occur, which is what neighbours mean elsewhere. */
function scattered(query: Query): Query[] {
  const [only] = query.terms;
  if (only === undefined || query.terms.length > 1 || only.kind === 'word') return [];
  const words = wordsOf(only).filter((word) => !areStopWords(tokenize(word)));
  if (words.length < 2) return [];
  const must = words.map((text): Term => ({ ...only, text, kind: 'word', implied: false }));
  return [{ ...query, terms: [], must: [...must, ...query.must] }];
}

function shortened(query: Query, history: History): Query[] {
  return query.terms.flatMap((term, at) =>
    partsOf(term, history).map((part) => ({ ...query, terms: query.terms.with(at, part) })),
  );
}

/** The longest parts of a phrase that papers hold, where they hold it as a whole less often. */
function partsOf(term: Term, history: History): Term[] {
  const words = wordsOf(term);
  if (words.length < 2 || words.length > MOST_WORDS) return [];
  const whole = papersHolding(term.text, history);
  const found: Term[] = [];
  for (let length = words.length - 1; length > 0; length--) {
    for (let from = 0; from + length <= words.length; from++) {
      const part = words.slice(from, from + length);
      // At its ends a stop word says nothing.
      if ([part[0], part.at(-1)].some((word) => areStopWords(tokenize(word ?? '')))) continue;
      const text = part.join(' ');
      if (papersHolding(text, history) <= whole) continue;
      found.push({ ...term, text, kind: length === 1 ? 'word' : 'phrase', implied: false });
      if (found.length === PARTS_OFFERED) return found;
    }
  }
  return found;
}

function wordsOf({ text }: Term): string[] {
  return text.split(' ').filter((word) => tokenize(word).length > 0);
}

function papersHolding(text: string, history: History): number {
  const unit = unitOf(tokenize(text));
  const [stems = []] = unit.spellings;
  const meter = newWorkMeter();
  return history.papersLikelyWith(stems).filter((at) => {
    const paper = history.papers[at]?.tokenized;
    return paper !== undefined && findUnit(unit, paper, meter).length > 0;
  }).length;
}
