import type { Acronym, AcronymIndex } from './acronyms.ts';
import { type CompiledQuery, type CompiledTerm, type Unit, unitOf } from './compile.ts';
import { SCORING } from './constants.ts';
import { isStopWord } from './stop-words.ts';
import { tokenize } from './tokens.ts';

/** Something that makes a paper fit a topic when it occurs: what was typed, or what it stands for. */
export interface ScoringUnit {
  readonly unit: Unit;
  readonly weight: number;
  readonly field: 'any' | 'title';
  /** What is looked for, in words. */
  readonly text: string;
  /** One of these in a paper is an exact match; what is only required beside alternatives is none. */
  readonly isWanted: boolean;
  /** Why it is looked for though it was not typed. */
  readonly acronym?: Acronym;
}

/** A query's terms, required ones too, with the acronyms that the past weeks' papers know for them. */
export function scoringUnits(query: CompiledQuery, acronyms: AcronymIndex): ScoringUnit[] {
  const units = new Map<string, ScoringUnit>();
  const add = (unit: ScoringUnit) => {
    const key = `${unit.field === 'title' ? 'title:' : ''}${unit.unit.key}`;
    if (!units.has(key)) units.set(key, unit);
  };
  const typed = [
    ...query.terms.map((term) => typedUnit(term, true)),
    ...query.must.map((term) => typedUnit(term, query.terms.length === 0)),
  ];
  for (const unit of typed) add(unit);
  const { longFormWeight, acronymWeight } = SCORING.acronym;
  for (const one of typed) {
    for (const acronym of acronyms.longFormsOf(one.unit))
      add(otherForm(one, acronym.longForm, longFormWeight, acronym));
    for (const acronym of acronyms.acronymsOf(one.unit))
      add(otherForm(one, acronym.acronym, acronymWeight, acronym));
  }
  return [...units.values()];
}

function typedUnit({ term, unit }: CompiledTerm, isWanted: boolean): ScoringUnit {
  return { unit, weight: 1, field: term.field, text: term.text, isWanted };
}

function otherForm(
  typed: ScoringUnit,
  text: string,
  weight: number,
  acronym: Acronym,
): ScoringUnit {
  return { ...typed, unit: unitOf(tokenize(text)), weight, text, acronym };
}

/** The single words of the units without stop words, each with the largest weight of a unit that holds it. */
export function scoringWords(units: readonly ScoringUnit[]): Map<string, number> {
  const words = new Map<string, number>();
  for (const { text, weight } of units) {
    for (const token of tokenize(text)) {
      if (isStopWord(token)) continue;
      words.set(token.stem, Math.max(words.get(token.stem) ?? 0, weight));
    }
  }
  return words;
}
