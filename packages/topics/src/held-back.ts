import type { CompiledQuery, CompiledTerm } from './compile.ts';
import { findUnit, newWorkMeter } from './find-unit.ts';
import { conditionsHold } from './gates.ts';
import type { Quote, TokenizedPaper } from './paper-tokens.ts';
import type { Condition } from './query.ts';
import { describePlaces, placesOf } from './reasons.ts';

/** A gate of a query that holds a paper back. */
export interface HeldBack {
  /** As it stands in the query: `-medical`, `cat:cs.CL`. */
  readonly gate: string;
  /** One line for a person. */
  readonly because: string;
}

/** Every gate that a paper does not pass, in the order of the query's normal form; none when it passes all. */
export function heldBackBy(query: CompiledQuery, paper: TokenizedPaper): HeldBack[] {
  return [
    ...query.must.flatMap((term) => (placesIn(term, paper).length > 0 ? [] : missing(term))),
    ...query.none.flatMap((term) => {
      const places = placesIn(term, paper);
      return places.length === 0 ? [] : excluded(term, places);
    }),
    ...conditionsBroken(query.conditions, paper),
  ];
}

function placesIn({ term, unit }: CompiledTerm, paper: TokenizedPaper): readonly Quote[] {
  const places = findUnit(unit, paper, newWorkMeter());
  return term.field === 'title' ? places.filter(({ field }) => field === 'title') : places;
}

function missing({ term }: CompiledTerm): HeldBack[] {
  const where = term.field === 'title' ? 'its title' : 'it';
  return [{ gate: `+${printed(term)}`, because: `"${term.text}" is required and not in ${where}` }];
}

function excluded({ term }: CompiledTerm, places: readonly Quote[]): HeldBack[] {
  const where = describePlaces(placesOf(places));
  return [{ gate: `-${printed(term)}`, because: `"${term.text}" is excluded and stands ${where}` }];
}

function printed({ field, text, kind }: CompiledTerm['term']): string {
  return `${field === 'title' ? 'title:' : ''}${kind === 'phrase' ? `"${text}"` : text}`;
}

const KINDS = [
  { kind: 'category', field: 'cat', many: 'categories' },
  { kind: 'source', field: 'source', many: 'sources' },
] as const;

function conditionsBroken(conditions: readonly Condition[], { text }: TokenizedPaper): HeldBack[] {
  return KINDS.flatMap(({ kind, field, many }) => {
    const ofKind = conditions.filter((condition) => condition.kind === kind);
    const carried = (kind === 'category' ? text.categories : text.sources) ?? [];
    const has = carried.length === 0 ? `it has no ${many}` : `its ${many}: ${carried.join(', ')}`;
    const gateOf = ({ excluded: isExcluded, value }: Condition) =>
      `${isExcluded ? '-' : ''}${field}:${value}`;
    const wanted = ofKind.filter((condition) => !condition.excluded);
    const banned = ofKind.filter((one) => one.excluded && !conditionsHold([one], text));
    return [
      ...(conditionsHold(wanted, text)
        ? []
        : [{ gate: wanted.map(gateOf).join(' '), because: `none of them is carried; ${has}` }]),
      ...banned.map((one) => ({ gate: gateOf(one), because: `it is excluded; ${has}` })),
    ];
  });
}
