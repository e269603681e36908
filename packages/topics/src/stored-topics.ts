import type { TopicLoad } from './index-topics.ts';
import { grown } from './number-set.ts';
import { parsePlainTerm, parseQuery } from './query-parser.ts';
import { reachOf, type TermWatch, type WatchFinder } from './reach.ts';
import { TextNumbers } from './text-numbers.ts';
import type { TopicProfile } from './topic-profile.ts';

const OR = ' OR ';

/**
 * Reads topics, their queries in their normal form, into an index. Most are alternatives and nothing else, and a million
 * of them share some hundred thousand terms: each of those is parsed, cut into words and looked up once, and a topic
 * then costs a look at each of its terms.
 */
export class StoredTopics<Id extends string> {
  readonly #load: TopicLoad<Id>;
  readonly #finder: WatchFinder;
  readonly #pieces = new TextNumbers();
  /** How many of them were looked at. */
  #known = 0;
  /** By the number of a piece: that of a term that leads to topics by itself alone, plus one; 0 for any other. */
  #alone = new Int32Array(64);
  /** Those other pieces: what they lead by; null for what is more than one plain term. */
  readonly #others = new Map<number, readonly number[] | null>();
  /** Of pieces that a topic reaches by: these are few, and to keep it of all would be most of what is kept. */
  readonly #watches = new Map<number, TermWatch>();
  /** What leads to the topic at hand, and how much of it. */
  #numbers = new Int32Array(64);
  #length = 0;

  constructor(load: TopicLoad<Id>, finder: WatchFinder) {
    this.#load = load;
    this.#finder = finder;
  }

  /**
   * Adds the topic whose query stands in a text from `start` to `end`, so that nobody need cut it out. Whether it can be
   * read; the topic is left out where not.
   */
  add(id: Id, text: string, profile?: TopicProfile, start = 0, end = text.length): boolean {
    this.#length = 0;
    const watches: TermWatch[] | undefined = profile && [];
    for (let from = start; from <= end; ) {
      const to = endOfPiece(text, from, end);
      const piece = this.#pieceOf(text, from, to);
      const alone = this.#alone[piece] ?? 0;
      const numbers = alone > 0 ? undefined : this.#others.get(piece);
      if (numbers === null) return this.#addParsed(id, text.slice(start, end), profile);
      if (numbers === undefined) this.#leadBy(alone - 1);
      else for (const number of numbers) this.#leadBy(number);
      watches?.push(this.#watchOf(piece, text, from, to));
      from = to + OR.length;
    }
    const reach = watches && reachOf(watches, profile);
    this.#load.addAlternatives(id, this.#numbers, this.#length, reach);
    return true;
  }

  #leadBy(number: number): void {
    for (let at = 0; at < this.#length; at++) if (this.#numbers[at] === number) return;
    this.#numbers = grown(this.#numbers, this.#length + 1);
    this.#numbers[this.#length++] = number;
  }

  #addParsed(id: Id, query: string, profile?: TopicProfile): boolean {
    const parsed = parseQuery(query);
    if (parsed.ok)
      this.#load.add({ id, query: parsed.query, ...this.#finder.watchOf(parsed.query, profile) });
    return parsed.ok;
  }

  #pieceOf(text: string, start: number, end: number): number {
    const piece = this.#pieces.numberOf(text, start, end);
    if (piece < this.#known) return piece;
    this.#known++;
    this.#alone = grown(this.#alone, this.#known);
    const term = parsePlainTerm(text.slice(start, end));
    const numbers = term && this.#load.termOf(term, this.#finder.watchOfCompiled(term).further);
    const [only] = numbers ?? [];
    if (only !== undefined && numbers?.length === 1) this.#alone[piece] = only + 1;
    else this.#others.set(piece, numbers ?? null);
    return piece;
  }

  #watchOf(piece: number, text: string, start: number, end: number): TermWatch {
    const known = this.#watches.get(piece);
    if (known !== undefined) return known;
    const term = parsePlainTerm(text.slice(start, end));
    if (term === undefined) throw new Error('a term was read once, and now it is none');
    const watch = this.#finder.watchOfCompiled(term);
    this.#watches.set(piece, watch);
    return watch;
  }
}

/** Where the next ` OR ` begins, or the end. Looked for no further, as what follows are the queries of other topics. */
function endOfPiece(text: string, start: number, end: number): number {
  for (let at = start; at + OR.length <= end; at++)
    if (text.charCodeAt(at) === BLANK && text.startsWith(OR, at)) return at;
  return end;
}

const BLANK = 32;
