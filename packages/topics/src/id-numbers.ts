import { hashOf } from './text-numbers.ts';

/**
 * Small numbers for ids. The table of a million of them takes 16 MB, and is filled in less time than a `Map` takes to say
 * that it does not know them. A number is given without a look at it: a million that come together are put into it
 * together, when it is known how large it must be.
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
  /** Numbers below this are in the table. */
  #filed = 0;

  /** How many ids have a number; those that were given since `file` are not counted. */
  get size(): number {
    return this.#size;
  }

  /** All numbers were below this. */
  get end(): number {
    return this.#ids.length;
  }

  numberOf(id: Id): number | undefined {
    const place = this.#find(id, hashOf(id, 0, id.length));
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

  /** A number for an id: the lowest that nobody had yet. It is known by it once that is filed. */
  give(id: Id): number {
    return this.#ids.push(id) - 1;
  }

  /** Makes numbers known that were given since. An id that had another has the newer one, and `replaced` is told the other. */
  file(replaced: (number: number) => void): void {
    this.#makeRoom(this.#ids.length - this.#filed);
    for (; this.#filed < this.#ids.length; this.#filed++) {
      const id = this.#ids[this.#filed];
      if (id === undefined) continue;
      const hash = hashOf(id, 0, id.length);
      const place = this.#find(id, hash);
      if (place === undefined) {
        this.#put(this.#filed, hash);
        this.#used++;
        this.#size++;
        continue;
      }
      const before = (this.#table[place] ?? 0) - 1;
      this.#table[place] = this.#filed + 1;
      this.#ids[before] = undefined;
      replaced(before);
    }
  }

  /** Takes an id's number from it; nobody else is given it before `renumber`. */
  giveUp(id: Id): number | undefined {
    const place = this.#find(id, hashOf(id, 0, id.length));
    if (place === undefined) return undefined;
    const number = (this.#table[place] ?? 0) - 1;
    this.#table[place] = REMOVED;
    this.#ids[number] = undefined;
    this.#size--;
    return number;
  }

  /** Gives every id that has a number another one by it, where all are filed; all of those are below `end`. */
  renumber(numbers: Int32Array, end: number): void {
    const ids = new Array<Id | undefined>(end);
    for (const [number, id] of this.#ids.entries())
      if (id !== undefined) ids[numbers[number] ?? 0] = id;
    this.#ids = ids;
    this.#filed = ids.length;
    const table = this.#table;
    for (let place = 0; place < table.length; place += 2) {
      const entry = table[place] ?? 0;
      if (entry !== 0 && entry !== REMOVED) table[place] = (numbers[entry - 1] ?? 0) + 1;
    }
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

  /** For so many ids more: half of the table's places are in use at most. What was removed is left out of a larger one. */
  #makeRoom(more: number): void {
    if (4 * (this.#used + more) <= this.#table.length) return;
    const table = this.#table;
    const places = Math.max(64, 4 * this.#size, 2 * (this.#size + more));
    this.#table = new Int32Array(2 * 2 ** Math.ceil(Math.log2(places)));
    this.#used = 0;
    for (let place = 0; place < table.length; place += 2) {
      const entry = table[place] ?? 0;
      if (entry === 0 || entry === REMOVED) continue;
      this.#put(entry - 1, table[place + 1] ?? 0);
      this.#used++;
    }
  }
}

const REMOVED = -1;
