import { THRESHOLDS } from '@paperboy/core';
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
  /** By the number of a term. */
  readonly #byTerm: (Postings | undefined)[] = [];
  readonly #byWord = new Map<string, Postings>();
  readonly #slots = new Map<number, number>();
  /** The topic in a slot; `GONE` until a sweep where it was taken out. */
  #topics: number[] = [];
  #sums = new Float32Array(64);

  constructor(statistics: Statistics, options?: ReachOptions) {
    this.#statistics = statistics;
    this.#least = leastOf(options);
  }

  /** Adds a topic that is not in it. */
  add(topic: number, { words, related }: Reach): void {
    const slot = this.#topics.length;
    this.#topics.push(topic);
    this.#slots.set(topic, slot);
    if (slot >= this.#sums.length) this.#sums = new Float32Array(2 * this.#sums.length);
    for (const [stem, weight] of words) {
      let postings = this.#byWord.get(stem);
      if (postings === undefined) {
        postings = new Postings();
        this.#byWord.set(stem, postings);
      }
      postings.push(slot, weight);
    }
    for (const [at, term] of related.terms.entries()) {
      this.#byTerm[term] ??= new Postings();
      this.#byTerm[term].push(slot, related.weights[at] ?? 0);
    }
  }

  remove(topic: number): void {
    const slot = this.#slots.get(topic);
    if (slot === undefined) return;
    this.#slots.delete(topic);
    this.#topics[slot] = GONE;
    // To look for it in every list would cost more than what it leaves behind.
    if (this.#topics.length > 2 * this.#slots.size + 64) this.#sweep();
  }

  /** The topics for which a paper's words give enough, each once. */
  find({ vector, tokenized }: ScorablePaper): number[] {
    if (this.#slots.size === 0) return [];
    this.#sums.fill(0, 0, this.#topics.length);
    const found: number[] = [];
    for (let at = 0; at < vector.terms.length; at++) {
      const postings = this.#byTerm[vector.terms[at] ?? -1];
      if (postings !== undefined) this.#addUp(postings, vector.weights[at] ?? 0, found);
    }
    for (const stem of tokenized.byStem.keys()) {
      const postings = this.#byWord.get(stem);
      if (postings !== undefined)
        this.#addUp(postings, wordPart(stem, tokenized, this.#statistics), found);
    }
    return found.flatMap((slot) => this.#topics[slot] ?? GONE).filter((topic) => topic !== GONE);
  }

  #addUp({ slots, weights, length }: Postings, value: number, found: number[]): void {
    const [sums, least] = [this.#sums, this.#least];
    for (let at = 0; at < length; at++) {
      const slot = slots[at] ?? 0;
      const before = sums[slot] ?? 0;
      const after = before + value * (weights[at] ?? 0);
      sums[slot] = after;
      if (after >= least && before < least) found.push(slot);
    }
  }

  /** Leaves out what was removed; topics keep their order. */
  #sweep(): void {
    const kept = this.#topics.flatMap((topic, slot) => (topic === GONE ? [] : [slot]));
    const moved = new Map(kept.map((slot, place) => [slot, place]));
    for (const postings of this.#byTerm) postings?.move(moved);
    for (const postings of this.#byWord.values()) postings.move(moved);
    this.#topics = kept.map((slot) => this.#topics[slot] ?? GONE);
    for (const [slot, topic] of this.#topics.entries()) this.#slots.set(topic, slot);
  }
}

const GONE = -1;

/** Slots and weights side by side: a topic has some sixty of them, so that objects would be most of what is held. */
class Postings {
  slots = new Uint32Array(4);
  weights = new Float32Array(4);
  length = 0;

  push(slot: number, weight: number): void {
    if (this.length === this.slots.length) this.#grow();
    this.slots[this.length] = slot;
    this.weights[this.length] = weight;
    this.length++;
  }

  move(moved: ReadonlyMap<number, number>): void {
    const { slots, weights, length } = this;
    this.length = 0;
    for (let at = 0; at < length; at++) {
      const place = moved.get(slots[at] ?? 0);
      if (place !== undefined) this.push(place, weights[at] ?? 0);
    }
  }

  #grow(): void {
    const [slots, weights] = [this.slots, this.weights];
    this.slots = new Uint32Array(Math.ceil(1.5 * slots.length));
    this.weights = new Float32Array(this.slots.length);
    this.slots.set(slots);
    this.weights.set(weights);
  }
}
