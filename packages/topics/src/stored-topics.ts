import type { TopicLoad } from './index-topics.ts';
import { grown } from './number-set.ts';
import { parsePlainTerm, parseQuery } from './query-parser.ts';
import { reachOf, type TermWatch, type WatchFinder } from './reach.ts';
import { ByteNumbers } from './text-numbers.ts';
import type { TopicProfile } from './topic-profile.ts';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const OR = ENCODER.encode(' OR ');
const LINE_END = 10;

/**
 * Reads topics, their queries in their normal form, into an index. Most are alternatives and nothing else, and a million
 * of them share some hundred thousand terms: each of those is parsed, cut into words and looked up once, and a topic
 * then costs a look at each of its terms.
 */
export class StoredTopics<Id extends string> {
  readonly #load: TopicLoad<Id>;
  readonly #finder: WatchFinder;
  readonly #pieces = new ByteNumbers();
  /** How many of them were looked at. */
  #known = 0;
  /** By the number of a piece: that of a term that leads to topics by itself alone, plus one; 0 for any other. */
  #alone = new Int32Array(64);
  /** Those other pieces: what they lead by; null for what is more than one plain term. */
  readonly #others = new Map<number, readonly number[] | null>();
  /** Of pieces that a topic reaches by: these are few, and to keep it of all would be most of what is kept. */
  readonly #watches = new Map<number, TermWatch>();
  /** The queries at hand in UTF-8, and where the next begins: of a text, its bytes are looked at in less time than its characters. */
  #bytes = new Uint8Array(64);
  #at = 0;
  /** What leads to the topic at hand, and how much of it. */
  #numbers = new Int32Array(64);
  #length = 0;

  constructor(load: TopicLoad<Id>, finder: WatchFinder) {
    this.#load = load;
    this.#finder = finder;
  }

  /** Takes up queries, each ended by a line's end, for `addNext`. */
  open(queries: string): void {
    // No character takes more bytes than three.
    this.#bytes = grown(this.#bytes, 3 * queries.length + OR.length);
    const { written } = ENCODER.encodeInto(queries, this.#bytes);
    this.#bytes[written] = LINE_END;
    this.#at = 0;
  }

  /** Adds a topic with the next query. Whether it can be read; the topic is left out where not. */
  addNext(id: Id, profile?: TopicProfile): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    this.#length = 0;
    let isPlain = true;
    const watches: TermWatch[] | undefined = profile && [];
    for (let from = start; ; from = this.#at + OR.length) {
      this.#at = endOfPiece(bytes, from);
      if (isPlain) isPlain = this.#leadByPiece(from, this.#at, watches);
      if (bytes[this.#at] === LINE_END) break;
    }
    const end = this.#at++;
    if (!isPlain) return this.#addParsed(id, this.#textOf(start, end), profile);
    const reach = watches && reachOf(watches, profile);
    this.#load.addAlternatives(id, this.#numbers, this.#length, reach);
    return true;
  }

  /** Adds a topic by itself. */
  add(id: Id, query: string, profile?: TopicProfile): boolean {
    this.open(query.replaceAll('\n', ' '));
    return this.addNext(id, profile);
  }

  /** Whether this piece of a query is one plain term. */
  #leadByPiece(from: number, to: number, watches: TermWatch[] | undefined): boolean {
    const piece = this.#pieceOf(from, to);
    const alone = this.#alone[piece] ?? 0;
    if (alone > 0) this.#leadBy(alone - 1);
    else {
      const numbers = this.#others.get(piece);
      if (!numbers) return false;
      for (const number of numbers) this.#leadBy(number);
    }
    watches?.push(this.#watchOf(piece, from, to));
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

  #pieceOf(start: number, end: number): number {
    const piece = this.#pieces.numberOf(this.#bytes, start, end);
    if (piece < this.#known) return piece;
    this.#known++;
    this.#alone = grown(this.#alone, this.#known);
    const term = parsePlainTerm(this.#textOf(start, end));
    const numbers = term && this.#load.termOf(term, this.#finder.watchOfCompiled(term).further);
    const [only] = numbers ?? [];
    if (only !== undefined && numbers?.length === 1) this.#alone[piece] = only + 1;
    else this.#others.set(piece, numbers ?? null);
    return piece;
  }

  #watchOf(piece: number, start: number, end: number): TermWatch {
    const known = this.#watches.get(piece);
    if (known !== undefined) return known;
    const term = parsePlainTerm(this.#textOf(start, end));
    if (term === undefined) throw new Error('a term was read once, and now it is none');
    const watch = this.#finder.watchOfCompiled(term);
    this.#watches.set(piece, watch);
    return watch;
  }

  #textOf(start: number, end: number): string {
    return DECODER.decode(this.#bytes.subarray(start, end));
  }
}

/** Where the next ` OR ` begins, or the line's end. */
function endOfPiece(bytes: Uint8Array, start: number): number {
  for (let at = start; ; at++) {
    const byte = bytes[at];
    if (byte === LINE_END) return at;
    if (
      byte === OR[0] &&
      bytes[at + 1] === OR[1] &&
      bytes[at + 2] === OR[2] &&
      bytes[at + 3] === OR[3]
    )
      return at;
  }
}
