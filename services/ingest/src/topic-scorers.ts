import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TopicId } from '@paperboy/core';
import { type Db, historySize, historyTexts, type NewMatch } from '@paperboy/store';
import {
  explainScore,
  furtherUnits,
  HISTORY_PAPERS,
  History,
  isCertain,
  isKept,
  paperText,
  profileTopic,
  type Query,
  TopicIndex,
  TopicScorer,
  type TopicVerdict,
  tokenizePaper,
  verdictOn,
  type WiderTerms,
  widerTerms,
} from '@paperboy/topics';
import type { PaperWords } from './paper-words.ts';

const WEEK_MS = 7 * 24 * 3600_000;
/** Papers or topics worked on before others get their turn: a few milliseconds. */
const PER_TURN = 20;

/**
 * The topics of this process with what the papers of the past weeks say of each. The papers are read again once
 * a week, and while they are few whenever they have doubled: until then every process knows the same, whenever it started.
 */
export class TopicScorers {
  readonly #db: Db;
  readonly #now: () => Date;
  readonly #queries = new Map<TopicId, Query>();
  #index = new TopicIndex<TopicId>();
  #scorers = new Map<TopicId, TopicScorer>();
  #history = new History([]);
  #readAt: Date | undefined;

  constructor(db: Db, now: () => Date = () => new Date()) {
    this.#db = db;
    this.#now = now;
  }

  /** Reads the history where it is due, and learns what is new. A topic that is known already is left as it is. */
  async learn(topics: ReadonlyMap<TopicId, Query>): Promise<void> {
    const added = [...topics].filter(([id]) => !this.#queries.has(id));
    // Without a topic there is nobody to learn for.
    if (this.#queries.size === 0 && added.length === 0) return;
    const papers = await this.#papersToRead();
    if (papers !== undefined) {
      const history = await readHistory(this.#db, papers);
      const scorers = await profileAll([...this.#queries, ...added], history);
      [this.#history, this.#scorers, this.#index] = [history, scorers, new TopicIndex()];
      this.#index.addAll(watchedBy(scorers));
      this.#readAt = this.#now();
    } else if (added.length > 0) {
      const scorers = await profileAll(added, this.#history);
      for (const [id, scorer] of scorers) this.#scorers.set(id, scorer);
      this.#index.addAll(watchedBy(scorers));
    }
    for (const [id, query] of added) this.#queries.set(id, query);
  }

  /** The matches of a paper that are worth keeping, with reasons. */
  matchesOf(paper: PaperWords): NewMatch[] {
    if (this.#scorers.size === 0) return [];
    const tokenized = tokenizePaper(paperText(paper));
    const topicIds = this.#index.match(tokenized);
    if (topicIds.length === 0) return [];
    const scorable = this.#history.statistics.scorable(tokenized);
    const matches: NewMatch[] = [];
    for (const topicId of topicIds) {
      const scorer = this.#scorers.get(topicId);
      const scored = scorer?.score(scorable);
      if (scorer === undefined || scored === undefined || !isKept(scored, scorer.profile)) continue;
      matches.push({
        topicId,
        paperId: paper.paperId,
        strength: scored.score,
        isCertain: isCertain(scored, scorer.profile),
        textScore: scored.text,
        relatedScore: scored.related,
        reasons: explainScore(scorer, scorable, scored),
      });
    }
    return matches;
  }

  /** Why a topic that was learnt sends a paper or does not. Throws a RangeError for one that was not. */
  verdictOn(topicId: TopicId, paper: PaperWords): TopicVerdict {
    const scorer = this.#scorers.get(topicId);
    if (scorer === undefined) throw new RangeError(`topic ${topicId} was not learnt`);
    const tokenized = tokenizePaper(paperText(paper));
    return verdictOn(scorer, this.#history.statistics.scorable(tokenized));
  }

  /** What the past weeks offer beside a query. To be asked after `learn`. */
  widerTerms(query: Query): WiderTerms {
    return widerTerms(query, this.#history);
  }

  /** How many papers are to be learnt from now; undefined while what is known will do. */
  async #papersToRead(): Promise<number | undefined> {
    const known = this.#history.papers.length;
    const isOld = !this.#readAt || this.#now().getTime() - this.#readAt.getTime() > WEEK_MS;
    if (known === HISTORY_PAPERS) return isOld ? known : undefined;
    const size = await historySize(this.#db, HISTORY_PAPERS);
    const papers = size === 0 ? 0 : 2 ** Math.floor(Math.log2(size));
    return isOld || papers > known ? papers : undefined;
  }
}

async function readHistory(db: Db, papers: number): Promise<History> {
  const which = papers < HISTORY_PAPERS ? 'first' : 'newest';
  const tokenized = [];
  for (const paper of await historyTexts(db, papers, which)) {
    tokenized.push(tokenizePaper(paperText(paper)));
    if (tokenized.length % PER_TURN === 0) await nextTurn();
  }
  return new History(tokenized);
}

async function profileAll(
  topics: readonly (readonly [TopicId, Query])[],
  history: History,
): Promise<Map<TopicId, TopicScorer>> {
  const scorers = new Map<TopicId, TopicScorer>();
  for (const [id, query] of topics) {
    const { profile } = profileTopic(query, history);
    scorers.set(id, new TopicScorer(query, profile, history.statistics));
    if (scorers.size % PER_TURN === 0) await nextTurn();
  }
  return scorers;
}

function* watchedBy(scorers: ReadonlyMap<TopicId, TopicScorer>) {
  for (const [id, scorer] of scorers)
    yield { id, query: scorer.query, further: furtherUnits(scorer) };
}
