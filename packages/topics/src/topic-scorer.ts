import { SCORING } from './constants.ts';
import { passesGates } from './gates.ts';
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
import { dot } from './vectors.ts';

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
  readonly statistics: Statistics;
  readonly #further: readonly LearntPart[];

  /** `profile` was learnt with these statistics. */
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
    const likeness = dot(vector, this.profile.related) / scales.related;
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
