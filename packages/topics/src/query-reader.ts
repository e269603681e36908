import type { ParsedQuery, Term } from './query.ts';
import { parseQuery } from './query-parser.ts';

const OR = ' OR ';

/**
 * Reads queries in their normal form, as they are stored. Most are alternatives and nothing else, and a million of them
 * share their few different terms: each of those is parsed once, and is one object for all that ask for it.
 */
export class QueryReader {
  /** Null for what is more than one plain term. */
  readonly #terms = new Map<string, Term | null>();

  read(query: string): ParsedQuery {
    const terms: Term[] = [];
    for (const piece of query.split(OR)) {
      const term = this.#termOf(piece);
      if (term === null) return parseQuery(query);
      terms.push(term);
    }
    return { ok: true, query: { terms, must: [], none: [], conditions: [] } };
  }

  #termOf(piece: string): Term | null {
    const known = this.#terms.get(piece);
    if (known !== undefined) return known;
    const parsed = parseQuery(piece);
    const [term, ...others] = parsed.ok ? parsed.query.terms : [];
    const isPlain =
      parsed.ok &&
      others.length + parsed.query.must.length + parsed.query.none.length === 0 &&
      parsed.query.conditions.length === 0;
    const plain = (isPlain && term) || null;
    this.#terms.set(piece, plain);
    return plain;
  }
}
