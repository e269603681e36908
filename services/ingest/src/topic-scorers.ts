import type { TopicId } from '@paperboy/core';
import type { Db, NewMatch } from '@paperboy/store';
import {
  type Embedding,
  explainScore,
  furtherUnits,
  History,
  isCertain,
  isKept,
  paperText,
  type Query,
  TopicIndex,
  type TopicScorer,
  type TopicVerdict,
  tokenizePaper,
  verdictOn,
} from '@paperboy/topics';
import type { PaperWords } from './paper-words.ts';
import { type PastOptions, PastPapers } from './past-papers.ts';

/** The topics of this process with what the papers of the past weeks say of each. */
export class TopicScorers {
  readonly #past: PastPapers;
  readonly #queries = new Map<TopicId, Query>();
  #index = new TopicIndex<TopicId>();
  #scorers = new Map<TopicId, TopicScorer>();
  /** What the scorers were made with: the past may be read anew while others are still in use. */
  #statistics = new History([]).statistics;

  constructor(db: Db, options: PastOptions = {}) {
    this.#past = new PastPapers(db, options);
  }

  /** Whether no topic is known, so that no paper matches. */
  get isEmpty(): boolean {
    return this.#queries.size === 0;
  }

  /** Reads the history where it is due, and learns what is new. A topic that is known already is left as it is. */
  async learn(topics: ReadonlyMap<TopicId, Query>): Promise<void> {
    const added = [...topics].filter(([id]) => !this.#queries.has(id));
    // Without a topic there is nobody to learn for.
    if (this.#queries.size === 0 && added.length === 0) return;
    if (await this.#past.readIfDue()) {
      const scorers = await this.#past.profile([...this.#queries, ...added]);
      [this.#scorers, this.#index] = [scorers, new TopicIndex()];
      this.#statistics = this.#past.history.statistics;
      this.#index.addAll(watchedBy(scorers));
    } else if (added.length > 0) {
      const scorers = await this.#past.profile(added);
      for (const [id, scorer] of scorers) this.#scorers.set(id, scorer);
      this.#index.addAll(watchedBy(scorers));
    }
    for (const [id, query] of added) this.#queries.set(id, query);
  }

  /** The matches of a paper that are worth keeping, with reasons; those of some topics alone where `only` says so. */
  matchesOf(
    paper: PaperWords,
    { embedding, only }: { embedding?: Embedding | undefined; only?: ReadonlySet<TopicId> } = {},
  ): NewMatch[] {
    if (this.#scorers.size === 0) return [];
    const tokenized = tokenizePaper(paperText(paper));
    const topicIds = this.#index.match(tokenized);
    if (topicIds.length === 0) return [];
    const scorable = this.#statistics.scorable(tokenized, embedding);
    const matches: NewMatch[] = [];
    for (const topicId of topicIds) {
      if (only?.has(topicId) === false) continue;
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
  verdictOn(topicId: TopicId, paper: PaperWords, embedding?: Embedding): TopicVerdict {
    const scorer = this.#scorers.get(topicId);
    if (scorer === undefined) throw new RangeError(`topic ${topicId} was not learnt`);
    const tokenized = tokenizePaper(paperText(paper));
    return verdictOn(scorer, this.#statistics.scorable(tokenized, embedding));
  }
}

function* watchedBy(scorers: ReadonlyMap<TopicId, TopicScorer>) {
  for (const [id, scorer] of scorers)
    yield { id, query: scorer.query, further: furtherUnits(scorer) };
}
