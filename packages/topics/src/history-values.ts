import type { CompiledQuery, Unit } from './compile.ts';
import { SCORING } from './constants.ts';
import { newWorkMeter, startsOfUnit } from './find-unit.ts';
import { passesGates } from './gates.ts';
import type { History } from './history.ts';
import { saturated, type TopicText, unitFrequency } from './topic-text.ts';

/** What a topic's units and words give to the papers of a history, by place. */
interface TextValues {
  /** Papers that hold what is wanted. */
  readonly exact: ReadonlySet<number>;
  /** Units and words together, before their own scale. */
  readonly text: Float64Array;
  /** What counts as 1. */
  readonly scales: { readonly units: number; readonly words: number; readonly text: number };
}

/** Costs what the topic's words occur: a paper without any is not looked at. Papers held back have 0. */
export function textValues(
  topic: TopicText,
  history: History,
  heldBack: ReadonlySet<number>,
): TextValues {
  const size = history.papers.length;
  const [units, words, exact] = [new Float64Array(size), new Float64Array(size), new Set<number>()];
  const meter = newWorkMeter();
  for (const unit of topic.units) {
    for (const index of papersLikelyWith(unit.unit, history)) {
      const paper = history.papers[index]?.tokenized;
      if (paper === undefined || heldBack.has(index)) continue;
      const all = startsOfUnit(unit.unit, paper, meter);
      const places = unit.field === 'title' ? all.filter(({ field }) => field === 'title') : all;
      if (places.length === 0) continue;
      if (unit.isWanted) exact.add(index);
      units[index] = (units[index] ?? 0) + unitFrequency(unit, places, paper);
    }
  }
  for (let index = 0; index < size; index++) {
    const frequency = units[index] ?? 0;
    const paper = frequency > 0 ? history.papers[index]?.tokenized : undefined;
    if (paper !== undefined) units[index] = saturated(frequency, paper, history.statistics);
  }
  for (const [stem, weight] of topic.words) {
    const { papers, values } = history.wordParts(stem);
    for (let at = 0; at < papers.length; at++) {
      const index = papers[at] ?? 0;
      words[index] = (words[index] ?? 0) + weight * (values[at] ?? 0);
    }
  }
  for (const index of heldBack) words[index] = 0;
  const [unitScale, wordScale] = [scaleOf(units), scaleOf(words)];
  const text = new Float64Array(size);
  for (let at = 0; at < size; at++)
    text[at] = (units[at] ?? 0) / unitScale + (SCORING.word.weight * (words[at] ?? 0)) / wordScale;
  return { exact, text, scales: { units: unitScale, words: wordScale, text: scaleOf(text) } };
}

function papersLikelyWith({ spellings }: Unit, history: History): Iterable<number> {
  const [only] = spellings;
  if (spellings.length === 1 && only !== undefined) return history.papersLikelyWith(only);
  return new Set(spellings.flatMap((stems) => history.papersLikelyWith(stems)));
}

/** What a gate holds back is no example of what the topic is sent. */
export function papersHeldBack(query: CompiledQuery, history: History): ReadonlySet<number> {
  const held = new Set<number>();
  const { must, none, conditions } = query;
  if (must.length + none.length + conditions.length === 0) return held;
  for (const [index, { tokenized }] of history.papers.entries())
    if (!passesGates(query, tokenized)) held.add(index);
  return held;
}

/** The mean of the largest values of a history; a topic that it knows nothing of is left as it is. */
export function scaleOf(values: Float64Array): number {
  const mean = sumOfLargest(values, SCORING.normPapers) / SCORING.normPapers;
  return mean > 0 ? mean : 1;
}

/** Linear in the values, as few of them are among the largest. A profile needs five of these sums. */
function sumOfLargest(values: Float64Array, most: number): number {
  // Ascending.
  const largest: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (value <= least) continue;
    if (largest.length === most) largest.shift();
    let at = largest.length;
    while (at > 0 && (largest[at - 1] ?? 0) > value) at--;
    largest.splice(at, 0, value);
    if (largest.length === most) least = largest[0] ?? 0;
  }
  return largest.reduceRight((sum, value) => sum + value, 0);
}
