/**
 * Whole numbers from 0 on, each once, in the order in which they came. A million of them are a bit each, which stays in a
 * core's cache; made to be filled and emptied for every paper, so that nothing is allocated for what it holds.
 */
export class NumberSet {
  // Signed, as bits are worked on as such: a number above what fits would be boxed.
  #bits = new Int32Array(4);
  #numbers = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Begins with the numbers, in the order in which they came. */
  get numbers(): Int32Array {
    return this.#numbers;
  }

  /** Makes room for the numbers below `end`. */
  reserve(end: number): void {
    if (end > 32 * this.#bits.length) this.#bits = grown(this.#bits, Math.ceil(end / 32));
  }

  has(number: number): boolean {
    return ((this.#bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  add(number: number): void {
    if (this.has(number)) return;
    const word = number >>> 5;
    this.#bits[word] = (this.#bits[word] ?? 0) | (1 << (number & 31));
    this.#numbers = grown(this.#numbers, this.#length + 1);
    this.#numbers[this.#length++] = number;
  }

  /** Adds a stretch of an array. */
  addAll(from: Int32Array, start: number, end: number): void {
    this.#numbers = grown(this.#numbers, this.#length + end - start);
    const [bits, numbers] = [this.#bits, this.#numbers];
    let length = this.#length;
    for (let at = start; at < end; at++) {
      const number = from[at] ?? 0;
      const [word, bit] = [number >>> 5, 1 << (number & 31)];
      const before = bits[word] ?? 0;
      if ((before & bit) !== 0) continue;
      bits[word] = before | bit;
      numbers[length++] = number;
    }
    this.#length = length;
  }

  clear(): void {
    this.#bits.fill(0);
    this.#length = 0;
  }
}

type Numbers =
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** The array itself where it has room for `length`, else a copy with twice the room. */
export function grown<Kind extends Numbers>(array: Kind, length: number): Kind {
  return length <= array.length ? array : moved(array, Math.max(length, 2 * array.length));
}

function moved<Kind extends Numbers>(array: Kind, length: number): Kind {
  const Kind = array.constructor as new (length: number) => Kind;
  const larger = new Kind(length);
  larger.set(array);
  return larger;
}
