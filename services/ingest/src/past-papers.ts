import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Db,
  historySize,
  historyTexts,
  type textsOfPast,
  topicTextKey,
  vectorsOf,
} from '@paperboy/store';
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
  type TopicProfile,
  TopicScorer,
  tokenizePaper,
} from '@paperboy/topics';
import type { EmbeddingPart } from './embeddings.ts';
import type { PaperWords } from './paper-words.ts';

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

type PastTexts = Awaited<ReturnType<typeof textsOfPast>>;

/** How many of so many papers are learnt from: what every process takes, whenever it started. */
export function papersToLearn(size: number): number {
  return size === 0 ? 0 : 2 ** Math.floor(Math.log2(Math.min(size, HISTORY_PAPERS)));
}

/** The papers that would be learnt from now. */
export async function readPast(db: Db): Promise<PastTexts> {
  const papers = papersToLearn(await historySize(db, HISTORY_PAPERS));
  return historyTexts(db, papers, papers < HISTORY_PAPERS ? 'first' : 'newest');
}

/** The papers of the past weeks, to learn from. */
export class PastPapers {
  readonly #db: Db;
  readonly #now: () => Date;
  readonly #embeddings: EmbeddingPart | undefined;
  #history = new History([]);
  /** Of each wording the place in the history. */
  #places = new Map<string, number>();
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

  /** Whether scores have a part from embeddings. */
  get isEmbedded(): boolean {
    return this.#isEmbedded;
  }

  async read(texts: PastTexts): Promise<void> {
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

  /** Whether there are enough of them now, where there were not when the papers were read, which is then to be done anew. */
  async haveEmbeddingsCome(): Promise<boolean> {
    if (this.#embeddings === undefined || this.#isEmbedded) return false;
    const now = this.#now().getTime();
    if (now - this.#lookedAt < LOOK_AGAIN_MS) return false;
    this.#lookedAt = now;
    if (this.#places.size === 0) return false;
    const known = await vectorsOf(this.#db, this.#embeddings.model, [...this.#places.keys()]);
    return known.size >= LEAST_EMBEDDED * this.#places.size;
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
    if (
      known !== undefined &&
      isSame &&
      (embedding === undefined) === (known.embedding === undefined)
    )
      return known;
    return this.#history.statistics.scorable(tokenizePaper(paperText(paper)), embedding);
  }

  /** A topic of which is known what the papers say. */
  scorerOf(query: Query, profile: TopicProfile): TopicScorer {
    return new TopicScorer(query, profile, this.#history.statistics);
  }

  /** What the papers say of one query, which no topic need have. */
  async scorerFor(query: Query): Promise<TopicScorer> {
    const scorer = (await this.profile([[query, query]])).get(query);
    if (scorer === undefined) throw new Error('a query was not learnt');
    return scorer;
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

  /** What is asked of a topic's text is kept by its query; one that is not known yet goes without. */
  async #furtherParts(queries: readonly Query[]) {
    if (this.#embeddings === undefined || !this.#isEmbedded) return () => [];
    const { model, weight } = this.#embeddings;
    const key = (query: Query) => topicTextKey(hash('sha256', queryKey(query), 'buffer'));
    const known = await vectorsOf(this.#db, model, queries.map(key));
    return (query: Query) => [embeddingScorer(weight, known.get(key(query)))];
  }
}

function keyOf({ fingerprint }: Pick<PaperWords, 'fingerprint'>): string {
  return fingerprint;
}

function countOf(found: readonly (Embedding | undefined)[]): number {
  return found.filter((embedding) => embedding !== undefined).length;
}
