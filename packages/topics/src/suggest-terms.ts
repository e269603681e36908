import type { Acronym } from './acronyms.ts';
import { SCORING } from './constants.ts';
import { findTerm } from './explain-score.ts';
import type { History } from './history.ts';
import { isPair, PAIR } from './paper-terms.ts';
import type { TokenizedPaper } from './paper-tokens.ts';
import { printQuery } from './print-query.ts';
import type { Query, Term } from './query.ts';
import { parseQuery } from './query-parser.ts';
import type { ScorablePaper } from './statistics.ts';
import { isStopWord } from './stop-words.ts';
import { tokenize } from './tokens.ts';
import { topicText, wordScore } from './topic-text.ts';
import { meanWeights, strongest } from './vectors.ts';

/** More than that nobody tries. */
const TERMS_OFFERED = 5;
/** Of the papers with a query's words, so many must say what is offered. */
const COMMON_SHARE = 0.2;
/** Phrases that stand for one word that is too common. */
const PHRASES_PER_WORD = 3;
/** Phrases that are tried alone. */
const PHRASES_ALONE = 6;
/** Terms looked at for each that is offered: the strongest are often of one paper, and many say the same as one before. */
const TERMS_PER_OFFER = 24;

/** What to try beside a query that finds little. */
export interface WiderTerms {
  /** Acronyms of terms that hold a word of the query. */
  readonly acronyms: readonly Acronym[];
  /** What several of the papers with its words have in common, as written. */
  readonly related: readonly string[];
  /** How many papers of the past weeks have any of its words. */
  readonly papers: number;
}

export function widerTerms(query: Query, history: History): WiderTerms {
  const { statistics } = history;
  const { words } = topicText(query, statistics);
  const all = history.papersWith(words.keys());
  const papers = all
    .flatMap((at) => history.papers[at] ?? [])
    .map((paper) => ({ paper, score: wordScore(words, paper.tokenized, statistics) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, SCORING.related.papers)
    .map(({ paper }) => paper);
  const asked = new Set([...query.terms, ...query.must].flatMap(({ text }) => stemsOf(text)));
  const acronyms = statistics.acronyms.holding(new Set(words.keys()));
  return {
    acronyms: acronyms.slice(0, TERMS_OFFERED),
    related: termsInCommon(papers, asked, history),
    papers: all.length,
  };
}

function termsInCommon(
  papers: readonly ScorablePaper[],
  asked: ReadonlySet<string>,
  history: History,
): string[] {
  const weights = new Map<number, number>();
  for (const [term, weight] of meanWeights(papers.map(({ vector }) => vector)))
    weights.set(term, weight - history.backgroundOf(term));
  // What one paper alone says is nothing in common.
  const least = Math.max(2, COMMON_SHARE * papers.length);
  const told = new Set(asked);
  const terms: string[] = [];
  for (const number of strongest(weights, TERMS_OFFERED * TERMS_PER_OFFER).keys()) {
    const stems = history.statistics.termOf(number)?.split(PAIR) ?? [];
    if (stems.some((stem) => told.has(stem) || stem.length < 3)) continue;
    const places = papers.flatMap(({ tokenized }) => findTerm(stems, tokenized) ?? []);
    const [written] = places;
    if (written === undefined || places.length < least) continue;
    const text = oneLine(written.text);
    // A hyphenated word is counted in parts and joined.
    if (terms.includes(text)) continue;
    terms.push(text);
    for (const stem of stems) told.add(stem);
    if (terms.length === TERMS_OFFERED) break;
  }
  return terms;
}

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
  const [stem, ...others] = stemsOf(term.text);
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

function stemsOf(text: string): string[] {
  return tokenize(text)
    .filter((token) => token.span === 1 && !isStopWord(token))
    .map(({ stem }) => stem);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
