import type { CompiledTerm } from './compile.ts';
import type { SharedTerm, TopicLoad } from './index-topics.ts';
import { parsePlainTerm, parseQuery } from './query-parser.ts';
import { reachOf, type TermWatch, type WatchFinder } from './reach.ts';
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
  /** Null for what is more than one plain term. */
  readonly #terms = new Map<string, PlainTerm | null>();

  constructor(load: TopicLoad<Id>, finder: WatchFinder) {
    this.#load = load;
    this.#finder = finder;
  }

  /** Whether the query can be read; the topic is left out where not. */
  add(id: Id, query: string, profile?: TopicProfile): boolean {
    const terms: PlainTerm[] = [];
    for (let start = 0; start <= query.length; ) {
      const or = query.indexOf(OR, start);
      const end = or < 0 ? query.length : or;
      const term = this.#termOf(query.slice(start, end));
      if (term === null) return this.#addParsed(id, query, profile);
      terms.push(term);
      start = end + OR.length;
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

  #termOf(piece: string): PlainTerm | null {
    const known = this.#terms.get(piece);
    if (known !== undefined) return known;
    const term = parsePlainTerm(piece);
    const plain = term === undefined ? null : this.#take(term);
    this.#terms.set(piece, plain);
    return plain;
  }

  #take(term: CompiledTerm): PlainTerm {
    const watch = this.#finder.watchOfCompiled(term);
    return { ...this.#load.termOf(term, watch.further), watch };
  }
}
