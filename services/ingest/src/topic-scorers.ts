import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TopicId } from '@paperboy/core';
import {
  type Db,
  historySize,
  historyTexts,
  type NewMatch,
  topicTextKey,
  vectorsOf,
} from '@paperboy/store';
import {
  type Embedding,
  embeddingScorer,
  explainScore,
  furtherUnits,
  HISTORY_PAPERS,
  History,
  isCertain,
  isKept,
  paperText,
  profileTopic,
  type Query,
  queryKey,
  TopicIndex,
  TopicScorer,
  type TopicVerdict,
  tokenizePaper,
  verdictOn,
  type WiderTerms,
  widerTerms,
} from '@paperboy/topics';
import type { EmbeddingPart } from './embeddings.ts';
import type { PaperWords } from './paper-words.ts';

const WEEK_MS = 7 * 24 * 3600_000;
/** Papers or topics worked on before others get their turn: a few milliseconds. */
const PER_TURN = 20;
/** With embeddings of fewer of the past weeks' papers, scores are as without: a share would favour those that have one. */
const LEAST_EMBEDDED = 0.9;
/** How often it is looked whether they have come. */
const LOOK_AGAIN_MS = 60_000;

export interface ScorerOptions {
  /** A further part of scores, of what is kept of it: nothing is asked here. */
  readonly embeddings?: EmbeddingPart | undefined;
  readonly now?: () => Date;
}

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
  readonly #embeddings: EmbeddingPart | undefined;
  #isEmbedded = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Db, { embeddings, now = () => new Date() }: ScorerOptions = {}) {
    this.#db = db;
    this.#embeddings = embeddings;
    this.#now = now;
  }

  /** Reads the history where it is due, and learns what is new. A topic that is known already is left as it is. */
  async learn(topics: ReadonlyMap<TopicId, Query>): Promise<void> {
    const added = [...topics].filter(([id]) => !this.#queries.has(id));
    // Without a topic there is nobody to learn for.
    if (this.#queries.size === 0 && added.length === 0) return;
    const papers = await this.#papersToRead();
    if (papers !== undefined) {
      const { history, isEmbedded } = await readHistory(this.#db, papers, this.#embeddings);
      this.#isEmbedded = isEmbedded;
      const scorers = await this.#profileAll([...this.#queries, ...added], history);
      [this.#history, this.#scorers, this.#index] = [history, scorers, new TopicIndex()];
      this.#index.addAll(watchedBy(scorers));
      this.#readAt = this.#now();
    } else if (added.length > 0) {
      const scorers = await this.#profileAll(added, this.#history);
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
    const scorable = this.#history.statistics.scorable(tokenized, embedding);
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
    return verdictOn(scorer, this.#history.statistics.scorable(tokenized, embedding));
  }

  /** What the past weeks offer beside a query. To be asked after `learn`. */
  widerTerms(query: Query): WiderTerms {
    return widerTerms(query, this.#history);
  }

  /** How many papers are to be learnt from now; undefined while what is known will do. */
  async #papersToRead(): Promise<number | undefined> {
    const known = this.#history.papers.length;
    const isOld =
      !this.#readAt ||
      this.#now().getTime() - this.#readAt.getTime() > WEEK_MS ||
      (await this.#haveEmbeddingsCome());
    if (known === HISTORY_PAPERS) return isOld ? known : undefined;
    const size = await historySize(this.#db, HISTORY_PAPERS);
    const papers = size === 0 ? 0 : 2 ** Math.floor(Math.log2(size));
    return isOld || papers > known ? papers : undefined;
  }

  /** Whether there are enough of them now, where there were not when the history was read. */
  async #haveEmbeddingsCome(): Promise<boolean> {
    if (this.#embeddings === undefined || this.#isEmbedded) return false;
    const now = this.#now().getTime();
    if (now - this.#lookedAt < LOOK_AGAIN_MS) return false;
    this.#lookedAt = now;
    const { papers } = this.#history;
    if (papers.length === 0) return false;
    const texts = await readPast(this.#db, papers.length);
    const known = await vectorsOf(this.#db, this.#embeddings.model, texts.map(keyOf));
    return known.size >= LEAST_EMBEDDED * new Set(texts.map(keyOf)).size;
  }

  async #profileAll(
    topics: readonly (readonly [TopicId, Query])[],
    history: History,
  ): Promise<Map<TopicId, TopicScorer>> {
    const parts = await this.#furtherParts(topics);
    const scorers = new Map<TopicId, TopicScorer>();
    for (const [id, query] of topics) {
      const { profile, further } = profileTopic(query, history, parts(query));
      scorers.set(id, new TopicScorer(query, profile, history.statistics, further));
      if (scorers.size % PER_TURN === 0) await nextTurn();
    }
    return scorers;
  }

  /** What is asked of a topic's text is kept by its query; one that is not known yet goes without. */
  async #furtherParts(topics: readonly (readonly [TopicId, Query])[]) {
    if (this.#embeddings === undefined || !this.#isEmbedded) return () => [];
    const { model, weight } = this.#embeddings;
    const key = (query: Query) => topicTextKey(hash('sha256', queryKey(query), 'buffer'));
    const known = await vectorsOf(
      this.#db,
      model,
      topics.map(([, query]) => key(query)),
    );
    return (query: Query) => [embeddingScorer(weight, known.get(key(query)))];
  }
}

async function readHistory(db: Db, papers: number, embeddings: EmbeddingPart | undefined) {
  const texts = await readPast(db, papers);
  const known = embeddings
    ? await vectorsOf(db, embeddings.model, texts.map(keyOf))
    : new Map<string, Embedding>();
  const found = texts.map((text) => known.get(keyOf(text)));
  const isEmbedded = countOf(found) >= LEAST_EMBEDDED * texts.length && countOf(found) > 0;
  const tokenized = [];
  for (const paper of texts) {
    tokenized.push(tokenizePaper(paperText(paper)));
    if (tokenized.length % PER_TURN === 0) await nextTurn();
  }
  return { history: new History(tokenized, isEmbedded ? found : []), isEmbedded };
}

function readPast(db: Db, papers: number) {
  return historyTexts(db, papers, papers < HISTORY_PAPERS ? 'first' : 'newest');
}

function keyOf({ fingerprint }: Pick<PaperWords, 'fingerprint'>): string {
  return fingerprint;
}

function countOf(found: readonly (Embedding | undefined)[]): number {
  return found.filter((embedding) => embedding !== undefined).length;
}

function* watchedBy(scorers: ReadonlyMap<TopicId, TopicScorer>) {
  for (const [id, scorer] of scorers)
    yield { id, query: scorer.query, further: furtherUnits(scorer) };
}
