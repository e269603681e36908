import { SCORING } from './constants.ts';
import type { History } from './history.ts';
import { papersHeldBack, scaleOf, textValues } from './history-values.ts';
import { PAIR } from './paper-terms.ts';
import type { Query } from './query.ts';
import { stemsLeftOut } from './related-words.ts';
import type { ScorablePaper } from './statistics.ts';
import { topicText } from './topic-text.ts';
import { meanWeights, strongest, type TermVector, unitVector } from './vectors.ts';

/**
 * What a topic's words mean for the papers of the past weeks. Plain data, kept beside the topic and made anew
 * when the history changes. A scale is what counts as 1.
 */
export interface TopicProfile {
  /** So few exact matches that nothing is learnt from them yet: only exact matches are sent. */
  readonly isLearning: boolean;
  readonly scales: ProfileScales;
  /** Words and pairs of words that its best papers have in common, by their numbers in the history's statistics. */
  readonly related: TermVector;
}

interface ProfileScales {
  readonly units: number;
  readonly words: number;
  /** Of units and words together. */
  readonly text: number;
  readonly related: number;
  readonly total: number;
  /** Of the total with further parts, where there are any. */
  readonly withFurther?: number;
}

/**
 * A further part of the score, such as one from embeddings: it learns what a topic's best papers share. Pure; what
 * it needs from elsewhere is fetched before.
 */
export interface Scorer {
  /** Its share of a score in which related words have a share of one. */
  readonly weight: number;
  /** Undefined where it cannot tell what these papers share. */
  learn(best: readonly ScorablePaper[], history: History): Learnt | undefined;
}

/** What a further part knows of one topic. */
interface Learnt {
  /** How near a paper is to the best ones; 0 for nothing in common, undefined for one that it knows nothing of. */
  likeness(paper: ScorablePaper): number | undefined;
  /** The title of the best paper that it is nearest to, to be told. */
  nearest(paper: ScorablePaper): string | undefined;
}

/** A further part with its weight and its scale: a likeness of 1 is that of the ten best. */
export interface LearntPart extends Learnt {
  readonly weight: number;
}

/** A topic's normalised values over the history, by the place of a paper; 0 where a gate holds a paper back. */
export interface HistoryValues {
  readonly text: Float64Array;
  readonly related: Float64Array;
}

export interface ProfiledTopic {
  readonly profile: TopicProfile;
  readonly values: HistoryValues;
  readonly further: readonly LearntPart[];
}

/** Learns a topic's profile. Costs what the topic's words and its related words occur in the history. */
export function profileTopic(
  query: Query,
  history: History,
  scorers: readonly Scorer[] = [],
): ProfiledTopic {
  const topic = topicText(query, history.statistics);
  const heldBack = papersHeldBack(topic.query, history);
  const { exact, scales, text } = textValues(topic, history, heldBack);
  const isLearning = exact.size < SCORING.minExactMatches;
  const best = isLearning ? [] : bestPapers(text, exact, history);
  const vector = relatedVector(best, history, stemsLeftOut(query));
  const related = history.similarities(vector);
  for (const index of heldBack) related[index] = 0;
  const relatedScale = scaleOf(related);
  const total = new Float64Array(text.length);
  for (let at = 0; at < text.length; at++) {
    text[at] = (text[at] ?? 0) / scales.text;
    related[at] = (related[at] ?? 0) / relatedScale;
    total[at] = (text[at] ?? 0) + (related[at] ?? 0);
  }
  const leading = scorers.length === 0 ? [] : leadingPapers(total, heldBack);
  const further =
    best.length === 0 ? [] : scorers.flatMap((one) => learnPart(one, best, leading, history));
  const profile = {
    isLearning,
    scales: {
      ...scales,
      related: relatedScale,
      total: scaleOf(total),
      ...(further.length > 0 && { withFurther: scaleWith(further, total, leading, history) }),
    },
    related: vector,
  };
  return { profile, values: { text, related }, further };
}

/** What the best papers have in common beyond what all papers have. */
function relatedVector(
  best: readonly ScorablePaper[],
  history: History,
  leftOut: ReadonlySet<string>,
): TermVector {
  const { terms, background } = SCORING.related;
  const weights = new Map<number, number>();
  for (const [term, weight] of meanWeights(best.map(({ vector }) => vector))) {
    const more = weight - background * history.backgroundOf(term);
    if (more > 0 && !isLeftOut(history.statistics.termOf(term), leftOut)) weights.set(term, more);
  }
  return unitVector(strongest(weights, terms));
}

/** Every pair that holds one of the words is left out with them. */
function isLeftOut(term: string | undefined, leftOut: ReadonlySet<string>): boolean {
  return leftOut.size > 0 && (term ?? '').split(PAIR).some((stem) => leftOut.has(stem));
}

/**
 * What comes first without further parts, by place: the scales of those are taken from it, as a look at every paper
 * for every topic would cost seconds where a likeness has a thousand factors.
 */
function leadingPapers(total: Float64Array, heldBack: ReadonlySet<number>): number[] {
  return [...total.keys()]
    .filter((index) => (total[index] ?? 0) > 0 && !heldBack.has(index))
    .sort((a, b) => (total[b] ?? 0) - (total[a] ?? 0) || a - b)
    .slice(0, LEADING * SCORING.normPapers);
}
const LEADING = 8;

function learnPart(
  { weight, ...scorer }: Scorer,
  best: readonly ScorablePaper[],
  leading: readonly number[],
  history: History,
): LearntPart[] {
  const learnt = scorer.learn(best, history);
  if (learnt === undefined) return [];
  const papers = leading.flatMap((index) => history.papers[index] ?? []);
  const scale = scaleOf(Float64Array.from(papers, (paper) => learnt.likeness(paper) ?? 0));
  const likeness = (paper: ScorablePaper) => {
    const near = learnt.likeness(paper);
    return near === undefined ? undefined : near / scale;
  };
  return [{ weight, likeness, nearest: learnt.nearest }];
}

function scaleWith(
  further: readonly LearntPart[],
  total: Float64Array,
  leading: readonly number[],
  history: History,
): number {
  const totals = leading.map((index) => {
    const paper = history.papers[index];
    return (total[index] ?? 0) + ((paper && furtherValue(further, paper)) ?? 0);
  });
  return scaleOf(Float64Array.from(totals));
}

/** What further parts add to a paper; undefined where one of them does not know it, which is then scored without any. */
export function furtherValue(
  further: readonly LearntPart[],
  paper: ScorablePaper,
): number | undefined {
  let sum = 0;
  for (const { weight, likeness } of further) {
    const near = likeness(paper);
    if (near === undefined) return undefined;
    sum += weight * near;
  }
  return sum;
}

/** Of the papers that match exactly: what only has a word of a phrase leads away from the topic. */
function bestPapers(
  values: Float64Array,
  exact: ReadonlySet<number>,
  history: History,
): ScorablePaper[] {
  return [...exact]
    .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
    .slice(0, SCORING.related.papers)
    .flatMap((index) => history.papers[index] ?? []);
}
