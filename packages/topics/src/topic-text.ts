import { type CompiledQuery, compileQuery } from './compile.ts';
import { SCORING } from './constants.ts';
import { findUnit, newWorkMeter } from './find-unit.ts';
import { stemFrequency } from './paper-terms.ts';
import type { Quote, TokenizedPaper } from './paper-tokens.ts';
import { placeWeight } from './place-weight.ts';
import type { Query } from './query.ts';
import { type ScoringUnit, scoringUnits, scoringWords } from './scoring-units.ts';
import type { Statistics } from './statistics.ts';

/** A unit of a topic, found in a paper. */
export interface FoundUnit {
  readonly unit: ScoringUnit;
  /** Every place, the title first. Not empty. */
  readonly quotes: readonly Quote[];
}

/** What a topic asks for in words, with what statistics know of them. */
export interface TopicText {
  readonly query: CompiledQuery;
  readonly units: readonly ScoringUnit[];
  readonly words: ReadonlyMap<string, number>;
}

/** What a query is scored by: its units with the acronyms that these papers explain, and their words. */
export function topicText(query: Query, statistics: Statistics): TopicText {
  const compiled = compileQuery(query);
  const units = scoringUnits(compiled, statistics.acronyms);
  return { query: compiled, units, words: scoringWords(units) };
}

/** The units that a paper has, with every place of each; those for the title are looked for there alone. */
export function findUnits(units: readonly ScoringUnit[], paper: TokenizedPaper): FoundUnit[] {
  const meter = newWorkMeter();
  const found: FoundUnit[] = [];
  for (const unit of units) {
    const places = findUnit(unit.unit, paper, meter);
    const quotes =
      unit.field === 'title' ? places.filter(({ field }) => field === 'title') : places;
    if (quotes.length > 0) found.push({ unit, quotes });
  }
  return found;
}

/** U: how much a paper speaks of the units, from 0 to 1. They are equals, whether rare or not. */
export function unitScore(
  found: readonly FoundUnit[],
  paper: TokenizedPaper,
  statistics: Statistics,
): number {
  let sum = 0;
  for (const { unit, quotes } of found) sum += unitFrequency(unit, quotes, paper);
  return saturated(sum, paper, statistics);
}

/** What one unit's places come to. */
export function unitFrequency(
  { weight }: ScoringUnit,
  places: readonly Pick<Quote, 'field' | 'start'>[],
  paper: TokenizedPaper,
): number {
  let sum = 0;
  for (const { field, start } of places) sum += placeWeight(field, start, paper);
  return weight * sum;
}

/** What the frequencies of all units are worth: each further place adds less than the one before. */
export function saturated(
  frequency: number,
  paper: TokenizedPaper,
  { averageLength }: Statistics,
): number {
  const { saturation, lengthShare } = SCORING.unit;
  const damping = saturation * (1 - lengthShare + (lengthShare * paper.length) / averageLength);
  return frequency / (frequency + damping);
}

/** W: how much it speaks of their single words, the rare ones before all. */
export function wordScore(
  words: ReadonlyMap<string, number>,
  paper: TokenizedPaper,
  statistics: Statistics,
): number {
  let sum = 0;
  for (const [stem, weight] of words) sum += weight * wordPart(stem, paper, statistics);
  return sum;
}

/** What one single word adds, at a weight of one. */
export function wordPart(stem: string, paper: TokenizedPaper, statistics: Statistics): number {
  const frequency = stemFrequency(stem, paper);
  if (frequency === 0) return 0;
  const { saturation, lengthShare, gain } = SCORING.word;
  const damping =
    saturation * (1 - lengthShare + (lengthShare * paper.length) / statistics.averageLength);
  return (statistics.rarityOf(stem) * gain * frequency) / (frequency + damping);
}
