import { SCORING } from './constants.ts';
import type { TokenizedPaper } from './paper-tokens.ts';
import { placeWeight } from './place-weight.ts';
import { isStopWord } from './stop-words.ts';
import type { Token } from './tokens.ts';

/** What joins the stems of a pair: no stem has a blank. */
export const PAIR = ' ';

/** How often each stem and each pair of neighbours stands in a paper, a place in the title counting twice. Linear. */
export function countTerms(paper: TokenizedPaper): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (term: string, weight: number) => counts.set(term, (counts.get(term) ?? 0) + weight);
  eachStem(paper, add);
  eachPair(paper, (first, second, weight) => add(first + PAIR + second, weight));
  return counts;
}

/** Every place of a stem with what it counts. Stop words are left out. */
export function eachStem(
  paper: TokenizedPaper,
  visit: (stem: string, weight: number) => void,
): void {
  paper.byStem.forEach((tokens, stem) => {
    for (const token of tokens) if (!isStopWord(token)) visit(stem, weightOf(paper, token));
  });
}

/** Every pair of neighbours with what it counts: none with a stop word, over a full stop or from title to abstract. */
export function eachPair(
  paper: TokenizedPaper,
  visit: (first: string, second: string, weight: number) => void,
): void {
  for (const field of ['title', 'abstract'] as const) {
    const words = paper.words[field];
    for (let at = 1; at < words.length; at++) {
      const [first, second] = [words[at - 1], words[at]];
      if (first === undefined || second === undefined) continue;
      if (!isPair(first, second, paper.text[field] ?? '')) continue;
      visit(first.stem, second.stem, weightOf(paper, second));
    }
  }
}

/** Whether two neighbours say something together: no stop word, and nothing but blanks or a hyphen between. */
export function isPair(first: Token, second: Token, text: string): boolean {
  if (isStopWord(first) || isStopWord(second)) return false;
  for (let at = first.end; at < second.start; at++)
    if (!BETWEEN.includes(text.charAt(at))) return false;
  return true;
}

const BETWEEN = ' \n\t\r\u00a0-\u2010\u2011';

/** A stem's places by their weights; also those of stop words. */
export function stemFrequency(stem: string, paper: TokenizedPaper): number {
  let sum = 0;
  for (const token of paper.byStem.get(stem) ?? [])
    sum += placeWeight(paper.fieldOf(token), token.start, paper);
  return sum;
}

function weightOf(paper: TokenizedPaper, token: Token): number {
  return paper.fieldOf(token) === 'title' ? SCORING.vocabulary.titleWeight : 1;
}
