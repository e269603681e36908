import { hashOf } from './text-numbers.ts';

/**
 * Small numbers for ids. The table of a million of them takes 16 MB, and is filled in less time than a `Map` takes to say
 * that it does not know them.
 */
export class IdNumbers<Id extends string> {
  #ids: (Id | undefined)[] = [];
  #size = 0;
  /**
   * Where an id's hash leads to or soon after: its number plus one (0 is empty, `REMOVED` was full once), and the hash, so
   * that nearly all other ids are told apart without a look at them.
   */
  #table = new Int32Array(2 * 64);
  #used = 0;
  #hashed: { readonly id: Id | undefined; readonly hash: number } = { id: undefined, hash: 0 };

  /** How many ids have a number. */
  get size(): number {
    return this.#size;
  }

  /** All numbers were below this. */
  get end(): number {
    return this.#ids.length;
  }

  numberOf(id: Id): number | undefined {
    const place = this.#find(id, this.#hashOf(id));
    return place === undefined ? undefined : (this.#table[place] ?? 0) - 1;
  }

  /** Undefined where it was given up. */
  idOf(number: number): Id | undefined {
    return this.#ids[number];
  }

  /** The ids by number, for those who ask for very many. */
  get ids(): readonly (Id | undefined)[] {
    return this.#ids;
  }

  /** A number for an id that has none: the lowest that nobody had yet. */
  give(id: Id): number {
    const number = this.#ids.length;
    this.#ids.push(id);
    this.#size++;
    if (4 * ++this.#used > this.#table.length) this.#rehash();
    this.#put(number, this.#hashOf(id));
    return number;
  }

  /** Takes an id's number from it; nobody else is given it before `renumber`. */
  giveUp(id: Id): number | undefined {
    const place = this.#find(id, this.#hashOf(id));
    if (place === undefined) return undefined;
    const number = (this.#table[place] ?? 0) - 1;
    this.#table[place] = REMOVED;
    this.#ids[number] = undefined;
    this.#size--;
    return number;
  }

  /** Gives every id that has a number another one by it; all of those are below `size`. */
  renumber(numbers: Int32Array): void {
    const ids = new Array<Id | undefined>(this.#size);
    for (const [number, id] of this.#ids.entries())
      if (id !== undefined) ids[numbers[number] ?? 0] = id;
    this.#ids = ids;
    const table = this.#table;
    for (let place = 0; place < table.length; place += 2) {
      const entry = table[place] ?? 0;
      if (entry !== 0 && entry !== REMOVED) table[place] = (numbers[entry - 1] ?? 0) + 1;
    }
  }

  #hashOf(id: Id): number {
    // Whoever gives an id a number has asked for it before.
    if (id !== this.#hashed.id) this.#hashed = { id, hash: hashOf(id, 0, id.length) };
    return this.#hashed.hash;
  }

  #find(id: Id, hash: number): number | undefined {
    const [table, mask] = [this.#table, this.#table.length - 1];
    for (let place = (2 * hash) & mask; table[place] !== 0; place = (place + 2) & mask) {
      const entry = table[place] ?? 0;
      if (entry !== REMOVED && table[place + 1] === hash && this.#ids[entry - 1] === id)
        return place;
    }
    return undefined;
  }

  #put(number: number, hash: number): void {
    const [table, mask] = [this.#table, this.#table.length - 1];
    let place = (2 * hash) & mask;
    while (table[place] !== 0) place = (place + 2) & mask;
    table[place] = number + 1;
    table[place + 1] = hash;
  }

  /** Into a table with room for as many again, without what was removed. */
  #rehash(): void {
    const table = this.#table;
    this.#table = new Int32Array(2 * Math.max(64, 2 ** Math.ceil(Math.log2(4 * this.#size))));
    this.#used = 1;
    for (let place = 0; place < table.length; place += 2) {
      const entry = table[place] ?? 0;
      if (entry === 0 || entry === REMOVED) continue;
      this.#put(entry - 1, table[place + 1] ?? 0);
      this.#used++;
    }
  }
}

const REMOVED = -1;
