import type { Unit } from './compile.ts';
import { fieldOfUnit, type WorkMeter } from './find-unit.ts';
import { grown } from './number-set.ts';
import type { TokenizedPaper } from './paper-tokens.ts';
import { PostingLists } from './posting-lists.ts';

/**
 * Units by number, filed under one stem each, so that a paper's stems point at the few that it may hold. A unit
 * goes under the stem that the fewest units share; with two spellings it is filed once for each. Stems are numbers
 * too: a unit takes some twenty bytes beside its key, and most candidates are refused without a look at the text.
 */
export class UnitIndex {
  readonly #numbers = new Map<string, number>();
  /** Numbers of forgotten units, to be given again. */
  #free: number[] = [];
  #end = 0;
  /** By unit: where its spellings begin in `#spelt`. Each is its length and its stems; a length of 0 ends them. */
  #starts = new Int32Array(64);
  #spelt = new Int32Array(256);
  #speltEnd = 0;
  readonly #stems = new Map<string, number>();
  readonly #stemTexts: string[] = [];
  /** By stem: how many units share it. */
  #sharing = new Int32Array(64);
  /** By stem: whether the paper at hand holds it. */
  #isHeld = new Uint8Array(64);
  /** By stem. */
  readonly #filed = new PostingLists();
  #unfiled: number[] = [];
  /** By unit: where the paper at hand holds it. */
  #fields = new Uint8Array(64);
  #found: number[] = [];

  /** How many units there are. */
  get size(): number {
    return this.#numbers.size;
  }

  /** All numbers are below this. */
  get end(): number {
    return this.#end;
  }

  /** The number of a unit; the same for equal ones. A new one is found once it is filed. */
  add({ key, spellings }: Unit): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#free.pop() ?? this.#end++;
    this.#numbers.set(key, number);
    this.#starts = grown(this.#starts, number + 1);
    this.#fields = grown(this.#fields, number + 1);
    this.#starts[number] = this.#speltEnd;
    for (const stems of spellings) {
      if (stems.length === 0) continue;
      this.#spell(stems.length);
      for (const stem of stems) this.#spell(this.#stemOf(stem));
    }
    this.#spell(0);
    this.#share(number, 1);
    this.#unfiled.push(number);
    return number;
  }

  /** Makes every added unit findable. Of many added together it is then known which stems are rare. */
  file(): void {
    for (const unit of this.#unfiled)
      for (const stem of this.#anchorsOf(unit)) this.#filed.add(stem, unit);
    this.#unfiled = [];
    if (this.#filed.isPackingDue) this.#filed.pack();
  }

  /** The most that `ofStems` says of one of a unit's spellings; 0 for a unit that was forgotten. */
  most(unit: number, ofStems: (stems: readonly string[]) => number): number {
    const spelt = this.#spelt;
    let most = 0;
    let at = this.#starts[unit] ?? 0;
    for (let length = spelt[at] ?? 0; length > 0; length = spelt[at] ?? 0) {
      most = Math.max(most, ofStems(this.#textsOf(at + 1, at + 1 + length)));
      at += 1 + length;
    }
    return most;
  }

  /** Forgets every unit that is not in use; others keep their numbers. Costs as much as all units. */
  forget(isInUse: (unit: number) => boolean): void {
    this.file();
    const gone = new Set<number>();
    for (const [key, unit] of this.#numbers) {
      if (isInUse(unit)) continue;
      this.#numbers.delete(key);
      this.#share(unit, -1);
      this.#starts[unit] = UNSPELT;
      gone.add(unit);
    }
    this.#filed.pack((unit) => gone.has(unit));
    this.#free.push(...gone);
    if (gone.size > 0) this.#sweepSpelt();
  }

  /** The units that a paper holds, each once; `isInTitle` tells where until the next paper. */
  find(paper: TokenizedPaper, meter: WorkMeter): readonly number[] {
    for (const unit of this.#found) this.#fields[unit] = NOWHERE;
    const found: number[] = [];
    const held: number[] = [];
    for (const stem of paper.byStem.keys()) {
      const number = this.#stems.get(stem);
      if (number === undefined) continue;
      held.push(number);
      this.#isHeld[number] = 1;
    }
    const look = (unit: number) => {
      if (this.#fields[unit] !== NOWHERE) return;
      meter.units++;
      const spellings = this.#spellingsHeld(unit);
      if (spellings.length === 0) return;
      const field = fieldOfUnit({ key: '', spellings }, paper, meter);
      if (field === undefined) return;
      this.#fields[unit] = field === 'title' ? IN_TITLE : IN_ABSTRACT;
      found.push(unit);
    };
    for (const stem of held) this.#filed.each(stem, look);
    for (const stem of held) this.#isHeld[stem] = 0;
    this.#found = found;
    return found;
  }

  /** Whether the paper that was looked at last holds a unit. */
  isFound(unit: number): boolean {
    return this.#fields[unit] !== NOWHERE;
  }

  isInTitle(unit: number): boolean {
    return this.#fields[unit] === IN_TITLE;
  }

  /** How many stems are in a row. */
  lengthOf(unit: number): number {
    return this.#spelt[this.#starts[unit] ?? 0] ?? 0;
  }

  /** The spellings of which the paper at hand holds all stems, wherever they stand. */
  #spellingsHeld(unit: number): string[][] {
    const [spelt, isHeld] = [this.#spelt, this.#isHeld];
    const spellings: string[][] = [];
    let at = this.#starts[unit] ?? 0;
    for (let length = spelt[at] ?? 0; length > 0; length = spelt[at] ?? 0) {
      const end = at + 1 + length;
      let isWhole = true;
      for (let stem = at + 1; stem < end && isWhole; stem++)
        isWhole = isHeld[spelt[stem] ?? 0] === 1;
      if (isWhole) spellings.push(this.#textsOf(at + 1, end));
      at = end;
    }
    return spellings;
  }

  #textsOf(start: number, end: number): string[] {
    return Array.from(this.#spelt.subarray(start, end), (stem) => this.#stemTexts[stem] ?? '');
  }

  /** The rarest stem of each spelling, each once. */
  #anchorsOf(unit: number): number[] {
    const [spelt, sharing] = [this.#spelt, this.#sharing];
    const anchors: number[] = [];
    let at = this.#starts[unit] ?? 0;
    for (let length = spelt[at] ?? 0; length > 0; length = spelt[at] ?? 0) {
      let rarest = spelt[at + 1] ?? 0;
      for (let place = at + 2; place <= at + length; place++) {
        const stem = spelt[place] ?? 0;
        if ((sharing[stem] ?? 0) < (sharing[rarest] ?? 0)) rarest = stem;
      }
      if (!anchors.includes(rarest)) anchors.push(rarest);
      at += 1 + length;
    }
    return anchors;
  }

  /** Counts a unit's stems, or takes them out of the count. */
  #share(unit: number, by: 1 | -1): void {
    const [spelt, sharing] = [this.#spelt, this.#sharing];
    let at = this.#starts[unit] ?? 0;
    for (let length = spelt[at] ?? 0; length > 0; length = spelt[at] ?? 0) {
      for (let place = at + 1; place <= at + length; place++) {
        const stem = spelt[place] ?? 0;
        sharing[stem] = (sharing[stem] ?? 0) + by;
      }
      at += 1 + length;
    }
  }

  #stemOf(text: string): number {
    const known = this.#stems.get(text);
    if (known !== undefined) return known;
    const stem = this.#stemTexts.length;
    this.#stems.set(text, stem);
    this.#stemTexts.push(text);
    this.#sharing = grown(this.#sharing, stem + 1);
    this.#isHeld = grown(this.#isHeld, stem + 1);
    return stem;
  }

  #spell(number: number): void {
    this.#spelt = grown(this.#spelt, this.#speltEnd + 1);
    this.#spelt[this.#speltEnd++] = number;
  }

  /** Leaves out what forgotten units were spelt with. */
  #sweepSpelt(): void {
    const [old, starts] = [this.#spelt, this.#starts];
    this.#spelt = new Int32Array(this.#speltEnd);
    this.#speltEnd = 0;
    for (const unit of this.#numbers.values()) {
      let at = starts[unit] ?? 0;
      starts[unit] = this.#speltEnd;
      for (let length = old[at] ?? 0; length > 0; length = old[at] ?? 0) {
        this.#spelt.set(old.subarray(at, at + 1 + length), this.#speltEnd);
        this.#speltEnd += 1 + length;
        at += 1 + length;
      }
      this.#speltEnd++;
    }
  }
}

/** Where a unit begins that is spelt no more: before all that are. */
const UNSPELT = -1;

/** Where a paper holds a unit: the title where both fields do. */
const [NOWHERE, IN_ABSTRACT, IN_TITLE] = [0, 1, 2];
