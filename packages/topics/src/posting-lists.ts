import { grown, type NumberSet } from './number-set.ts';

/**
 * Lists of members, all of them numbers: those of an index of words. They lie one after another in one array; what was
 * added since they were packed is a chain of its own for each list. So a member takes 4 bytes, or 8 with a weight, and
 * an addition is there at once.
 */
export class PostingLists {
  /** Where each packed list begins, and at last where the last one ends. */
  #starts = new Int32Array(1);
  #members = new Int32Array();
  #weights = new Float32Array();
  /** By list: the place of its newest unpacked member, plus one. */
  #newest = new Int32Array();
  /** By list: how many members it has, packed or not. */
  #counts = new Int32Array();
  #lists = 0;
  #added = noneAdded();
  #unpacked = 0;
  readonly #isWeighted: boolean;

  constructor({ isWeighted = false } = {}) {
    this.#isWeighted = isWeighted;
  }

  /** Whether so much was added that to pack it all costs little for each addition. */
  get isPackingDue(): boolean {
    return this.#unpacked > LEAST_TO_PACK + this.#members.length / 4;
  }

  /** How long a list is; members that are gone count until it is packed. */
  lengthOf(list: number): number {
    return this.#counts[list] ?? 0;
  }

  add(list: number, member: number, weight = 0): void {
    const place = this.#unpacked++;
    if (place >= this.#added.members.length) this.#makeRoom(place + 1);
    if (list >= this.#lists) this.#makeLists(list + 1);
    const { lists, members, before, weights } = this.#added;
    lists[place] = list;
    members[place] = member;
    before[place] = this.#newest[list] ?? 0;
    if (this.#isWeighted) weights[place] = weight;
    this.#newest[list] = place + 1;
    this.#counts[list] = (this.#counts[list] ?? 0) + 1;
  }

  /** Puts the members of a list into a set. Gives how many there are. */
  gather(list: number, into: NumberSet): number {
    into.addAll(this.#members, this.#startOf(list), this.#startOf(list + 1));
    const { members, before } = this.#added;
    for (let at = this.#newest[list] ?? 0; at > 0; at = before[at - 1] ?? 0)
      into.add(members[at - 1] ?? 0);
    return this.lengthOf(list);
  }

  /** Calls `visit` with every member of a list. */
  each(list: number, visit: (member: number) => void): void {
    const end = this.#startOf(list + 1);
    for (let at = this.#startOf(list); at < end; at++) visit(this.#members[at] ?? 0);
    const { members, before } = this.#added;
    for (let at = this.#newest[list] ?? 0; at > 0; at = before[at - 1] ?? 0)
      visit(members[at - 1] ?? 0);
  }

  /** Adds to the sum of each member of a list its weight, `value` times. */
  addUp(list: number, value: number, sums: Float32Array): void {
    const end = this.#startOf(list + 1);
    const [packed, packedWeights] = [this.#members, this.#weights];
    for (let at = this.#startOf(list); at < end; at++) {
      const member = packed[at] ?? 0;
      sums[member] = (sums[member] ?? 0) + value * (packedWeights[at] ?? 0);
    }
    const { members, before, weights } = this.#added;
    for (let at = this.#newest[list] ?? 0; at > 0; at = before[at - 1] ?? 0) {
      const member = members[at - 1] ?? 0;
      sums[member] = (sums[member] ?? 0) + value * (weights[at - 1] ?? 0);
    }
  }

  /** Puts all members into one array again, without those that are gone. Costs as much as there are. */
  pack(isGone?: (member: number) => boolean): void {
    if (isGone !== undefined) this.#countKept(isGone);
    const starts = new Int32Array(this.#lists + 1);
    for (let list = 0; list < this.#lists; list++)
      starts[list + 1] = (starts[list] ?? 0) + (this.#counts[list] ?? 0);
    const length = starts[this.#lists] ?? 0;
    const members = new Int32Array(length);
    const weights = new Float32Array(this.#isWeighted ? length : 0);
    const ends = starts.slice();
    this.#eachPosting((list, member, weight) => {
      if (isGone?.(member)) return;
      const at = ends[list] ?? 0;
      ends[list] = at + 1;
      members[at] = member;
      if (this.#isWeighted) weights[at] = weight;
    });
    [this.#starts, this.#members, this.#weights] = [starts, members, weights];
    this.#newest.fill(0);
    [this.#added, this.#unpacked] = [noneAdded(), 0];
  }

  /** Gives the members other numbers, where all are packed. */
  renumber(numbers: Int32Array): void {
    const members = this.#members;
    for (let at = 0; at < members.length; at++) members[at] = numbers[members[at] ?? 0] ?? 0;
  }

  #countKept(isGone: (member: number) => boolean): void {
    const counts = this.#counts.fill(0);
    this.#eachPosting((list, member) => {
      if (!isGone(member)) counts[list] = (counts[list] ?? 0) + 1;
    });
  }

  /** Those of each list in the order in which they were added. */
  #eachPosting(visit: (list: number, member: number, weight: number) => void): void {
    const [packed, packedWeights, starts] = [this.#members, this.#weights, this.#starts];
    for (let list = 0; list + 1 < starts.length; list++) {
      const end = starts[list + 1] ?? 0;
      for (let at = starts[list] ?? 0; at < end; at++)
        visit(list, packed[at] ?? 0, packedWeights[at] ?? 0);
    }
    const { lists, members, weights } = this.#added;
    for (let at = 0; at < this.#unpacked; at++)
      visit(lists[at] ?? 0, members[at] ?? 0, weights[at] ?? 0);
  }

  /** Lists that came since have none packed: they begin and end where the last one ends. */
  #startOf(list: number): number {
    return this.#starts[Math.min(list, this.#starts.length - 1)] ?? 0;
  }

  #makeRoom(length: number): void {
    const { lists, members, before, weights } = this.#added;
    // Room is not spared, as it is given up when lists are packed, and what nobody wrote to is not in memory before.
    const room = Math.max(length, 4 * members.length);
    this.#added = {
      lists: grown(lists, room),
      members: grown(members, room),
      before: grown(before, room),
      weights: this.#isWeighted ? grown(weights, room) : weights,
    };
  }

  #makeLists(length: number): void {
    this.#lists = length;
    this.#newest = grown(this.#newest, length);
    this.#counts = grown(this.#counts, length);
  }
}

/** Members that may be unpacked in a small index. */
const LEAST_TO_PACK = 1_024;

/** Unpacked members in the order they came, each with the place of the one before in its list, plus one. */
function noneAdded() {
  return {
    lists: new Int32Array(),
    members: new Int32Array(),
    before: new Int32Array(),
    weights: new Float32Array(),
  };
}
