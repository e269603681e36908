import { isPair, PAIR } from './paper-terms.ts';
import type { TokenizedPaper } from './paper-tokens.ts';
import { printQuery } from './print-query.ts';
import type { Query, Term } from './query.ts';
import { parseQuery } from './query-parser.ts';
import { contentStems } from './stop-words.ts';

/** Phrases that stand for one word that is too common. */
const PHRASES_PER_WORD = 3;
/** Phrases that are tried alone. */
const PHRASES_ALONE = 6;

/**
 * Ways to ask for less, to be tried on papers: the phrases in which a query's single words stand most often, together
 * and each alone, and its terms in titles alone.
 */
export function narrowerQueries(query: Query, papers: readonly TokenizedPaper[]): Query[] {
  const phrased = query.terms.flatMap((term) => phrasesWith(term, papers));
  const isPhrased = phrased.some(({ text }) => !query.terms.some((term) => term.text === text));
  const isTitled = query.terms.some(({ field }) => field === 'any');
  const alone = phrased.length > 1 ? phrased.slice(0, PHRASES_ALONE) : [];
  const narrower = [
    ...(isPhrased ? [phrased, ...alone.map((term) => [term])] : []).map((terms) => ({
      ...query,
      terms,
    })),
    ...(isTitled ? [{ ...query, terms: query.terms.map(inTitle) }] : []),
  ];
  // What is asked for in titles may be excluded from them.
  return narrower.filter((less) => parseQuery(printQuery(less)).ok);
}

function inTitle(term: Term): Term {
  return { ...term, field: 'title' };
}

/** The pairs of words that hold a single word, most frequent first; a phrase is left as it is. */
function phrasesWith(term: Term, papers: readonly TokenizedPaper[]): Term[] {
  const [stem, ...others] = contentStems(term.text);
  if (term.kind !== 'word' || stem === undefined || others.length > 0) return [term];
  const counts = new Map<string, { text: string; papers: number }>();
  for (const paper of papers) {
    for (const [key, text] of pairsWith(stem, paper)) {
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { text, papers: 1 });
      else known.papers++;
    }
  }
  const phrases = [...counts.values()]
    .filter(({ papers: n }) => n > 1)
    .sort((a, b) => b.papers - a.papers || (a.text < b.text ? -1 : 1))
    .slice(0, PHRASES_PER_WORD)
    .map(({ text }): Term => ({ ...term, text, kind: 'phrase', implied: false }));
  return phrases.length === 0 ? [term] : phrases;
}

/** Each pair of a paper once, by its stems, as written in small letters. */
function pairsWith(stem: string, paper: TokenizedPaper): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const field of ['title', 'abstract'] as const) {
    const words = paper.words[field];
    const text = paper.text[field] ?? '';
    for (const [at, second] of words.entries()) {
      const first = words[at - 1];
      if (first === undefined || (first.stem !== stem && second.stem !== stem)) continue;
      if (!isPair(first, second, text)) continue;
      // Without its hyphen, as with it the joined word would be found too.
      const written = `${text.slice(first.start, first.end)} ${text.slice(second.start, second.end)}`;
      pairs.set(first.stem + PAIR + second.stem, written.toLowerCase());
    }
  }
  return pairs;
}
