import { grown } from './number-set.ts';

/**
 * Small numbers for stretches of texts: the same one for equal ones, counted from 0. A million topics name their terms two
 * million times, and to cut each of them out as a string for a `Map` took a third of a worker's start.
 */
export class TextNumbers {
  /** Numbers plus one, where a text's hash leads to or soon after; 0 is empty. */
  #table = new Int32Array(64);
  /** By number: its hash, where its characters begin in `#codes`, and at last where the last one's end. */
  #hashes = new Int32Array(64);
  #starts = new Int32Array(64);
  #codes = new Uint16Array(1_024);
  #size = 0;

  /** The number of `text.slice(start, end)`. */
  numberOf(text: string, start: number, end: number): number {
    const hash = hashOf(text, start, end);
    const mask = this.#table.length - 1;
    let place = hash & mask;
    for (let entry = this.#table[place] ?? 0; entry !== 0; entry = this.#table[place] ?? 0) {
      if (this.#hashes[entry - 1] === hash && this.#isAt(entry - 1, text, start, end))
        return entry - 1;
      place = (place + 1) & mask;
    }
    return this.#add(text, start, end, hash);
  }

  #isAt(number: number, text: string, start: number, end: number): boolean {
    const [codes, from] = [this.#codes, this.#starts[number] ?? 0];
    if ((this.#starts[number + 1] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at++)
      if (text.charCodeAt(at) !== codes[from + at - start]) return false;
    return true;
  }

  #add(text: string, start: number, end: number, hash: number): number {
    const number = this.#size++;
    this.#hashes = grown(this.#hashes, number + 1);
    this.#starts = grown(this.#starts, number + 2);
    const from = this.#starts[number] ?? 0;
    this.#codes = grown(this.#codes, from + end - start);
    for (let at = start; at < end; at++) this.#codes[from + at - start] = text.charCodeAt(at);
    this.#starts[number + 1] = from + end - start;
    this.#hashes[number] = hash;
    if (2 * this.#size > this.#table.length) this.#rehash();
    else this.#put(number);
    return number;
  }

  #put(number: number): void {
    const mask = this.#table.length - 1;
    let place = (this.#hashes[number] ?? 0) & mask;
    while (this.#table[place] !== 0) place = (place + 1) & mask;
    this.#table[place] = number + 1;
  }

  #rehash(): void {
    this.#table = new Int32Array(4 * this.#table.length);
    for (let number = 0; number < this.#size; number++) this.#put(number);
  }
}

/** FNV-1a over the code units, its high bits mixed into the low ones. */
export function hashOf(text: string, start: number, end: number): number {
  let hash = -2128831035;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return hash ^ (hash >>> 15);
}
