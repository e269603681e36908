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
  /**
   * By list, two numbers: the place of its newest unpacked member, plus one, and how many members it has, packed or not.
   * Side by side, as an addition needs both and mostly waits for them.
   */
  #heads = new Int32Array();
  #lists = 0;
  /** What is not packed, in the order in which it came, piece by piece: nothing is copied while they become more. */
  #added: Added[] = [];
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
    return this.#heads[2 * list + 1] ?? 0;
  }

  add(list: number, member: number, weight = 0): void {
    if (list >= this.#lists) this.#makeLists(list + 1);
    const place = this.#unpacked++;
    const at = FIELDS * (place & PIECE_MASK);
    let piece = this.#pieceOf(place);
    if (at >= piece.numbers.length) piece = this.#makeRoom(place);
    piece.numbers[at] = list;
    piece.numbers[at + 1] = member;
    piece.numbers[at + 2] = this.#heads[2 * list] ?? 0;
    if (this.#isWeighted) piece.weights[place & PIECE_MASK] = weight;
    this.#heads[2 * list] = place + 1;
    this.#heads[2 * list + 1] = (this.#heads[2 * list + 1] ?? 0) + 1;
  }

  /** Puts the members of a list into a set. Gives how many there are. */
  gather(list: number, into: NumberSet): number {
    into.addAll(this.#members, this.#startOf(list), this.#startOf(list + 1));
    if (this.#hasAdded(list)) this.#eachAdded(list, (member) => into.add(member));
    return this.lengthOf(list);
  }

  /** Calls `visit` with every member of a list. */
  each(list: number, visit: (member: number) => void): void {
    const end = this.#startOf(list + 1);
    for (let at = this.#startOf(list); at < end; at++) visit(this.#members[at] ?? 0);
    this.#eachAdded(list, visit);
  }

  /** Adds to the sum of each member of a list its weight, `value` times. */
  addUp(list: number, value: number, sums: Float32Array): void {
    const end = this.#startOf(list + 1);
    const [packed, packedWeights] = [this.#members, this.#weights];
    for (let at = this.#startOf(list); at < end; at++) {
      const member = packed[at] ?? 0;
      sums[member] = (sums[member] ?? 0) + value * (packedWeights[at] ?? 0);
    }
    if (this.#hasAdded(list)) this.#addUpAdded(list, value, sums);
  }

  /** By itself, so that what it catches costs nothing where all is packed. */
  #addUpAdded(list: number, value: number, sums: Float32Array): void {
    this.#eachAdded(list, (member, weight) => {
      sums[member] = (sums[member] ?? 0) + value * weight;
    });
  }

  #hasAdded(list: number): boolean {
    return (this.#heads[2 * list] ?? 0) > 0;
  }

  /** Puts all members into one array again, without those that are gone. Costs as much as there are. */
  pack(isGone?: (member: number) => boolean): void {
    if (isGone !== undefined) this.#countKept(isGone);
    const starts = new Int32Array(this.#lists + 1);
    for (let list = 0; list < this.#lists; list++)
      starts[list + 1] = (starts[list] ?? 0) + this.lengthOf(list);
    const length = starts[this.#lists] ?? 0;
    const into = {
      members: new Int32Array(length),
      weights: new Float32Array(this.#isWeighted ? length : 0),
      ends: starts.slice(),
    };
    this.#movePacked(into, isGone);
    for (let piece = 0; piece < this.#added.length; piece++) this.#moveAdded(piece, into, isGone);
    [this.#starts, this.#members, this.#weights] = [starts, into.members, into.weights];
    for (let list = 0; list < this.#lists; list++) this.#heads[2 * list] = 0;
    [this.#added, this.#unpacked] = [[], 0];
  }

  /** Gives the members other numbers. */
  renumber(numbers: Int32Array): void {
    const members = this.#members;
    for (let at = 0; at < members.length; at++) members[at] = numbers[members[at] ?? 0] ?? 0;
    for (let place = 0; place < this.#unpacked; place++) {
      const { numbers: added } = this.#pieceOf(place);
      const at = FIELDS * (place & PIECE_MASK) + 1;
      added[at] = numbers[added[at] ?? 0] ?? 0;
    }
  }

  #countKept(isGone: (member: number) => boolean): void {
    const heads = this.#heads;
    for (let list = 0; list < this.#lists; list++) {
      let kept = 0;
      for (let at = this.#startOf(list); at < this.#startOf(list + 1); at++)
        if (!isGone(this.#members[at] ?? 0)) kept++;
      heads[2 * list + 1] = kept;
    }
    for (let place = 0; place < this.#unpacked; place++) {
      const { numbers } = this.#pieceOf(place);
      const at = FIELDS * (place & PIECE_MASK);
      const head = 2 * (numbers[at] ?? 0) + 1;
      if (!isGone(numbers[at + 1] ?? 0)) heads[head] = (heads[head] ?? 0) + 1;
    }
  }

  /** What is packed, list by list. */
  #movePacked({ members, weights, ends }: Packing, isGone?: (member: number) => boolean): void {
    const [packed, packedWeights, starts] = [this.#members, this.#weights, this.#starts];
    const isWeighted = this.#isWeighted;
    for (let list = 0; list + 1 < starts.length; list++) {
      const end = starts[list + 1] ?? 0;
      let to = ends[list] ?? 0;
      for (let at = starts[list] ?? 0; at < end; at++) {
        const member = packed[at] ?? 0;
        if (isGone?.(member)) continue;
        if (isWeighted) weights[to] = packedWeights[at] ?? 0;
        members[to++] = member;
      }
      ends[list] = to;
    }
  }

  /** A piece of what was added, in the order in which it came. */
  #moveAdded(
    piece: number,
    { members, weights, ends }: Packing,
    isGone?: (member: number) => boolean,
  ): void {
    const { numbers, weights: added } = this.#added[piece] ?? NONE_ADDED;
    const isWeighted = this.#isWeighted;
    const length = Math.min(this.#unpacked - (piece << PIECE_BITS), 1 << PIECE_BITS);
    for (let at = 0; at < length; at++) {
      const [list, member] = [numbers[FIELDS * at] ?? 0, numbers[FIELDS * at + 1] ?? 0];
      if (isGone?.(member)) continue;
      const to = ends[list] ?? 0;
      ends[list] = to + 1;
      members[to] = member;
      if (isWeighted) weights[to] = added[at] ?? 0;
    }
  }

  /** Those of a list that are not packed, the newest first. */
  #eachAdded(list: number, visit: (member: number, weight: number) => void): void {
    let next = this.#heads[2 * list] ?? 0;
    while (next > 0) {
      const { numbers, weights } = this.#pieceOf(next - 1);
      const inPiece = (next - 1) & PIECE_MASK;
      visit(numbers[FIELDS * inPiece + 1] ?? 0, weights[inPiece] ?? 0);
      next = numbers[FIELDS * inPiece + 2] ?? 0;
    }
  }

  #pieceOf(place: number): Added {
    return this.#added[place >>> PIECE_BITS] ?? NONE_ADDED;
  }

  /** The first piece begins small, as most indexes are; others are as large as they become. */
  #makeRoom(place: number): Added {
    const before = this.#pieceOf(place);
    const room = place <= PIECE_MASK ? (place & PIECE_MASK) + 1 : 1 << PIECE_BITS;
    const piece = {
      numbers: grown(before.numbers, FIELDS * room),
      weights: this.#isWeighted ? grown(before.weights, room) : before.weights,
    };
    this.#added[place >>> PIECE_BITS] = piece;
    return piece;
  }

  /** Lists that came since have none packed: they begin and end where the last one ends. */
  #startOf(list: number): number {
    return this.#starts[Math.min(list, this.#starts.length - 1)] ?? 0;
  }

  #makeLists(length: number): void {
    this.#lists = length;
    this.#heads = grown(this.#heads, 2 * length);
  }
}

/** Members that may be unpacked in a small index. */
const LEAST_TO_PACK = 1_024;

/** What lists are packed into, and where the next member of each goes. */
interface Packing {
  readonly members: Int32Array;
  readonly weights: Float32Array;
  readonly ends: Int32Array;
}

/** A piece of what is not packed: for each member its list, itself and the place of the one before in its list, plus one. */
interface Added {
  readonly numbers: Int32Array<ArrayBuffer>;
  readonly weights: Float32Array<ArrayBuffer>;
}
const FIELDS = 3;
const PIECE_BITS = 14;
const PIECE_MASK = (1 << PIECE_BITS) - 1;
const NONE_ADDED: Added = { numbers: new Int32Array(), weights: new Float32Array() };
