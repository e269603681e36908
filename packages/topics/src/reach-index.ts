import { THRESHOLDS } from '@paperboy/core';
import { grown, type NumberSet } from './number-set.ts';
import { PostingLists } from './posting-lists.ts';
import type { Reach } from './reach.ts';
import type { ScorablePaper, Statistics } from './statistics.ts';
import { wordPart } from './topic-text.ts';

/** Sums are of short floats: what they miss is less. */
const ROUNDING = 0.999;
/**
 * Where an operator's service has a say too, this much of a score must come from words: what shares less with a topic
 * could not be told to a reader.
 */
const LEAST_WITH_FURTHER = 0.1;

export interface ReachOptions {
  /** Whether further parts may raise a score above what words give. */
  readonly hasFurther?: boolean;
}

/** What the words of a paper without any unit must give to a score, for it to be worth a score. */
export function leastOf({ hasFurther = false }: ReachOptions = {}): number {
  return ROUNDING * (hasFurther ? LEAST_WITH_FURTHER : THRESHOLDS.wide);
}

/**
 * Topics by what they reach for beside their units. For a paper it adds up, topic by topic, what the paper's words give
 * to the score, which costs two numbers for each of them that a topic shares with it; so it leads to all papers that have
 * a score worth keeping, and to none that is thrown away after it was scored.
 */
export class ReachIndex {
  readonly #statistics: Statistics;
  readonly #least: number;
  /** Lists by the number of a term, and by that of a word: which slots it adds to, and how much. */
  readonly #related = new PostingLists({ isWeighted: true });
  readonly #words = new PostingLists({ isWeighted: true });
  readonly #wordNumbers = new Map<string, number>();
  /** Few topics have a reach, so that theirs are numbered anew: sums stay close together. */
  readonly #slots = new Map<number, number>();
  /** The topic in a slot, plus one; 0 where it was taken out. */
  #topics = new Int32Array(64);
  #sums = new Float32Array(64);
  /** Topics that the paper at hand has enough for. */
  #enough = new Int32Array(64);
  #end = 0;
  /** Slots that no list names any more, and those that some still do. */
  #free: number[] = [];
  #gone: number[] = [];

  constructor(statistics: Statistics, options?: ReachOptions) {
    this.#statistics = statistics;
    this.#least = leastOf(options);
  }

  /** Adds a topic that is not in it. */
  add(topic: number, { words, related }: Reach): void {
    const slot = this.#free.pop() ?? this.#end++;
    this.#topics = grown(this.#topics, this.#end);
    this.#sums = grown(this.#sums, this.#end);
    this.#enough = grown(this.#enough, this.#end);
    this.#topics[slot] = topic + 1;
    this.#slots.set(topic, slot);
    for (const [stem, weight] of words) this.#words.add(this.#wordNumberOf(stem), slot, weight);
    const { terms, weights } = related;
    for (let at = 0; at < terms.length; at++)
      this.#related.add(terms[at] ?? 0, slot, weights[at] ?? 0);
  }

  remove(topic: number): void {
    const slot = this.#slots.get(topic);
    if (slot === undefined) return;
    this.#slots.delete(topic);
    this.#topics[slot] = 0;
    // To look for it in every list would cost more than what it leaves behind.
    this.#gone.push(slot);
  }

  /** Calls every topic by another number. */
  renumber(numbers: Int32Array): void {
    this.#slots.clear();
    const topics = this.#topics;
    for (let slot = 0; slot < this.#end; slot++) {
      const topic = topics[slot] ?? 0;
      if (topic === 0) continue;
      const number = numbers[topic - 1] ?? 0;
      topics[slot] = number + 1;
      this.#slots.set(number, slot);
    }
  }

  /** Packs what came and leaves out what went, where there is much of it. */
  tidy(): void {
    const isDue =
      this.#gone.length > 64 + this.#slots.size / 4 ||
      this.#related.isPackingDue ||
      this.#words.isPackingDue;
    if (!isDue) return;
    const gone = new Set(this.#gone);
    const isGone = gone.size === 0 ? undefined : (slot: number) => gone.has(slot);
    this.#related.pack(isGone);
    this.#words.pack(isGone);
    this.#free.push(...this.#gone);
    this.#gone = [];
  }

  /** Adds the topics for which a paper's words give enough. */
  find(paper: ScorablePaper, into: NumberSet): void {
    if (this.#slots.size === 0) return;
    this.#sums.fill(0, 0, this.#end);
    this.#addUpRelated(paper);
    this.#addUpWords(paper);
    into.addAll(this.#enough, 0, this.#gatherEnough());
  }

  #addUpRelated({ vector: { terms, weights } }: ScorablePaper): void {
    const sums = this.#sums;
    for (let at = 0; at < terms.length; at++)
      this.#related.addUp(terms[at] ?? 0, weights[at] ?? 0, sums);
  }

  /** First what each word is worth, then the sums: the compiler does better by a loop of nothing else. */
  #addUpWords({ tokenized }: ScorablePaper): void {
    const words: number[] = [];
    const parts: number[] = [];
    for (const stem of tokenized.byStem.keys()) {
      const word = this.#wordNumbers.get(stem);
      if (word === undefined) continue;
      words.push(word);
      parts.push(wordPart(stem, tokenized, this.#statistics));
    }
    const sums = this.#sums;
    for (let at = 0; at < words.length; at++)
      this.#words.addUp(words[at] ?? 0, parts[at] ?? 0, sums);
  }

  /** Puts topics with enough into `#enough`. Gives how many there are. */
  #gatherEnough(): number {
    const [sums, topics, enough, end] = [this.#sums, this.#topics, this.#enough, this.#end];
    const least = this.#least;
    let length = 0;
    for (let slot = 0; slot < end; slot++) {
      if ((sums[slot] ?? 0) < least) continue;
      const topic = topics[slot] ?? 0;
      if (topic > 0) enough[length++] = topic - 1;
    }
    return length;
  }

  #wordNumberOf(stem: string): number {
    const known = this.#wordNumbers.get(stem);
    if (known !== undefined) return known;
    this.#wordNumbers.set(stem, this.#wordNumbers.size);
    return this.#wordNumbers.size - 1;
  }
}
