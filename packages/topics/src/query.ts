/** Plain data: a query is stored as JSON and never holds positions of the text it was read from. */

/** A word or phrase to look for. */
export interface Term {
  /** As typed, without quotes and field, with single blanks. */
  readonly text: string;
  /** One word (a hyphenated one too), or several in a row. */
  readonly kind: 'word' | 'phrase';
  readonly field: 'any' | 'title';
  /** The phrase was typed without quotes: a form should say that it is read as one. */
  readonly implied: boolean;
}

/** A hard gate on what a paper carries beside its text; or, always excluded, a related word that is not to count. */
export interface Condition {
  readonly kind: 'category' | 'source' | 'related';
  /** `cs.CL`, or an archive such as `cs` for all its categories; a source's name; words. Case does not matter. */
  readonly value: string;
  readonly excluded: boolean;
}

/** What a topic asks for. At least one of `terms` and `must` is not empty. */
export interface Query {
  /** Alternatives: one is enough. */
  readonly terms: readonly Term[];
  /** Each has to occur. */
  readonly must: readonly Term[];
  /** None may occur, whatever else does. */
  readonly none: readonly Term[];
  /** One of the wanted categories, one of the wanted sources, and nothing excluded. */
  readonly conditions: readonly Condition[];
}

/** One thing that is wrong with a query, in words for the person who typed it. */
export interface QueryProblem {
  readonly message: string;
  /** What to type instead. */
  readonly hint: string;
  /** Offsets in the query as typed; `end` is at least `start`. */
  readonly start: number;
  readonly end: number;
}

export type ParsedQuery =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly problems: readonly QueryProblem[] };

/** Bounds that no topic of a person reaches and that keep every later step cheap. */
export const QUERY_MAX_CHARACTERS = 2_000;
export const QUERY_MAX_TERMS = 200;
