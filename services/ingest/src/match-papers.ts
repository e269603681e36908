import type { ListingPageId, PaperId, TopicId } from '@paperboy/core';
import { type Log, silentLog } from '@paperboy/runtime';
import {
  type Db,
  inTransaction,
  lockReadyPagesShared,
  markAllReady,
  pageResults,
  saveMatches,
  textsOfPages,
  together,
  topicsSince,
  topicsWithoutPast,
} from '@paperboy/store';
import { parseQuery, type Query, requireQuery } from '@paperboy/topics';
import type { Embeddings } from './embeddings.ts';
import { matchPast, type PastOptions } from './match-past.ts';
import type { PaperWords } from './paper-words.ts';
import { TopicScorers } from './topic-scorers.ts';

/** Topics that go through the papers of the past together: each paper is cut into words once for all of them. */
const TOPICS_AT_ONCE = 500;

/**
 * Matches pages with the topics of this process, which are kept in step with Postgres: a topic never changes
 * (another query is another topic), so each run only adds those that came since.
 */
export class TopicMatcher {
  readonly #db: Db;
  readonly #log: Pick<Log, 'error'>;
  readonly #scorers: TopicScorers;
  readonly #unreadable = new Set<TopicId>();
  #horizon: string | undefined;
  #caughtUp: Promise<void> = Promise.resolve();

  readonly #embeddings: Embeddings | undefined;

  constructor(db: Db, log: Pick<Log, 'error'> = silentLog, embeddings?: Embeddings) {
    this.#db = db;
    this.#log = log;
    this.#embeddings = embeddings;
    this.#scorers = new TopicScorers(db, { embeddings });
  }

  /** Matches all papers of a recorded page, then makes the page ready for digests. May run twice. */
  async matchPage(listingPageId: ListingPageId): Promise<{ papers: number; matches: number }> {
    return this.matchPages([listingPageId]);
  }

  /** The same for several pages, which become ready together and in this order. */
  async matchPages(ids: readonly ListingPageId[]): Promise<{ papers: number; matches: number }> {
    const [, pages] = await Promise.all([this.#catchUp(), pageResults(this.#db, ids)]);
    // Matched by what was known then: what is known now is for the pages that come.
    const unready = ids.filter((id) => pages.get(id)?.readyNo === null);
    if (unready.length === 0) return { papers: 0, matches: 0 };
    const papers = await this.#papersToMatch(unready);
    const embedded = (await this.#embeddings?.ofPapers(papers)) ?? new Map();
    const found = papers.flatMap((paper) =>
      this.#scorers.matchesOf(paper, { embedding: embedded.get(paper.fingerprint) }),
    );
    const [, matches] = await inTransaction(this.#db, (tx) =>
      together([
        // Taken before the matches are written, so that no merge moves a paper's matches past them.
        lockReadyPagesShared(tx),
        saveMatches(tx, found),
        markAllReady(tx, unready),
      ]),
    );
    return { papers: papers.length, matches };
  }

  /** Each paper once. Without topics there is nothing to hold them against, and none is read. */
  async #papersToMatch(ids: readonly ListingPageId[]): Promise<PaperWords[]> {
    if (this.#scorers.isEmpty && this.#embeddings === undefined) return [];
    const papers = new Map<PaperId, PaperWords>();
    for (const paper of await textsOfPages(this.#db, ids)) papers.set(paper.paperId, paper);
    return [...papers.values()];
  }

  /** Matches the papers of the past weeks for topics that came after them, until there is no such topic. May run twice. */
  async matchPast(signal?: AbortSignal): Promise<{ topics: number; matches: number }> {
    const done = { topics: 0, matches: 0 };
    for (;;) {
      const topics = await topicsWithoutPast(this.#db, TOPICS_AT_ONCE);
      if (topics.length === 0) return done;
      await this.#catchUp();
      const ids = topics.map(({ id }) => id);
      const how = { embeddings: this.#embeddings, signal };
      done.matches += await matchPast(this.#db, this.#scorers, ids, how);
      done.topics += topics.length;
    }
  }

  /** One after another, as pages are matched side by side and each topic is added once. */
  #catchUp(): Promise<void> {
    this.#caughtUp = this.#caughtUp.catch(() => {}).then(() => this.#learnNewTopics());
    return this.#caughtUp;
  }

  async #learnNewTopics(): Promise<void> {
    const { topics, horizon } = await topicsSince(this.#db, this.#horizon);
    const queries = new Map<TopicId, Query>();
    for (const { id, query } of topics) {
      const parsed = parseQuery(query);
      // One topic that another version wrote must not keep the papers from all the others.
      if (parsed.ok) queries.set(id, parsed.query);
      else this.#tellUnreadable(id, parsed.problems[0]?.message);
    }
    await this.#scorers.learn(queries);
    this.#horizon = horizon;
  }

  #tellUnreadable(topicId: TopicId, problem: string | undefined): void {
    if (this.#unreadable.has(topicId)) return;
    this.#unreadable.add(topicId);
    this.#log.error('topic.unreadable', { topicId, problem });
  }
}

/** Matches the papers of the last 30 days for these topics at once, where no service runs that would. */
export async function matchHistory(
  db: Db,
  topics: readonly { id: TopicId; query: string }[],
  { embeddings }: Pick<PastOptions, 'embeddings'> = {},
): Promise<number> {
  const scorers = new TopicScorers(db, { embeddings });
  await scorers.learn(new Map(topics.map(({ id, query }) => [id, requireQuery(query)])));
  const ids = topics.map(({ id }) => id);
  return matchPast(db, scorers, ids, { embeddings });
}
