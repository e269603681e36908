import type { Unit } from './compile.ts';
import { type PaperField, type Quote, quoteTokens, type TokenizedPaper } from './paper-tokens.ts';
import type { Token } from './tokens.ts';

/** Counts work, so that tests and benches can show what a match costs without a clock. */
export interface WorkMeter {
  /** Tokens looked at while confirming phrases. */
  tokens: number;
  /** Units that some stem of the paper pointed at. */
  units: number;
  /** Topics whose gates were checked. */
  topics: number;
}

/** A meter at zero. */
export function newWorkMeter(): WorkMeter {
  return { tokens: 0, units: 0, topics: 0 };
}

/** Every place of a unit in a paper, in order, the title first. Work grows with the places of its first word. */
export function findUnit(unit: Unit, paper: TokenizedPaper, meter: WorkMeter): readonly Quote[] {
  const places = placesOfUnit(unit, paper, meter);
  return places.length === 0
    ? NO_QUOTES
    : places.map(({ first, last }) => quoteTokens(paper, first, last));
}

/** Where each of those places begins, where no quotes are needed. */
export function startsOfUnit(
  unit: Unit,
  paper: TokenizedPaper,
  meter: WorkMeter,
): Pick<Quote, 'field' | 'start'>[] {
  return placesOfUnit(unit, paper, meter).map(({ first }) => ({
    field: paper.fieldOf(first),
    start: first.start,
  }));
}

function placesOfUnit(unit: Unit, paper: TokenizedPaper, meter: WorkMeter): readonly Place[] {
  meter.units++;
  const [only] = unit.spellings;
  if (unit.spellings.length === 1 && only !== undefined) return placesOf(only, paper, meter);
  const byPosition = new Map<number, Place>();
  for (const stems of unit.spellings) {
    for (const place of placesOf(stems, paper, meter)) {
      const other = byPosition.get(place.first.position);
      if (other === undefined || other.last.end < place.last.end)
        byPosition.set(place.first.position, place);
    }
  }
  return [...byPosition.values()].sort((a, b) => a.first.position - b.first.position);
}

/** The first field that holds a unit: the title where both do. Cheaper than all its places. */
export function fieldOfUnit(
  unit: Unit,
  paper: TokenizedPaper,
  meter: WorkMeter,
): PaperField | undefined {
  meter.units++;
  let found: PaperField | undefined;
  for (const stems of unit.spellings) {
    for (const first of paper.byStem.get(stems[0] ?? '') ?? NO_STARTS) {
      if (followStems(stems, first, paper, meter) === undefined) continue;
      // Tokens of the title come first.
      if (paper.fieldOf(first) === 'title') return 'title';
      found = 'abstract';
      break;
    }
  }
  return found;
}

const NO_STARTS: readonly Token[] = [];

interface Place {
  readonly first: Token;
  readonly last: Token;
}

const NO_QUOTES: readonly Quote[] = [];
const NO_PLACES: readonly Place[] = [];

function placesOf(
  stems: readonly string[],
  paper: TokenizedPaper,
  meter: WorkMeter,
): readonly Place[] {
  const starts = paper.byStem.get(stems[0] ?? '');
  if (starts === undefined) return NO_PLACES;
  const places: Place[] = [];
  for (const first of starts) {
    const last = followStems(stems, first, paper, meter);
    if (last !== undefined) places.push({ first, last });
  }
  return places;
}

/**
 * The last token of a row of stems that begins with `first`, or undefined. Where a part and a joined form
 * begin at one place there can be two ways on; ways meet again by position, so they never multiply.
 */
function followStems(
  stems: readonly string[],
  first: Token,
  paper: TokenizedPaper,
  meter: WorkMeter,
): Token | undefined {
  let way: Token = first;
  let otherWays: readonly Token[] = NO_WAYS;
  meter.tokens++;
  for (let at = 1; at < stems.length; at++) {
    const stem = stems[at] ?? '';
    const [part, joined] = nextTokens(stem, way, paper, meter);
    // Nearly always there is one way, which is followed without a list of ways.
    if (otherWays.length === 0 && (part === undefined || joined === undefined)) {
      const onward = part ?? joined;
      if (onward === undefined) return undefined;
      way = onward;
      continue;
    }
    const next = [part, joined];
    for (const other of otherWays) next.push(...nextTokens(stem, other, paper, meter));
    const [onward, ...others] = distinctEnds(next.filter((token) => token !== undefined));
    if (onward === undefined) return undefined;
    way = onward;
    otherWays = others;
  }
  return way;
}

const NO_WAYS: readonly Token[] = [];

/** The part and the joined form of a stem that begin where a token ends. */
function nextTokens(
  stem: string,
  from: Token,
  paper: TokenizedPaper,
  meter: WorkMeter,
): [part: Token | undefined, joined: Token | undefined] {
  const position = from.position + from.span;
  const [part, joined] = [paper.partAt(position), paper.joinedAt(position)];
  meter.tokens++;
  return [part?.stem === stem ? part : undefined, joined?.stem === stem ? joined : undefined];
}

/** Tokens that end at one position lead to the same rest. */
function distinctEnds(tokens: readonly Token[]): Token[] {
  return [...new Map(tokens.map((token) => [token.position + token.span, token])).values()];
}
