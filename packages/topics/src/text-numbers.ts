import { grown } from './number-set.ts';

/**
 * Small numbers for stretches of texts: the same one for equal ones, counted from 0. A million topics name their terms two
 * million times, and to cut each of them out as a string for a `Map` took a third of a worker's start.
 */
export class TextNumbers {
  /**
   * Where a text's hash leads to or soon after: its number plus one (0 is empty), its hash, and where its characters begin
   * and end in `#codes`. Together, as to wait for memory is most of what a look costs.
   */
  #table = new Int32Array(FIELDS * 64);
  #codes = new Uint16Array(1_024);
  #end = 0;
  #size = 0;

  /** The number of `text.slice(start, end)`. */
  numberOf(text: string, start: number, end: number): number {
    const hash = hashOf(text, start, end);
    const table = this.#table;
    let at = placeOf(hash, table);
    for (let entry = table[at] ?? 0; entry !== 0; entry = table[at] ?? 0) {
      if (table[at + 1] === hash && this.#isAt(at, text, start, end)) return entry - 1;
      at = (at + FIELDS) & (table.length - 1);
    }
    return this.#add(text, start, end, hash);
  }

  #isAt(place: number, text: string, start: number, end: number): boolean {
    const [codes, from, to] = [this.#codes, this.#table[place + 2] ?? 0, this.#table[place + 3]];
    if (to !== from + end - start) return false;
    for (let at = start; at < end; at++)
      if (text.charCodeAt(at) !== codes[from + at - start]) return false;
    return true;
  }

  #add(text: string, start: number, end: number, hash: number): number {
    if (2 * FIELDS * ++this.#size > this.#table.length) this.#rehash();
    const from = this.#end;
    this.#end += end - start;
    this.#codes = grown(this.#codes, this.#end);
    for (let at = start; at < end; at++) this.#codes[from + at - start] = text.charCodeAt(at);
    put(this.#table, [this.#size, hash, from, this.#end]);
    return this.#size - 1;
  }

  #rehash(): void {
    const larger = new Int32Array(4 * this.#table.length);
    for (let at = 0; at < this.#table.length; at += FIELDS)
      if (this.#table[at] !== 0) put(larger, this.#table.subarray(at, at + FIELDS));
    this.#table = larger;
  }
}

const FIELDS = 4;

function placeOf(hash: number, table: Int32Array): number {
  return (FIELDS * hash) & (table.length - 1);
}

function put(table: Int32Array, fields: ArrayLike<number>): void {
  let at = placeOf(fields[1] ?? 0, table);
  while (table[at] !== 0) at = (at + FIELDS) & (table.length - 1);
  table.set(fields, at);
}

/** FNV-1a over the code units, its high bits mixed into the low ones. */
export function hashOf(text: string, start: number, end: number): number {
  let hash = -2128831035;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return hash ^ (hash >>> 15);
}
