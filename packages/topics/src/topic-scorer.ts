import type { Unit } from './compile.ts';
import { SCORING } from './constants.ts';
import { passesGates } from './gates.ts';
import { PAIR } from './paper-terms.ts';
import type { Query } from './query.ts';
import type { ScorablePaper, Statistics } from './statistics.ts';
import { furtherValue, type LearntPart, type TopicProfile } from './topic-profile.ts';
import {
  type FoundUnit,
  findUnits,
  type TopicText,
  topicText,
  unitScore,
  wordScore,
} from './topic-text.ts';
import { dot, type TermVector, unitVector } from './vectors.ts';

/** A paper that passes a topic's gates, and how well it fits. */
export interface ScoredPaper {
  /** 1 is as good as the ten best papers of the past weeks, for narrow and broad topics alike. */
  readonly score: number;
  /** What units and words give, with its own scale. */
  readonly text: number;
  /** What all else gives: with `text` it makes up the score, at the scale of a score without further parts. */
  readonly related: number;
  readonly found: readonly FoundUnit[];
}

/** Scores papers for one topic. */
export class TopicScorer {
  readonly query: Query;
  readonly text: TopicText;
  readonly profile: TopicProfile;
  readonly relatedVector: TermVector;
  readonly statistics: Statistics;
  readonly #further: readonly LearntPart[];

  constructor(
    query: Query,
    profile: TopicProfile,
    statistics: Statistics,
    further: readonly LearntPart[] = [],
  ) {
    this.query = query;
    this.text = topicText(query, statistics);
    this.profile = profile;
    this.statistics = statistics;
    this.#further = further;
    const weights = new Map<number, number>();
    for (const [term, weight] of profile.related) {
      const number = statistics.numberOf(term);
      if (number !== undefined) weights.set(number, weight);
    }
    this.relatedVector = unitVector(weights);
  }

  /** Undefined where a gate holds the paper back. A score of 0 means that nothing speaks for it. */
  score(paper: ScorablePaper): ScoredPaper | undefined {
    const { tokenized, vector } = paper;
    if (!passesGates(this.text.query, tokenized)) return undefined;
    const { scales } = this.profile;
    const found = findUnits(this.text.units, tokenized);
    const units = unitScore(found, tokenized, this.statistics) / scales.units;
    const words = wordScore(this.text.words, tokenized, this.statistics) / scales.words;
    const text = (units + SCORING.word.weight * words) / scales.text;
    const likeness = dot(vector, this.relatedVector) / scales.related;
    const more = furtherValue(this.#further, paper);
    if (scales.withFurther === undefined || this.#further.length === 0 || more === undefined)
      return { score: (text + likeness) / scales.total, text, related: likeness, found };
    const score = (text + likeness + more) / scales.withFurther;
    // Likes are weighed later, by those who know nothing of further parts: they are given their share of the score.
    return { score, text, related: score * scales.total - text, found };
  }

  /** The title of the topic's paper that a further part finds a paper near to, where that speaks for it. */
  resembled(paper: ScorablePaper): string | undefined {
    const telling = this.#further.find(
      (part) => (part.likeness(paper) ?? 0) >= SCORING.likes.toldFrom,
    );
    return telling?.nearest(paper);
  }
}

/** Of a topic's related words, those that make a paper worth scoring. */
const LEADING_TERMS = 10;

/**
 * What leads to a topic beside its own terms: acronyms, single words of its phrases, and its strongest related words. A
 * paper with none of it can have no score to speak of.
 */
export function furtherUnits({ text, profile }: TopicScorer): Unit[] {
  if (profile.isLearning)
    return text.units.filter(({ acronym }) => acronym).map(({ unit }) => unit);
  const strongest = [...profile.related].sort(([, a], [, b]) => b - a).slice(0, LEADING_TERMS);
  const rows = [...text.words.keys(), ...strongest.map(([term]) => term)];
  return [
    ...text.units.filter(({ acronym }) => acronym).map(({ unit }) => unit),
    ...rows.map((row) => ({ key: row, spellings: [row.split(PAIR)] })),
  ];
}
