import { type Acronym, mineAcronyms } from './acronyms.ts';
import { unitOf } from './compile.ts';
import { SCORING } from './constants.ts';
import { findTerm } from './explain-score.ts';
import type { History } from './history.ts';
import { PAIR } from './paper-terms.ts';
import type { Quote, TokenizedPaper } from './paper-tokens.ts';
import type { Query } from './query.ts';
import type { ScorablePaper } from './statistics.ts';
import { contentStems } from './stop-words.ts';
import { tokenize } from './tokens.ts';
import { topicText, wordScore } from './topic-text.ts';
import { meanWeights, strongest } from './vectors.ts';

/** More than that nobody tries. */
const TERMS_OFFERED = 5;
/** Terms looked at for each that is offered: the strongest are often of one paper, and many say the same as one before. */
const TERMS_PER_OFFER = 24;
/** What fewer papers have in common is chance. */
const LEAST_PAPERS = 5;
/** Of the papers with a query's words, so many must say what is offered. */
const COMMON_SHARE = 0.2;
/** They must say it so many times as often as papers do at large: "large" and "tasks" are in common with everything. */
const LEAST_LIFT = 3;
/** An acronym is about a query when so much of its long form's words is the query's, rare words counting most. */
const LONG_FORM_SHARE = 0.5;

/** What to try beside a query that finds little. */
export interface WiderTerms {
  /** Acronyms of the query's words, with what they stand for. */
  readonly acronyms: readonly Acronym[];
  /** What several of the papers with its words have in common, as written. */
  readonly related: readonly string[];
  /** How many papers of the past weeks have any of its words. */
  readonly papers: number;
}

/** What papers of the past weeks with a query's words say beside them. */
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
  const typed = [...query.terms, ...query.must].map(({ text }) => text);
  return {
    acronyms: acronymsOf(typed, papers, history).slice(0, TERMS_OFFERED),
    related: termsInCommon(papers, new Set(typed.flatMap(contentStems)), history),
    papers: all.length,
  };
}

/** Acronyms that are typed or whose long forms nearly are: those that papers agree upon, then those of a single paper. */
function acronymsOf(
  typed: readonly string[],
  papers: readonly ScorablePaper[],
  { statistics }: History,
): Acronym[] {
  const asked = new Set(typed.flatMap(contentStems));
  const keys = new Set(typed.map((text) => unitOf(tokenize(text)).key));
  const rarityOf = (stems: readonly string[]) =>
    stems.reduce((sum, stem) => sum + statistics.rarityOf(stem), 0);
  const isNear = ({ acronym, longForm }: Acronym) => {
    if (keys.has(unitOf(tokenize(acronym)).key)) return true;
    const stems = contentStems(longForm);
    const shared = stems.filter((stem) => asked.has(stem));
    return rarityOf(shared) >= LONG_FORM_SHARE * rarityOf(stems);
  };
  const agreed = statistics.acronyms.holding(asked).filter(isNear);
  const told = new Set(agreed.map(({ acronym }) => acronym));
  const texts = papers.map(({ tokenized }) => tokenized);
  const single = mineAcronyms(texts, { minSeen: 1 }).filter(
    (one) => !told.has(one.acronym) && isNear(one),
  );
  return [...agreed, ...single];
}

function termsInCommon(
  papers: readonly ScorablePaper[],
  asked: ReadonlySet<string>,
  history: History,
): string[] {
  if (papers.length < LEAST_PAPERS) return [];
  const { statistics } = history;
  const weights = new Map<number, number>();
  for (const [term, weight] of meanWeights(papers.map(({ vector }) => vector)))
    weights.set(term, weight - history.backgroundOf(term));
  // What one paper alone says is nothing in common.
  const least = Math.max(2, COMMON_SHARE * papers.length);
  const told = new Set(asked);
  const terms: string[] = [];
  for (const number of strongest(weights, TERMS_OFFERED * TERMS_PER_OFFER).keys()) {
    const term = statistics.termOf(number) ?? '';
    const places = papers.flatMap(({ tokenized }) => wholeTerm(term.split(PAIR), tokenized) ?? []);
    const [written] = places;
    if (written === undefined || places.length < least) continue;
    const usual = (papers.length * history.papersWithTerm(number)) / statistics.papers;
    if (places.length < LEAST_LIFT * usual) continue;
    const text = oneLine(written.text);
    // A hyphenated word is counted in parts and joined: what it is made of says the same.
    const stems = tokenize(text).map(({ stem }) => stem);
    if (stems.some((stem) => told.has(stem) || stem.length < 3 || !/\p{L}/u.test(stem))) continue;
    terms.push(text);
    for (const stem of stems) told.add(stem);
    if (terms.length === TERMS_OFFERED) break;
  }
  return terms;
}

/** The first place of a term, unless it is half of a hyphenated word: "Multi" of "Multi-Modal" is none. */
function wholeTerm(stems: readonly string[], paper: TokenizedPaper): Quote | undefined {
  const quote = findTerm(stems, paper);
  if (quote === undefined) return undefined;
  const text = paper.text[quote.field] ?? '';
  const isHalf = text.charAt(quote.end) === '-' || text.charAt(quote.start - 1) === '-';
  return isHalf ? undefined : quote;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
