import type { Unit } from './compile.ts';

/**
 * Units filed under one stem each, so that a paper's stems point at the few that it may hold. A unit
 * goes under the stem that the fewest units share; with two spellings it is filed once for each.
 */
export class UnitIndex<U extends Unit> {
  readonly #filed = new Map<string, U[]>();
  readonly #sharing = new Map<string, number>();
  readonly #waiting = new Set<U>();

  /** Counts a unit's stems. It is filed with all that wait, so that a first load knows which stems are rare. */
  add(unit: U): void {
    for (const stem of stemsOf(unit)) this.#sharing.set(stem, (this.#sharing.get(stem) ?? 0) + 1);
    this.#waiting.add(unit);
  }

  /** Makes every added unit findable. */
  fileWaiting(): void {
    for (const unit of this.#waiting) {
      for (const stem of this.#anchorsOf(unit)) {
        const list = this.#filed.get(stem);
        if (list === undefined) this.#filed.set(stem, [unit]);
        else list.push(unit);
      }
    }
    this.#waiting.clear();
  }

  /** Takes a unit out again; where it was filed depends on what came before it, so each of its stems is asked. */
  remove(unit: U): void {
    this.#waiting.delete(unit);
    for (const stem of stemsOf(unit)) {
      const share = (this.#sharing.get(stem) ?? 1) - 1;
      if (share === 0) this.#sharing.delete(stem);
      else this.#sharing.set(stem, share);
      const list = this.#filed.get(stem);
      const at = list?.indexOf(unit) ?? -1;
      if (list === undefined || at < 0) continue;
      if (list.length === 1) this.#filed.delete(stem);
      else list.splice(at, 1);
    }
  }

  /** The units filed under a stem: a paper can only hold those that its stems lead to. */
  under(stem: string): readonly U[] {
    return this.#filed.get(stem) ?? NO_UNITS;
  }

  #anchorsOf(unit: U): Set<string> {
    const anchors = new Set<string>();
    for (const stems of unit.spellings) {
      let rarest = stems[0] ?? '';
      for (const stem of stems) {
        if ((this.#sharing.get(stem) ?? 0) < (this.#sharing.get(rarest) ?? 0)) rarest = stem;
      }
      anchors.add(rarest);
    }
    return anchors;
  }
}

const NO_UNITS: readonly never[] = [];

function stemsOf(unit: Unit): Set<string> {
  return new Set(unit.spellings.flat());
}
