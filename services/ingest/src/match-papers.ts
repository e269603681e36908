import type { ListingPageId, PaperId, TopicId } from '@paperboy/core';
import { type Log, silentLog } from '@paperboy/runtime';
import {
  type Db,
  inTransaction,
  lockReadyPagesShared,
  markAllReady,
  type NewMatch,
  pageResults,
  saveMatches,
  textsOfPages,
  together,
  topicsWithoutPast,
} from '@paperboy/store';
import type { Embeddings } from './embeddings.ts';
import { findMatches } from './find-matches.ts';
import { LearntTopics } from './learnt-topics.ts';
import { matchPast } from './match-past.ts';
import type { PaperWords } from './paper-words.ts';

/** Topics that go through the papers of the past together: each paper is cut into words once for all of them. */
const TOPICS_AT_ONCE = 500;

/**
 * Matches pages with all topics, which are kept in step with Postgres: a topic never changes (another query is another
 * topic), so each run only adds those that came since.
 */
export class TopicMatcher {
  readonly #db: Db;
  readonly #log: Pick<Log, 'error'>;
  readonly #topics: LearntTopics;
  readonly #unreadable = new Set<TopicId>();
  readonly #embeddings: Embeddings | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(db: Db, log: Pick<Log, 'error'> = silentLog, embeddings?: Embeddings) {
    this.#db = db;
    this.#log = log;
    this.#embeddings = embeddings;
    this.#topics = new LearntTopics(db, {
      embeddings,
      tellUnreadable: (topicId, problem) => this.#tellUnreadable(topicId, problem),
    });
  }

  /** Matches all papers of a recorded page, then makes the page ready for digests. May run twice. */
  async matchPage(listingPageId: ListingPageId): Promise<{ papers: number; matches: number }> {
    return this.matchPages([listingPageId]);
  }

  /** The same for several pages, which become ready together and in this order. */
  async matchPages(ids: readonly ListingPageId[]): Promise<{ papers: number; matches: number }> {
    const [topics, pages] = await Promise.all([
      this.#inTurn(() => this.#topics.catchUp()),
      pageResults(this.#db, ids),
    ]);
    // Matched by what was known then: what is known now is for the pages that come.
    const unready = ids.filter((id) => pages.get(id)?.readyNo === null);
    if (unready.length === 0) return { papers: 0, matches: 0 };
    // Without topics there is nothing to hold papers against, and none is read.
    const isAlone = topics === undefined && this.#embeddings === undefined;
    const papers = isAlone ? [] : await this.#papersOf(unready);
    const embedded = (await this.#embeddings?.ofPapers(papers)) ?? new Map();
    let last: NewMatch[] = [];
    let matches = 0;
    for await (const found of topics ? findMatches(topics, papers, embedded) : []) {
      matches += await this.#save(last);
      last = found;
    }
    return { papers: papers.length, matches: matches + (await this.#save(last, unready)) };
  }

  /** Each paper once. */
  async #papersOf(ids: readonly ListingPageId[]): Promise<PaperWords[]> {
    const papers = new Map<PaperId, PaperWords>();
    for (const paper of await textsOfPages(this.#db, ids)) papers.set(paper.paperId, paper);
    return [...papers.values()];
  }

  /** Learns topics that wait for it, however many they are. May run twice. */
  async learn(signal?: AbortSignal): Promise<void> {
    await this.#inTurn(() => this.#topics.learn(signal));
  }

  /** Matches the papers of the past weeks for topics that came after them, until there is no such topic. May run twice. */
  async matchPast(signal?: AbortSignal): Promise<{ topics: number; matches: number }> {
    const done = { topics: 0, matches: 0 };
    for (;;) {
      const waiting = await topicsWithoutPast(this.#db, TOPICS_AT_ONCE);
      const topics =
        waiting.length === 0 ? undefined : await this.#inTurn(() => this.#topics.catchUp());
      if (topics === undefined) return done;
      const ids = waiting.map(({ id }) => id);
      const how = { embeddings: this.#embeddings, signal };
      done.matches += await matchPast(this.#db, topics, ids, how);
      done.topics += waiting.length;
    }
  }

  /** With `ready` these pages become ready in the same transaction. */
  async #save(matches: readonly NewMatch[], ready: readonly ListingPageId[] = []): Promise<number> {
    if (matches.length + ready.length === 0) return 0;
    const [, saved] = await inTransaction(this.#db, (tx) =>
      together([
        // Taken before the matches are written, so that no merge moves a paper's matches past them.
        lockReadyPagesShared(tx),
        saveMatches(tx, matches),
        ...(ready.length === 0 ? [] : [markAllReady(tx, ready)]),
      ]),
    );
    return saved;
  }

  /** One after another, as pages are matched side by side and each topic is added once. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.catch(() => {}).then(work);
    this.#turn = mine;
    return mine;
  }

  #tellUnreadable(topicId: TopicId, problem: string | undefined): void {
    if (this.#unreadable.has(topicId)) return;
    this.#unreadable.add(topicId);
    this.#log.error('topic.unreadable', { topicId, problem });
  }
}
