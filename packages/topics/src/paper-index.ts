import { fieldOfUnit, newWorkMeter } from './find-unit.ts';
import { WatchFinder } from './reach.ts';
import { leastOf, type ReachOptions } from './reach-index.ts';
import type { ScorablePaper, Statistics } from './statistics.ts';
import type { TopicScorer } from './topic-scorer.ts';
import { wordPart } from './topic-text.ts';

/** Papers that hold a stem, or a term of their vectors, with what it is worth there. */
interface Places {
  readonly places: number[];
  readonly weights: number[];
}

/** Papers that one topic is tried on: the other way round than an index of topics, and by the same rule. */
export class PaperIndex {
  readonly #papers: readonly ScorablePaper[];
  readonly #statistics: Statistics;
  readonly #byStem = new Map<string, number[]>();
  readonly #byTerm = new Map<number, Places>();
  readonly #wordParts = new Map<string, readonly number[]>();

  constructor(papers: readonly ScorablePaper[], statistics: Statistics) {
    this.#papers = papers;
    this.#statistics = statistics;
    for (const [place, { tokenized, vector }] of papers.entries()) {
      for (const stem of tokenized.byStem.keys()) {
        const list = this.#byStem.get(stem);
        if (list === undefined) this.#byStem.set(stem, [place]);
        else list.push(place);
      }
      for (let at = 0; at < vector.terms.length; at++) {
        const term = vector.terms[at] ?? 0;
        let found = this.#byTerm.get(term);
        if (found === undefined) {
          found = { places: [], weights: [] };
          this.#byTerm.set(term, found);
        }
        found.places.push(place);
        found.weights.push(vector.weights[at] ?? 0);
      }
    }
  }

  /**
   * The places of the papers that may be worth keeping, ascending: they hold a unit, or enough of its words. Costs what
   * these occur, not what the papers say.
   */
  leadingTo({ query, text, profile }: TopicScorer, options?: ReachOptions): number[] {
    const found = new Set<number>();
    const meter = newWorkMeter();
    for (const { unit, field } of text.units) {
      for (const stems of unit.spellings) {
        for (const place of this.#withRarest(stems)) {
          const paper = this.#papers[place];
          if (paper === undefined || found.has(place)) continue;
          // A word that is looked for anywhere is there: only phrases and titles need a look.
          if (stems.length === 1 && field === 'any') {
            found.add(place);
            continue;
          }
          const where = fieldOfUnit(unit, paper.tokenized, meter);
          if (where === 'title' || (where !== undefined && field === 'any')) found.add(place);
        }
      }
    }
    const { reach } = new WatchFinder(this.#statistics).watchOf(query, profile);
    if (reach !== undefined) {
      const sums = new Float64Array(this.#papers.length);
      for (const [stem, weight] of reach.words)
        addUp(sums, this.#byStem.get(stem), this.#partsOf(stem), weight);
      for (const [at, term] of reach.related.terms.entries()) {
        const { places, weights } = this.#byTerm.get(term) ?? {};
        addUp(sums, places, weights, reach.related.weights[at] ?? 0);
      }
      const least = leastOf(options);
      for (let place = 0; place < sums.length; place++)
        if ((sums[place] ?? 0) >= least) found.add(place);
    }
    return [...found].sort((a, b) => a - b);
  }

  #withRarest(stems: readonly string[]): readonly number[] {
    const lists = stems.map((stem) => this.#byStem.get(stem) ?? []);
    return lists.reduce((a, b) => (b.length < a.length ? b : a), lists[0] ?? []);
  }

  /** What a word alone is worth in each paper with it; found once, as the queries of one who types share their words. */
  #partsOf(stem: string): readonly number[] {
    const known = this.#wordParts.get(stem);
    if (known !== undefined) return known;
    const parts = (this.#byStem.get(stem) ?? []).map((place) => {
      const paper = this.#papers[place];
      return paper === undefined ? 0 : wordPart(stem, paper.tokenized, this.#statistics);
    });
    if (parts.length > 0) this.#wordParts.set(stem, parts);
    return parts;
  }
}

function addUp(
  sums: Float64Array,
  places: readonly number[] = [],
  values: readonly number[] = [],
  weight: number,
): void {
  for (let at = 0; at < places.length; at++) {
    const place = places[at] ?? 0;
    sums[place] = (sums[place] ?? 0) + weight * (values[at] ?? 0);
  }
}
