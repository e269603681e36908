import { SCORING } from './constants.ts';
import { type LikedPaper, nearestLiked } from './likes.ts';
import { isPair, PAIR } from './paper-terms.ts';
import { type PaperField, type Quote, quoteTokens, type TokenizedPaper } from './paper-tokens.ts';
import { type MatchReason, placesOf } from './reasons.ts';
import type { ScorablePaper, Statistics } from './statistics.ts';
import { isStopWord } from './stop-words.ts';
import type { ScoredPaper, TopicScorer } from './topic-scorer.ts';
import { type FoundUnit, wordPart } from './topic-text.ts';
import type { TermVector } from './vectors.ts';
import { NO_WORD, namesSubject } from './words-of-any-paper.ts';

/** More than that nobody reads. */
const MAX_REASONS = 3;
const MAX_RELATED_WORDS = 3;
/** What a larger share of all papers says tells a reader nothing. */
const TOO_COMMON_SHARE = 0.05;
/** In a short history a few papers are a large share. */
const LEAST_TOO_COMMON = 10;

/**
 * Why a paper got its score, at most three facts, each of which stands in its text: the topic's words, acronyms, related
 * words, and the nearest liked paper.
 */
export function explainScore(
  scorer: TopicScorer,
  paper: ScorablePaper,
  { found }: Pick<ScoredPaper, 'found'>,
  liked: readonly LikedPaper[] = [],
): MatchReason[] {
  const nearest = nearestLiked(paper, liked);
  const likes: MatchReason[] = nearest ? [{ kind: 'liked', title: nearest.title }] : [];
  return [...allReasons(scorer, paper, { found }), ...likes].slice(0, MAX_REASONS);
}

/** Every unit of a topic that is in a paper, the related words that carried it most, and what it is near to. */
export function allReasons(
  scorer: TopicScorer,
  paper: ScorablePaper,
  { found }: Pick<ScoredPaper, 'found'>,
): MatchReason[] {
  const exact = [...found].sort((a, b) => weightOf(b) - weightOf(a)).map(reasonOf);
  const title = scorer.resembled(paper);
  const isTold = exact.length > 0 || title !== undefined;
  const telling = relatedWords(scorer, paper, found, isTelling(scorer));
  // Nothing is sent without a reason: then common words are one.
  const quotes =
    isTold || telling.length > 0 ? telling : relatedWords(scorer, paper, found, () => true);
  return [
    ...exact,
    ...(quotes.length === 0 ? [] : [{ kind: 'related' as const, ...placesOf(quotes) }]),
    ...(title === undefined ? [] : [{ kind: 'resembles' as const, title }]),
  ];
}

function reasonOf({ unit: { text, acronym }, quotes }: FoundUnit): MatchReason {
  if (acronym === undefined) return { kind: 'phrase', typed: text, ...placesOf(quotes) };
  return { kind: 'acronym', used: text, ...acronym, ...placesOf(quotes) };
}

function weightOf({ unit, quotes }: FoundUnit): number {
  const { inTitle, inAbstract } = placesOf(quotes);
  return unit.weight * (SCORING.place.title * inTitle + inAbstract);
}

/**
 * Whether a word or pair says what a paper is about: not one of any paper, and of the others one that the topic has itself
 * or that few papers hold.
 */
function isTelling({ text, statistics }: TopicScorer): (stems: readonly string[]) => boolean {
  const most = Math.max(LEAST_TOO_COMMON, TOO_COMMON_SHARE * statistics.papers);
  return (stems) =>
    namesSubject(stems) &&
    (stems.some((stem) => text.words.has(stem)) || statistics.papersWith(stems) <= most);
}

/** The words that carried the score beside the found units, as written, one place of each. */
function relatedWords(
  scorer: TopicScorer,
  paper: ScorablePaper,
  found: readonly FoundUnit[],
  isWanted: (stems: readonly string[]) => boolean,
): Quote[] {
  const told = new Set(found.flatMap(({ unit }) => unit.unit.spellings.flat()));
  const quotes: Quote[] = [];
  for (const term of termsByShare(scorer, paper)) {
    const stems = term.split(PAIR);
    if (stems.length === 1 && NO_WORD.test(term)) continue;
    // A pair says what its words say, and so does a word what a pair with it said.
    if (stems.some((stem) => told.has(stem)) || !isWanted(stems)) continue;
    const quote = findTerm(stems, paper.tokenized);
    // A hyphenated word is counted in parts and joined: one place has been told with the other.
    if (quote === undefined || quotes.some((other) => overlap(other, quote))) continue;
    quotes.push(quote);
    for (const stem of stems) told.add(stem);
    if (quotes.length === MAX_RELATED_WORDS) break;
  }
  return quotes;
}

function overlap(a: Quote, b: Quote): boolean {
  return a.field === b.field && a.start < b.end && b.start < a.end;
}

/** Words of the topic and related terms that the paper holds, those first that gave most to its score. */
function termsByShare(scorer: TopicScorer, { tokenized, vector }: ScorablePaper): string[] {
  const { statistics, profile, text } = scorer;
  const shares = new Map<string, number>();
  const add = (term: string, share: number) => {
    if (share > 0) shares.set(term, (shares.get(term) ?? 0) + share);
  };
  const wordScale = profile.scales.words * profile.scales.text;
  for (const [stem, weight] of text.words)
    add(stem, (SCORING.word.weight * weight * wordPart(stem, tokenized, statistics)) / wordScale);
  for (const [term, share] of sharedTerms(vector, profile.related, statistics))
    add(term, share / profile.scales.related);
  // A pair reads better than either of its words, so it has their shares too.
  const whole = [...shares].map(([term, share]): [string, number] => {
    const words = term.split(PAIR);
    return [
      term,
      words.length === 1
        ? share
        : words.reduce((sum, word) => sum + (shares.get(word) ?? 0), share),
    ];
  });
  return whole.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([term]) => term);
}

function sharedTerms(paper: TermVector, related: TermVector, statistics: Statistics) {
  const weights = new Map(
    Array.from(related.terms, (term, at) => [term, related.weights[at] ?? 0]),
  );
  const shared: [term: string, share: number][] = [];
  for (const [at, number] of paper.terms.entries()) {
    const weight = weights.get(number);
    const term = statistics.termOf(number);
    if (weight !== undefined && term !== undefined)
      shared.push([term, weight * (paper.weights[at] ?? 0)]);
  }
  return shared;
}

/** The first place of a word or of two neighbours, as they were counted. */
export function findTerm(stems: readonly string[], paper: TokenizedPaper): Quote | undefined {
  const [first = '', second] = stems;
  const fields: readonly PaperField[] = ['title', 'abstract'];
  if (second === undefined) {
    const token = paper.byStem.get(first)?.find((one) => !isStopWord(one));
    return token && quoteTokens(paper, token, token);
  }
  for (const field of fields) {
    const words = paper.words[field];
    for (let at = 1; at < words.length; at++) {
      const [left, right] = [words[at - 1], words[at]];
      if (left?.stem !== first || right?.stem !== second) continue;
      if (isPair(left, right, paper.text[field] ?? '')) return quoteTokens(paper, left, right);
    }
  }
  return undefined;
}
