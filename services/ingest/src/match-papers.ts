import type { ListingPageId, TopicId } from '@paperboy/core';
import { type Log, silentLog } from '@paperboy/runtime';
import {
  type Db,
  inTransaction,
  lockReadyPagesShared,
  markReady,
  pageResult,
  saveMatches,
  textsOfPage,
  textsSeenSince,
  together,
  topicsSince,
} from '@paperboy/store';
import { parseQuery, type Query, requireQuery } from '@paperboy/topics';
import { TopicScorers } from './topic-scorers.ts';

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

  constructor(db: Db, log: Pick<Log, 'error'> = silentLog) {
    this.#db = db;
    this.#log = log;
    this.#scorers = new TopicScorers(db);
  }

  /** Matches all papers of a recorded page, then makes the page ready for digests. May run twice. */
  async matchPage(listingPageId: ListingPageId): Promise<{ papers: number; matches: number }> {
    await this.#catchUp();
    const [papers, page] = await Promise.all([
      textsOfPage(this.#db, listingPageId),
      pageResult(this.#db, listingPageId),
    ]);
    // Matched by what was known then: what is known now is for the pages that come.
    if (page !== undefined && page.readyNo !== null) return { papers: papers.length, matches: 0 };
    const found = papers.flatMap((paper) => this.#scorers.matchesOf(paper));
    const [, matches] = await inTransaction(this.#db, (tx) =>
      together([
        // Taken before the matches are written, so that no merge moves a paper's matches past them.
        lockReadyPagesShared(tx),
        saveMatches(tx, found),
        markReady(tx, listingPageId),
      ]),
    );
    return { papers: papers.length, matches };
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

/**
 * Matches the papers seen since a day for topics that came later than they, so that a new topic's previews
 * and pages are not empty. Digests are planned from pages that become ready, so this mails nothing by itself.
 */
export async function matchHistory(
  db: Db,
  topics: readonly { id: TopicId; query: string }[],
  since: Date,
): Promise<number> {
  const scorers = new TopicScorers(db);
  await scorers.learn(new Map(topics.map(({ id, query }) => [id, requireQuery(query)])));
  const papers = await textsSeenSince(db, since);
  return saveMatches(
    db,
    papers.flatMap((paper) => scorers.matchesOf(paper)),
  );
}
