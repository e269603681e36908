import { type CompiledQuery, type CompiledTerm, compileQuery, termKey } from './compile.ts';
import { findUnit, newWorkMeter } from './find-unit.ts';
import { type PaperText, type TokenizedPaper, tokenizePaper } from './paper-tokens.ts';
import type { Condition, Query } from './query.ts';
import { type PhraseReason, phraseReason } from './reasons.ts';

/** That a paper is for a topic. */
export interface QueryMatch {
  /** Strongest first, never empty. */
  readonly reasons: readonly PhraseReason[];
  /** What `Rank` says; comparable between papers of one topic, not between topics. */
  readonly strength: number;
}

/**
 * How well a paper fits, from what matched in it. The seam for scoring: a scorer with the history's
 * averages takes the place of `phraseFrequency`, and the gates stay as they are.
 */
export type Rank = (reasons: readonly PhraseReason[], paper: TokenizedPaper) => number;

/** Phrase frequency summed over terms: twice the places in the title plus those in the abstract. */
export const phraseFrequency: Rank = (reasons) =>
  reasons.reduce((sum, reason) => sum + frequency(reason), 0);

/** One query against one paper; undefined where it is not for the topic. */
export function matchQuery(
  query: Query,
  paper: PaperText,
  rank: Rank = phraseFrequency,
): QueryMatch | undefined {
  return matchCompiled(compileQuery(query), tokenizePaper(paper), rank);
}

/** The same for many papers or queries that were compiled and cut into words before. */
export function matchCompiled(
  query: CompiledQuery,
  paper: TokenizedPaper,
  rank: Rank = phraseFrequency,
): QueryMatch | undefined {
  const meter = newWorkMeter();
  const find = ({ term, unit }: CompiledTerm) => phraseReason(term, findUnit(unit, paper, meter));
  const reasons = passGates(query, paper, find);
  return reasons && { reasons, strength: rank(reasons, paper) };
}

/** Finds a term in the paper at hand, or says that it is not there. */
export type FindTerm<T extends CompiledTerm = CompiledTerm> = (term: T) => PhraseReason | undefined;

/** A compiled query, perhaps with more known about each of its terms. */
interface Gates<T extends CompiledTerm> {
  readonly terms: readonly T[];
  readonly must: readonly T[];
  readonly none: readonly T[];
  readonly conditions: readonly Condition[];
}

/**
 * Why a paper is for a query, strongest first, or undefined where a gate holds it back. The gates stand in
 * the order that settles most papers soonest; each holds whatever the others say.
 */
export function passGates<T extends CompiledTerm>(
  query: Gates<T>,
  paper: TokenizedPaper,
  find: FindTerm<T>,
): readonly PhraseReason[] | undefined {
  const reasons: PhraseReason[] = [];
  if (!addRequired(query.must, find, reasons)) return undefined;
  if (!addWanted(query, find, reasons)) return undefined;
  for (const term of query.none) if (find(term) !== undefined) return undefined;
  if (!conditionsHold(query.conditions, paper.text)) return undefined;
  if (reasons.length > 1) reasons.sort((a, b) => frequency(b) - frequency(a));
  return reasons;
}

/** False where one is missing. */
function addRequired<T extends CompiledTerm>(
  must: readonly T[],
  find: FindTerm<T>,
  reasons: PhraseReason[],
): boolean {
  for (const term of must) {
    const reason = find(term);
    if (reason === undefined) return false;
    reasons.push(reason);
  }
  return true;
}

/** False where there are alternatives and none is found. What is required too gives one reason, not two. */
function addWanted<T extends CompiledTerm>(
  query: Gates<T>,
  find: FindTerm<T>,
  reasons: PhraseReason[],
): boolean {
  let isFound = query.terms.length === 0;
  for (const term of query.terms) {
    const reason = find(term);
    if (reason === undefined) continue;
    isFound = true;
    const isRequired = query.must.some((other) => termKey(other) === termKey(term));
    if (!isRequired) reasons.push(reason);
  }
  return isFound;
}

function conditionsHold(conditions: readonly Condition[], paper: PaperText): boolean {
  return conditions.length === 0 || KINDS.every((kind) => kindHolds(kind, conditions, paper));
}

const KINDS = ['category', 'source'] as const;

/** One of the wanted values, and none of the excluded; a paper that carries none of the kind is not wanted. */
function kindHolds(
  kind: Condition['kind'],
  conditions: readonly Condition[],
  paper: PaperText,
): boolean {
  const ofKind = conditions.filter((condition) => condition.kind === kind);
  const carried = (kind === 'category' ? paper.categories : paper.sources) ?? [];
  const isCarried = ({ value }: Condition) => carried.some((name) => isWithin(name, value));
  const wanted = ofKind.filter((condition) => !condition.excluded);
  if (wanted.length > 0 && !wanted.some(isCarried)) return false;
  return !ofKind.some((condition) => condition.excluded && isCarried(condition));
}

/** Whether papers of a source can be for a query at all. */
export function mayTouch({ conditions }: Query, source: string): boolean {
  const kind = conditions.filter((condition) => condition.kind === 'source');
  return kindHolds('source', kind, { title: '', sources: [source] });
}

/** `cs.CL` is within `cs.CL` and within `cs`. */
function isWithin(name: string, value: string): boolean {
  const [have, want] = [name.toLowerCase(), value.toLowerCase()];
  return have === want || have.startsWith(`${want}.`);
}

function frequency(reason: PhraseReason): number {
  return 2 * reason.inTitle + reason.inAbstract;
}

/** Whether a paper has all that is required and nothing that is excluded. */
export function passesHardGates(query: CompiledQuery, paper: TokenizedPaper): boolean {
  const meter = newWorkMeter();
  const occurs = ({ term, unit }: CompiledTerm) =>
    phraseReason(term, findUnit(unit, paper, meter)) !== undefined;
  return (
    query.must.every(occurs) &&
    !query.none.some(occurs) &&
    conditionsHold(query.conditions, paper.text)
  );
}
