import { mineAcronyms } from './acronyms.ts';
import { type Embedding, plainMean } from './embeddings.ts';
import type { TokenizedPaper } from './paper-tokens.ts';
import { countPapers, type ScorablePaper, Statistics } from './statistics.ts';
import type { TermVector } from './vectors.ts';

/** The past weeks' papers, to learn from: what a topic's profile is made of. */
export class History {
  readonly statistics: Statistics;
  readonly papers: readonly ScorablePaper[];
  #meanEmbedding: Float32Array | undefined;
  readonly #byStem = new Map<string, number[]>();
  readonly #byTerm = new Map<number, { papers: number[]; weights: number[] }>();

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

  /** The mean of the papers' embeddings, which has no length of one; empty where there are none. */
  get meanEmbedding(): Float32Array {
    this.#meanEmbedding ??= plainMean(this.papers);
    return this.#meanEmbedding;
  }

  /** How strong a term is in the mean paper. */
  backgroundOf(term: number): number {
    const weights = this.#byTerm.get(term)?.weights ?? [];
    return weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, this.papers.length);
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
