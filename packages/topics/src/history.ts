import { mineAcronyms } from './acronyms.ts';
import { type Embedding, plainMean } from './embedding.ts';
import type { TokenizedPaper } from './paper-tokens.ts';
import { countPapers, type ScorablePaper, Statistics } from './statistics.ts';
import { wordPart } from './topic-text.ts';
import type { TermVector } from './vectors.ts';

/** Papers by their place in the history, ascending, with a value each. */
interface PlacedValues {
  readonly papers: readonly number[];
  readonly values: readonly number[];
}

/** The past weeks' papers, to learn from: what a topic's profile is made of. */
export class History {
  readonly statistics: Statistics;
  readonly papers: readonly ScorablePaper[];
  #meanEmbedding: Float32Array | undefined;
  readonly #byStem = new Map<string, number[]>();
  readonly #byTerm = new Map<number, { papers: number[]; weights: number[] }>();
  readonly #background = new Map<number, number>();
  readonly #wordParts = new Map<string, PlacedValues>();

  /** `embeddings` are told of the papers at the same places. */
  constructor(
    tokenized: readonly TokenizedPaper[],
    embeddings: readonly (Embedding | undefined)[] = [],
  ) {
    this.statistics = new Statistics(countPapers(tokenized), mineAcronyms(tokenized));
    this.papers = tokenized.map((paper, index) =>
      this.statistics.scorable(paper, embeddings[index]),
    );
    for (const [index, { tokenized: paper, vector }] of this.papers.entries()) {
      for (const stem of paper.byStem.keys()) {
        const list = this.#byStem.get(stem);
        if (list === undefined) this.#byStem.set(stem, [index]);
        else list.push(index);
      }
      for (let at = 0; at < vector.terms.length; at++) this.#file(index, vector, at);
    }
  }

  #file(paper: number, vector: TermVector, at: number): void {
    const term = vector.terms[at] ?? 0;
    let postings = this.#byTerm.get(term);
    if (postings === undefined) {
      postings = { papers: [], weights: [] };
      this.#byTerm.set(term, postings);
    }
    postings.papers.push(paper);
    postings.weights.push(vector.weights[at] ?? 0);
  }

  /** The papers that hold any of these stems, by their place in `papers`, ascending. */
  papersWith(stems: Iterable<string>): number[] {
    const found = new Set<number>();
    for (const stem of stems) for (const index of this.#byStem.get(stem) ?? []) found.add(index);
    return [...found].sort((a, b) => a - b);
  }

  /** The papers that can hold a phrase: those with the rarest of its stems. */
  papersLikelyWith(stems: readonly string[]): readonly number[] {
    const lists = stems.map((stem) => this.#byStem.get(stem) ?? []);
    return lists.reduce((a, b) => (b.length < a.length ? b : a), lists[0] ?? []);
  }

  /** What a word alone adds to the score of each paper that holds it. Found once, as topics share their words. */
  wordParts(stem: string): PlacedValues {
    const known = this.#wordParts.get(stem);
    if (known !== undefined) return known;
    const papers = this.#byStem.get(stem) ?? [];
    const values = papers.map((index) => {
      const paper = this.papers[index];
      return paper === undefined ? 0 : wordPart(stem, paper.tokenized, this.statistics);
    });
    const parts = { papers, values };
    if (papers.length > 0) this.#wordParts.set(stem, parts);
    return parts;
  }

  /** The mean of the papers' embeddings, which has no length of one; empty where there are none. */
  get meanEmbedding(): Float32Array {
    this.#meanEmbedding ??= plainMean(
      this.papers.flatMap(({ embedding }) => (embedding ? [embedding] : [])),
    );
    return this.#meanEmbedding;
  }

  /** How many papers have a term in their vectors. */
  papersWithTerm(term: number): number {
    return this.#byTerm.get(term)?.papers.length ?? 0;
  }

  /** How strong a term is in the mean paper. */
  backgroundOf(term: number): number {
    const known = this.#background.get(term);
    if (known !== undefined) return known;
    const weights = this.#byTerm.get(term)?.weights ?? [];
    const sum = weights.reduce((before, weight) => before + weight, 0);
    const background = sum / Math.max(1, this.papers.length);
    if (weights.length > 0) this.#background.set(term, background);
    return background;
  }

  /** The cosine of every paper with a vector. Costs what the vector's terms occur. */
  similarities({ terms, weights }: TermVector): Float64Array {
    const sums = new Float64Array(this.papers.length);
    for (let at = 0; at < terms.length; at++) {
      const postings = this.#byTerm.get(terms[at] ?? -1);
      if (postings === undefined) continue;
      for (let i = 0; i < postings.papers.length; i++) {
        const paper = postings.papers[i] ?? 0;
        sums[paper] = (sums[paper] ?? 0) + (weights[at] ?? 0) * (postings.weights[i] ?? 0);
      }
    }
    return sums;
  }
}
