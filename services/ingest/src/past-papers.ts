import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Db, historySize, historyTexts, topicTextKey, vectorsOf } from '@paperboy/store';
import {
  type Embedding,
  embeddingScorer,
  HISTORY_PAPERS,
  History,
  paperText,
  profileTopic,
  type Query,
  queryKey,
  type ScorablePaper,
  TopicScorer,
  tokenizePaper,
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

export interface PastOptions {
  /** A further part of scores, of what is kept of it: nothing is asked here. */
  readonly embeddings?: EmbeddingPart | undefined;
  readonly now?: () => Date;
}

/**
 * The papers of the past weeks, to learn from. They are read again once a week, and while they are few whenever they have
 * doubled: until then every process knows the same, whenever it started.
 */
export class PastPapers {
  readonly #db: Db;
  readonly #now: () => Date;
  readonly #embeddings: EmbeddingPart | undefined;
  #history = new History([]);
  /** Of each wording the place in the history. */
  #places = new Map<string, number>();
  #readAt: Date | undefined;
  #isEmbedded = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Db, { embeddings, now = () => new Date() }: PastOptions = {}) {
    this.#db = db;
    this.#embeddings = embeddings;
    this.#now = now;
  }

  get history(): History {
    return this.#history;
  }

  /** Whether they were read anew, so that all that was learnt from them is to be learnt again. */
  async readIfDue(): Promise<boolean> {
    const papers = await this.#papersToRead();
    if (papers === undefined) return false;
    await this.#read(papers);
    this.#readAt = this.#now();
    return true;
  }

  /** A paper ready to be scored; one of the history is not cut into words again. */
  scorable(paper: PaperWords, embedding?: Embedding): ScorablePaper {
    const known = this.#history.papers[this.#places.get(paper.fingerprint) ?? -1];
    const { text } = known?.tokenized ?? {};
    // Who lists it, and so what it is carried by, may have changed since.
    const isSame =
      text !== undefined &&
      `${text.sources}` === `${paper.sources}` &&
      `${text.categories ?? ''}` === `${paper.categories ?? ''}`;
    if (known !== undefined && isSame) return known;
    return this.#history.statistics.scorable(tokenizePaper(paperText(paper)), embedding);
  }

  /** What the papers say of topics. */
  async profile<Id>(topics: readonly (readonly [Id, Query])[]): Promise<Map<Id, TopicScorer>> {
    const history = this.#history;
    const parts = await this.#furtherParts(topics.map(([, query]) => query));
    const scorers = new Map<Id, TopicScorer>();
    for (const [id, query] of topics) {
      const { profile, further } = profileTopic(query, history, parts(query));
      scorers.set(id, new TopicScorer(query, profile, history.statistics, further));
      if (scorers.size % PER_TURN === 0) await nextTurn();
    }
    return scorers;
  }

  async #read(papers: number): Promise<void> {
    const texts = await readPast(this.#db, papers);
    const known = this.#embeddings
      ? await vectorsOf(this.#db, this.#embeddings.model, texts.map(keyOf))
      : new Map<string, Embedding>();
    const found = texts.map((text) => known.get(keyOf(text)));
    const tokenized = [];
    for (const paper of texts) {
      tokenized.push(tokenizePaper(paperText(paper)));
      if (tokenized.length % PER_TURN === 0) await nextTurn();
    }
    this.#isEmbedded = known.size > 0 && countOf(found) >= LEAST_EMBEDDED * texts.length;
    this.#history = new History(tokenized, this.#isEmbedded ? found : []);
    this.#places = new Map(texts.map((text, place) => [keyOf(text), place]));
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

  /** What is asked of a topic's text is kept by its query; one that is not known yet goes without. */
  async #furtherParts(queries: readonly Query[]) {
    if (this.#embeddings === undefined || !this.#isEmbedded) return () => [];
    const { model, weight } = this.#embeddings;
    const key = (query: Query) => topicTextKey(hash('sha256', queryKey(query), 'buffer'));
    const known = await vectorsOf(this.#db, model, queries.map(key));
    return (query: Query) => [embeddingScorer(weight, known.get(key(query)))];
  }
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
