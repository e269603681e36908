import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TopicId } from '@paperboy/core';
import {
  type Db,
  profilesOf,
  saveProfiles,
  type TopicToLearn,
  topicsInPieces,
  UNLEARNT,
} from '@paperboy/store';
import {
  type Embedding,
  parseQuery,
  type Query,
  type ScorablePaper,
  StoredTopics,
  TopicIndex,
  type TopicScorer,
  unpackProfile,
  WatchFinder,
} from '@paperboy/topics';
import type { MatchingTopics } from './find-matches.ts';
import { learnProfiles, type TellUnreadable } from './learn-profiles.ts';
import type { PaperWords } from './paper-words.ts';
import type { PastPapers } from './past-papers.ts';
import { RecentlyUsed } from './recently-used.ts';

/** Topics learnt before a page is matched; more of them wait for the next page, or for the job. */
export const LEARNT_AT_ONCE = 2_000;
/** Scorers kept for the next pages: each takes some 9 kB. */
const SCORERS_KEPT = 5_000;
/** Topics put into the index before others get their turn. */
const PER_TURN = 500;

/**
 * All topics by what one past says of them. The index holds what leads to each; what else their scores need is in
 * Postgres, and read for those that papers lead to.
 */
export class KnownTopics implements MatchingTopics {
  readonly pastId: string;
  readonly past: PastPapers;
  readonly index: TopicIndex<TopicId>;
  readonly #db: Db;
  readonly #tellUnreadable: TellUnreadable;
  readonly #finder: WatchFinder;
  readonly #scorers = new RecentlyUsed<TopicId, TopicScorer>(SCORERS_KEPT);
  /** In the index by their own terms alone, until they are learnt. */
  readonly #unlearnt = new Set<TopicId>();

  constructor(db: Db, past: PastPapers, pastId: string, tellUnreadable: TellUnreadable) {
    this.#db = db;
    this.past = past;
    this.pastId = pastId;
    this.#tellUnreadable = tellUnreadable;
    this.#finder = new WatchFinder(past.history.statistics);
    this.index = this.#emptyIndex();
  }

  get hasUnlearnt(): boolean {
    return this.#unlearnt.size > 0;
  }

  /** Reads every topic. */
  async load(): Promise<void> {
    const load = this.index.load();
    const topics = new StoredTopics(load, this.#finder);
    let added = 0;
    for await (const { ids, queries, lengths, profiles } of topicsInPieces(this.#db, this.pastId)) {
      topics.open(queries);
      let packed = 0;
      for (const [at, id] of ids.entries()) {
        const length = lengths[at] ?? UNLEARNT;
        if (length === UNLEARNT) this.#unlearnt.add(id);
        const bytes = length > 0 ? profiles.subarray(packed, packed + length) : undefined;
        topics.addNext(id, bytes && unpackProfile(bytes));
        packed += bytes?.length ?? 0;
        if (++added % PER_TURN === 0) await nextTurn();
      }
    }
    load.end();
  }

  /** Adds topics that came since, by their own terms. */
  add(topics: readonly TopicToLearn[]): void {
    const fresh = topics.filter(({ id }) => !this.index.has(id));
    for (const { id } of fresh) this.#unlearnt.add(id);
    this.#addToIndex(fresh);
  }

  /** Learns topics that were added, up to `LEARNT_AT_ONCE`, or takes over what another worker learnt of them. */
  async learnAdded(): Promise<void> {
    const ids = [...this.#unlearnt].slice(0, LEARNT_AT_ONCE);
    if (ids.length === 0) return;
    const rows = await profilesOf(this.#db, this.pastId, ids);
    const unknown = rows.filter(({ profile }) => profile === null);
    const learnt = await learnProfiles(this.past, unknown, this.#tellUnreadable);
    await saveProfiles(this.#db, this.pastId, learnt);
    const packed = new Map(learnt.map(({ topicId, profile }) => [topicId, profile]));
    this.#addToIndex(
      rows.map(({ id, query, profile }) => ({ id, query, profile: profile ?? packed.get(id) })),
    );
    for (const id of ids) this.#unlearnt.delete(id);
  }

  /** An index of these topics alone. */
  async indexOf(topics: readonly TopicId[]): Promise<TopicIndex<TopicId>> {
    const index = this.#emptyIndex();
    for (const [id, { query, profile }] of await this.scorersOf(topics))
      index.add({ id, query, ...this.#finder.watchOf(query, profile) });
    return index;
  }

  scorable(paper: PaperWords, embedding?: Embedding): ScorablePaper {
    return this.past.scorable(paper, embedding);
  }

  /** What topics are scored with; one that cannot be read is missing. */
  async scorersOf(topics: readonly TopicId[]): Promise<Map<TopicId, TopicScorer>> {
    const scorers = new Map<TopicId, TopicScorer>();
    const missing: TopicId[] = [];
    for (const id of topics) {
      const known = this.#scorers.get(id);
      if (known === undefined) missing.push(id);
      else scorers.set(id, known);
    }
    if (missing.length > 0)
      for (const [id, scorer] of await this.#readScorers(missing)) {
        this.#scorers.set(id, scorer);
        scorers.set(id, scorer);
      }
    return scorers;
  }

  async #readScorers(topics: readonly TopicId[]): Promise<Map<TopicId, TopicScorer>> {
    const scorers = new Map<TopicId, TopicScorer>();
    const toLearn: [TopicId, Query][] = [];
    for (const { id, query, profile } of await profilesOf(this.#db, this.pastId, topics)) {
      const parsed = parseQuery(query);
      if (!parsed.ok) continue;
      // What a service says of papers is learnt from themselves, not kept.
      if (profile === null || this.past.isEmbedded) toLearn.push([id, parsed.query]);
      else scorers.set(id, this.past.scorerOf(parsed.query, unpackProfile(profile)));
    }
    for (const [id, scorer] of await this.past.profile(toLearn)) scorers.set(id, scorer);
    return scorers;
  }

  #addToIndex(
    rows: readonly (TopicToLearn & { readonly profile?: Uint8Array | undefined })[],
  ): void {
    const load = this.index.load();
    const topics = new StoredTopics(load, this.#finder);
    for (const { id, query, profile } of rows)
      topics.add(id, query, profile && unpackProfile(profile));
    load.end();
  }

  #emptyIndex(): TopicIndex<TopicId> {
    return new TopicIndex(this.past.history.statistics, { hasFurther: this.past.isEmbedded });
  }
}
