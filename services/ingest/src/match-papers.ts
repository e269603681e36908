import type { ListingPageId, PaperId, TopicId } from '@paperboy/core';
import { type Log, silentLog } from '@paperboy/runtime';
import {
  type Db,
  inTransaction,
  lockReadyPagesShared,
  markReady,
  saveMatches,
  textsOfPage,
  textsSeenSince,
  topicsBeyond,
} from '@paperboy/store';
import {
  buildTopicIndex,
  type PaperText,
  parseQuery,
  requireQuery,
  type TopicIndex,
} from '@paperboy/topics';

/** A paper's words as the matcher sees them. */
export interface PaperWords {
  readonly paperId: PaperId;
  readonly title: string;
  readonly abstract: string | null;
  readonly categories: string[] | null;
  /** Names of all sources that list it. */
  readonly sources: readonly string[];
}

/**
 * The topics of this process, kept in step with Postgres: a topic never changes (another query is another
 * topic), so each run only adds those that came since.
 */
export class TopicMatcher {
  readonly #db: Db;
  readonly #log: Pick<Log, 'error'>;
  #index: TopicIndex<TopicId> = buildTopicIndex<TopicId>([]);
  readonly #known = new Set<TopicId>();
  #caughtUp: Promise<void> = Promise.resolve();

  constructor(db: Db, log: Pick<Log, 'error'> = silentLog) {
    this.#db = db;
    this.#log = log;
  }

  /** Matches all papers of a recorded page, then makes the page ready for digests. May run twice. */
  async matchPage(listingPageId: ListingPageId): Promise<{ papers: number; matches: number }> {
    await this.#catchUp();
    const papers = await textsOfPage(this.#db, listingPageId);
    const found = papers.flatMap((paper) => matchesOf(this.#index, paper));
    const matches = await inTransaction(this.#db, async (tx) => {
      // Taken before the matches are written, so that no merge moves a paper's matches past them.
      await lockReadyPagesShared(tx);
      const saved = await saveMatches(tx, found);
      await markReady(tx, listingPageId);
      return saved;
    });
    return { papers: papers.length, matches };
  }

  /** One after another, as pages are matched side by side and each topic is added once. */
  #catchUp(): Promise<void> {
    this.#caughtUp = this.#caughtUp.catch(() => {}).then(() => this.#addNewTopics());
    return this.#caughtUp;
  }

  async #addNewTopics(): Promise<void> {
    for (const { id, query } of await topicsBeyond(this.#db, this.#known)) {
      const parsed = parseQuery(query);
      // One topic that another version wrote must not keep the papers from all the others.
      if (parsed.ok) this.#index.add(id, parsed.query);
      else
        this.#log.error('topic.unreadable', { topicId: id, problem: parsed.problems[0]?.message });
      this.#known.add(id);
    }
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
  const index = buildTopicIndex(
    topics.map(({ id, query }) => ({ id, query: requireQuery(query) })),
  );
  const papers = await textsSeenSince(db, since);
  return saveMatches(
    db,
    papers.flatMap((paper) => matchesOf(index, paper)),
  );
}

function matchesOf(index: TopicIndex<TopicId>, paper: PaperWords) {
  const { paperId } = paper;
  return index
    .match(paperText(paper))
    .map(({ topicId, strength, reasons }) => ({ topicId, paperId, strength, reasons }));
}

/** A stored paper as the topics package takes it. */
export function paperText({ title, abstract, categories, sources }: PaperWords): PaperText {
  return {
    title,
    sources,
    ...(abstract !== null && { abstract }),
    ...(categories !== null && { categories }),
  };
}
