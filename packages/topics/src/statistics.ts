import { type Acronym, AcronymIndex } from './acronyms.ts';
import { SCORING } from './constants.ts';
import type { Embedding } from './embedding.ts';
import { countTerms, eachPair, eachStem, PAIR } from './paper-terms.ts';
import type { TokenizedPaper } from './paper-tokens.ts';
import { isStopWord } from './stop-words.ts';
import { NO_TERMS, type TermVector, unitVector } from './vectors.ts';

/** A paper ready to be scored. */
export interface ScorablePaper {
  readonly tokenized: TokenizedPaper;
  readonly vector: TermVector;
  /** Where an operator's service gave one. */
  readonly embedding?: Embedding;
}

/** What the papers of the past weeks say about words: how rare, in which company, for what they stand. */
export class Statistics {
  /** How many papers they rest on. */
  readonly papers: number;
  readonly averageLength: number;
  readonly acronyms: AcronymIndex;
  readonly #documentFrequency: ReadonlyMap<string, number>;
  readonly #terms: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  /** Stems with which a pair among the terms begins. */
  readonly #beginsPair: ReadonlySet<string>;
  readonly #rarity: Float64Array;

  constructor(
    { papers, totalLength, documentFrequency }: CountedPapers,
    acronyms: readonly Acronym[],
  ) {
    this.papers = papers;
    this.averageLength = papers === 0 ? 1 : Math.max(1, totalLength / papers);
    this.acronyms = new AcronymIndex(acronyms);
    this.#documentFrequency = documentFrequency;
    this.#terms = vocabularyOf(documentFrequency, papers);
    this.#numbers = new Map(this.#terms.map((term, number) => [term, number]));
    this.#beginsPair = new Set(
      this.#terms.flatMap((term) => (term.includes(PAIR) ? term.slice(0, term.indexOf(PAIR)) : [])),
    );
    this.#rarity = Float64Array.from(this.#terms, (term) => {
      return Math.log((1 + papers) / (1 + (documentFrequency.get(term) ?? 0))) + 1;
    });
  }

  /** How much it tells that a paper holds a stem: high for rare ones. */
  rarityOf(stem: string): number {
    const df = this.#documentFrequency.get(stem) ?? 0;
    return Math.log(1 + (this.papers - df + 0.5) / (df + 0.5));
  }

  /** How many papers may hold stems in a row: as many as hold the rarest of them and of their pairs. */
  papersWith(stems: readonly string[]): number {
    let [least, before] = [this.papers, ''];
    for (const stem of stems) {
      const isCounted = !isStopWord({ word: stem });
      if (isCounted) least = Math.min(least, this.#documentFrequency.get(stem) ?? 0);
      if (least === 0) return 0;
      if (isCounted && before !== '')
        least = Math.min(least, this.#documentFrequency.get(before + PAIR + stem) ?? 0);
      before = isCounted ? stem : '';
    }
    return least;
  }

  /** Stems, and pairs of stems with a blank between, by the number that vectors use. */
  termOf(number: number): string | undefined {
    return this.#terms[number];
  }

  numberOf(term: string): number | undefined {
    return this.#numbers.get(term);
  }

  /** What the numbers of terms rest on: another history has another. */
  signature(): string {
    return JSON.stringify([this.papers, this.averageLength, this.#terms]);
  }

  scorable(tokenized: TokenizedPaper, embedding?: Embedding): ScorablePaper {
    const vector = this.#vectorOf(tokenized);
    return { tokenized, vector, ...(embedding && { embedding }) };
  }

  #vectorOf(paper: TokenizedPaper): TermVector {
    const weights = new Map<number, number>();
    const add = (number: number | undefined, weight: number) => {
      if (number !== undefined) weights.set(number, (weights.get(number) ?? 0) + weight);
    };
    eachStem(paper, (stem, weight) => add(this.#numbers.get(stem), weight));
    eachPair(paper, (first, second, weight) => {
      // Most pairs begin with what no known pair begins with: two strings are not joined for these.
      if (this.#beginsPair.has(first)) add(this.#numbers.get(first + PAIR + second), weight);
    });
    if (weights.size === 0) return NO_TERMS;
    for (const [number, count] of weights)
      weights.set(number, (1 + Math.log(count)) * (this.#rarity[number] ?? 0));
    return unitVector(weights);
  }
}

/** What `countPapers` adds up. */
export interface CountedPapers {
  readonly papers: number;
  readonly totalLength: number;
  /** In how many papers each stem and pair stands. */
  readonly documentFrequency: ReadonlyMap<string, number>;
}

/** Counts each paper once. */
export function countPapers(papers: readonly TokenizedPaper[]): CountedPapers {
  const documentFrequency = new Map<string, number>();
  let totalLength = 0;
  for (const paper of papers) {
    totalLength += paper.length;
    for (const term of countTerms(paper).keys())
      documentFrequency.set(term, (documentFrequency.get(term) ?? 0) + 1);
  }
  return { papers: papers.length, totalLength, documentFrequency };
}

/** The terms that vectors are made of, most frequent first, equals in the order of the alphabet. */
function vocabularyOf(documentFrequency: ReadonlyMap<string, number>, papers: number): string[] {
  const { minPapers, maxShare, maxTerms } = SCORING.vocabulary;
  return [...documentFrequency]
    .filter(([, df]) => df >= minPapers && df <= maxShare * papers)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, maxTerms)
    .map(([term]) => term);
}
