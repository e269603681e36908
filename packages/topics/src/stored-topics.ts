import type { CompiledTerm } from './compile.ts';
import type { SharedTerm, TopicLoad } from './index-topics.ts';
import { parsePlainTerm, parseQuery } from './query-parser.ts';
import { reachOf, type TermWatch, type WatchFinder } from './reach.ts';
import { TextNumbers } from './text-numbers.ts';
import type { TopicProfile } from './topic-profile.ts';

const OR = ' OR ';

/** A term, with what each topic that asks for it is led to by and what it gives to a score. */
interface PlainTerm extends SharedTerm {
  readonly watch: TermWatch;
}

/**
 * Reads topics, their queries in their normal form, into an index. Most are alternatives and nothing else, and a million
 * of them share some hundred thousand terms: each of those is parsed, cut into words and looked up once, and a topic
 * then costs a look at each of its terms.
 */
export class StoredTopics<Id extends string> {
  readonly #load: TopicLoad<Id>;
  readonly #finder: WatchFinder;
  readonly #pieces = new TextNumbers();
  /** By the number of a piece; null for what is more than one plain term. */
  readonly #terms: (PlainTerm | null)[] = [];

  constructor(load: TopicLoad<Id>, finder: WatchFinder) {
    this.#load = load;
    this.#finder = finder;
  }

  /**
   * Adds the topic whose query stands in a text from `start` to `end`, so that nobody need cut it out. Whether it can be
   * read; the topic is left out where not.
   */
  add(id: Id, text: string, profile?: TopicProfile, start = 0, end = text.length): boolean {
    const terms: PlainTerm[] = [];
    for (let from = start; from <= end; ) {
      const to = endOfPiece(text, from, end);
      const term = this.#termOf(text, from, to);
      if (term === null) return this.#addParsed(id, text.slice(start, end), profile);
      terms.push(term);
      from = to + OR.length;
    }
    const reach =
      profile &&
      reachOf(
        terms.map(({ watch }) => watch),
        profile,
      );
    this.#load.addAlternatives(id, terms, reach);
    return true;
  }

  #addParsed(id: Id, query: string, profile?: TopicProfile): boolean {
    const parsed = parseQuery(query);
    if (parsed.ok)
      this.#load.add({ id, query: parsed.query, ...this.#finder.watchOf(parsed.query, profile) });
    return parsed.ok;
  }

  #termOf(text: string, start: number, end: number): PlainTerm | null {
    const piece = this.#pieces.numberOf(text, start, end);
    const known = this.#terms[piece];
    if (known !== undefined) return known;
    const term = parsePlainTerm(text.slice(start, end));
    const plain = term === undefined ? null : this.#take(term);
    this.#terms[piece] = plain;
    return plain;
  }

  #take(term: CompiledTerm): PlainTerm {
    const watch = this.#finder.watchOfCompiled(term);
    return { ...this.#load.termOf(term, watch.further), watch };
  }
}

/** Where the next ` OR ` begins, or the end. Looked for no further, as what follows are the queries of other topics. */
function endOfPiece(text: string, start: number, end: number): number {
  for (let at = start; at + OR.length <= end; at++)
    if (text.charCodeAt(at) === BLANK && text.startsWith(OR, at)) return at;
  return end;
}

const BLANK = 32;
