import type { CompiledQuery, CompiledTerm } from './compile.ts';
import { fieldOfUnit, newWorkMeter } from './find-unit.ts';
import type { PaperText, TokenizedPaper } from './paper-tokens.ts';
import type { Condition, Query } from './query.ts';

/** Whether a paper has all that a query requires and nothing that it excludes, whatever else it holds. */
export function passesGates(query: CompiledQuery, paper: TokenizedPaper): boolean {
  const meter = newWorkMeter();
  const occurs = ({ term, unit }: CompiledTerm) => {
    const field = fieldOfUnit(unit, paper, meter);
    return field === 'title' || (field === 'abstract' && term.field === 'any');
  };
  return (
    query.must.every(occurs) &&
    !query.none.some(occurs) &&
    conditionsHold(query.conditions, paper.text)
  );
}

/** Whether a paper is of the wanted categories and sources, and of none of the excluded. */
export function conditionsHold(conditions: readonly Condition[], paper: PaperText): boolean {
  return conditions.length === 0 || KINDS.every((kind) => kindHolds(kind, conditions, paper));
}

const KINDS = ['category', 'source'] as const;

/** One of the wanted values, and none of the excluded; a paper that carries none of the kind is not wanted. */
function kindHolds(
  kind: (typeof KINDS)[number],
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
