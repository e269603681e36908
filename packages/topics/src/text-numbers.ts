import { grown } from './number-set.ts';

/**
 * Small numbers for stretches of texts: the same one for equal ones, counted from 0, without cutting any of them out as a
 * string for a `Map`. `ByteNumbers` is the same for UTF-8: a class by itself, as a loop over both kinds is slow for either.
 */
export class TextNumbers {
  #table: Int32Array = new Int32Array(FIELDS * 64);
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
    const from = this.#end;
    this.#end += end - start;
    this.#codes = grown(this.#codes, this.#end);
    for (let at = start; at < end; at++) this.#codes[from + at - start] = text.charCodeAt(at);
    this.#table = withEntry(this.#table, [++this.#size, hash, from, this.#end]);
    return this.#size - 1;
  }
}

/**
 * A million topics name their terms two million times, and to cut each of them out as a string took a third of a worker's
 * start; to look at each of its characters twice took a fifth more than at its bytes.
 */
export class ByteNumbers {
  #table: Int32Array = new Int32Array(FIELDS * 64);
  #codes = new Uint8Array(1_024);
  #end = 0;
  #size = 0;

  /** The number of `bytes.subarray(start, end)`. */
  numberOf(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOfBytes(bytes, start, end);
    const table = this.#table;
    let at = placeOf(hash, table);
    for (let entry = table[at] ?? 0; entry !== 0; entry = table[at] ?? 0) {
      if (table[at + 1] === hash && this.#isAt(at, bytes, start, end)) return entry - 1;
      at = (at + FIELDS) & (table.length - 1);
    }
    return this.#add(bytes, start, end, hash);
  }

  #isAt(place: number, bytes: Uint8Array, start: number, end: number): boolean {
    const [codes, from, to] = [this.#codes, this.#table[place + 2] ?? 0, this.#table[place + 3]];
    if (to !== from + end - start) return false;
    for (let at = start; at < end; at++) if (bytes[at] !== codes[from + at - start]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const from = this.#end;
    this.#end += end - start;
    this.#codes = grown(this.#codes, this.#end);
    this.#codes.set(bytes.subarray(start, end), from);
    this.#table = withEntry(this.#table, [++this.#size, hash, from, this.#end]);
    return this.#size - 1;
  }
}

/**
 * Of an entry: its number plus one (0 is empty), its hash, and where its codes begin and end. Together, as to wait for
 * memory is most of what a look costs.
 */
const FIELDS = 4;

/** Where a hash leads to; its entry is there or soon after. */
function placeOf(hash: number, table: Int32Array): number {
  return (FIELDS * hash) & (table.length - 1);
}

/** The table itself, or a larger one where it would be more than half full. */
function withEntry(
  table: Int32Array,
  entry: readonly [number, number, number, number],
): Int32Array {
  let roomy = table;
  if (2 * FIELDS * entry[0] > table.length) {
    roomy = new Int32Array(4 * table.length);
    for (let at = 0; at < table.length; at += FIELDS)
      if (table[at] !== 0) put(roomy, table.subarray(at, at + FIELDS));
  }
  put(roomy, entry);
  return roomy;
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

/** The same over bytes. */
function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = -2128831035;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 16777619);
  return hash ^ (hash >>> 15);
}
