import { type CompiledTerm, compileTerm, type Unit } from './compile.ts';
import { SCORING } from './constants.ts';
import type { Query, Term } from './query.ts';
import { scoringUnits, scoringWords } from './scoring-units.ts';
import type { Statistics } from './statistics.ts';
import type { TopicProfile } from './topic-profile.ts';
import type { TermVector } from './vectors.ts';

/**
 * What makes a paper worth a score though it holds none of a topic's units: its single words and its related words, each
 * weighed by what it gives to the score. Their sum is the score of such a paper.
 */
export interface Reach {
  readonly words: ReadonlyMap<string, number>;
  readonly related: TermVector;
}

/** What a topic is watched by beside its own terms. */
export interface FurtherWatch {
  /** Acronyms of its terms, and what typed acronyms stand for. */
  readonly further: readonly Unit[];
  /** Missing while a topic is learning: it is sent what holds its units, and nothing by its score. */
  readonly reach?: Reach;
}

/** What one term brings to every topic that asks for it. */
export interface TermWatch {
  readonly further: readonly Unit[];
  readonly words: ReadonlyMap<string, number>;
}

/** Tells what topics are watched by. A million of them share their few different terms, each of which is read once. */
export class WatchFinder {
  readonly #statistics: Statistics;
  readonly #byTerm = new Map<Term, TermWatch>();

  constructor(statistics: Statistics) {
    this.#statistics = statistics;
  }

  watchOf({ terms, must }: Query, profile: TopicProfile | undefined): FurtherWatch {
    const watches = [...terms, ...must].map((term) => this.watchOfTerm(term));
    const reach = reachOf(watches, profile);
    return { further: watches.flatMap((watch) => watch.further), ...(reach && { reach }) };
  }

  watchOfTerm(term: Term): TermWatch {
    const known = this.#byTerm.get(term);
    if (known !== undefined) return known;
    const watch = this.watchOfCompiled(compileTerm(term));
    this.#byTerm.set(term, watch);
    return watch;
  }

  /** The same, for those who remember what they asked about. */
  watchOfCompiled(term: CompiledTerm): TermWatch {
    const alone = { terms: [term], must: [], none: [], conditions: [] };
    const units = scoringUnits(alone, this.#statistics.acronyms);
    // Few terms are of a topic that was learnt: what their single words are is asked of these.
    let words: ReadonlyMap<string, number> | undefined;
    return {
      further: units.filter(({ acronym }) => acronym).map(({ unit }) => unit),
      get words() {
        words ??= scoringWords(units);
        return words;
      },
    };
  }
}

/** What a topic of these terms reaches for; undefined while it is learning. */
export function reachOf(
  watches: readonly TermWatch[],
  profile: TopicProfile | undefined,
): Reach | undefined {
  if (profile === undefined || profile.isLearning) return undefined;
  const { scales, related } = profile;
  const words = new Map<string, number>();
  const perWord = SCORING.word.weight / (scales.words * scales.text * scales.total);
  for (const watch of watches)
    for (const [stem, weight] of watch.words)
      words.set(stem, Math.max(words.get(stem) ?? 0, weight * perWord));
  const perLikeness = 1 / (scales.related * scales.total);
  const weights = new Float32Array(related.weights);
  for (let at = 0; at < weights.length; at++) weights[at] = (weights[at] ?? 0) * perLikeness;
  return { words, related: { terms: related.terms, weights } };
}
