import type { Condition, Query, Term } from './query.ts';
import { type Token, tokenize } from './tokens.ts';

/**
 * What is looked for in a text: a word or phrase as stems, in each way it may be spelt. Terms of many
 * topics share one unit; acronyms and related terms will be further units of a topic.
 */
export interface Unit {
  /** Equal keys find the same occurrences. */
  readonly key: string;
  /** Stems in a row. A hyphenated word is spelt in parts and joined. */
  readonly spellings: readonly (readonly string[])[];
}

export interface CompiledTerm {
  readonly term: Term;
  readonly unit: Unit;
}

/** A query ready to be held against papers. */
export interface CompiledQuery {
  readonly terms: readonly CompiledTerm[];
  readonly must: readonly CompiledTerm[];
  readonly none: readonly CompiledTerm[];
  readonly conditions: readonly Condition[];
}

/** Each term of a query as stems to look for, conditions as they are. */
export function compileQuery(query: Query): CompiledQuery {
  return {
    terms: query.terms.map(compileTerm),
    must: query.must.map(compileTerm),
    none: query.none.map(compileTerm),
    conditions: query.conditions,
  };
}

export function compileTerm(term: Term): CompiledTerm {
  return { term, unit: unitOf(tokenize(term.text)) };
}

/** The unit that some text asks for. */
export function unitOf(tokens: readonly Token[]): Unit {
  const spellings = spellingsOf(tokens);
  return { key: spellings.map((stems) => stems.join(' ')).join('/'), spellings };
}

/**
 * One string for all queries that match the same papers for the same reasons: stems instead of words,
 * order and repetition gone. Equal keys are one topic.
 */
export function queryKey(query: Query): string {
  const compiled = compileQuery(query);
  const wanted = compiled.conditions.map(
    ({ kind, value, excluded }) => `${excluded ? '-' : ''}${kind}:${value.toLowerCase()}`,
  );
  return [
    sortedKeys(compiled.terms),
    sortedKeys(compiled.must),
    sortedKeys(compiled.none),
    JSON.stringify([...new Set(wanted)].sort()),
  ].join('\n');
}

/** Equal for two terms that find the same occurrences. */
export function termKey({ term, unit }: CompiledTerm): string {
  return term.field === 'title' ? `title:${unit.key}` : unit.key;
}

function sortedKeys(terms: readonly CompiledTerm[]): string {
  return [...new Set(terms.map(termKey))].sort().join(' | ');
}

/** Three hyphenated words in one phrase have eight spellings; further ones are looked for in parts. */
const MAX_SPELLINGS = 8;

/** The ways through the tokens from first to last, the one in parts first. */
function spellingsOf(tokens: readonly Token[]): string[][] {
  const parts: Token[] = [];
  const joined = new Map<number, Token>();
  for (const token of tokens) {
    if (token.span === 1) parts.push(token);
    else joined.set(token.position, token);
  }
  let spellings: string[][] = [[]];
  for (let at = 0; at < parts.length; ) {
    const whole = joined.get(at);
    const stems = parts.slice(at, at + (whole?.span ?? 1)).map((token) => token.stem);
    const canBranch = whole !== undefined && spellings.length * 2 <= MAX_SPELLINGS;
    const withWhole = canBranch ? spellings.map((before) => [...before, whole.stem]) : [];
    for (const before of spellings) before.push(...stems);
    spellings = [...spellings, ...withWhole];
    at += stems.length;
  }
  return spellings;
}
