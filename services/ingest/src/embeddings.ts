import { asPaperboyError } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import {
  type Db,
  embeddingService,
  embeddingsAnswered,
  embeddingsFailed,
  papersToEmbed,
  saveVectors,
  type TextKey,
  topicsToEmbed,
  vectorLength,
  vectorsOf,
} from '@paperboy/store';
import {
  type Embedding,
  HISTORY_PAPERS,
  paperToEmbed,
  parseQuery,
  topicToEmbed,
} from '@paperboy/topics';
import {
  createEmbeddingClient,
  type EmbeddingAddress,
  type EmbeddingClient,
  EmbeddingsFailure,
} from './ask-embeddings.ts';
import type { PaperWords } from './paper-words.ts';

/** What is read of embeddings: which are meant, and what they count beside related words. */
export interface EmbeddingPart {
  readonly model: string;
  readonly weight: number;
}

export interface EmbeddingOptions extends EmbeddingPart, EmbeddingAddress {
  /** Longest that a page waits, and longest wait for one answer. */
  readonly timeoutMs: number;
  /** Most texts of a run of `askForMore`. */
  readonly perRun: number;
}

/** An operator's embedding service. What it says is kept in Postgres; while it is away nothing waits for it. */
export interface Embeddings extends EmbeddingPart {
  /** What is known of papers, after asking about the rest for as long as a page may wait. Never throws for the service's sake. */
  ofPapers(papers: readonly PaperWords[]): Promise<Map<TextKey, Embedding>>;
  /** Asks about papers of the past weeks and topics that were not asked about, up to the cap. Gives how many. */
  askForMore(signal?: AbortSignal): Promise<number>;
  /** Whether `askForMore` would find something to do, and may. */
  isMoreToAsk(): Promise<boolean>;
  close(): Promise<void>;
}

/** Texts of one request. */
const BATCH = 32;
/** A run of the queue; what is left is found by the next. */
const LONGEST_RUN_MS = 10 * 60_000;

interface TextToEmbed {
  readonly key: TextKey;
  readonly text: string;
}

/** Opens the service that these options name; asks nothing yet. */
export function openEmbeddings(
  { db, log }: { readonly db: Db; readonly log: Pick<Log, 'info' | 'warn'> },
  options: EmbeddingOptions,
): Embeddings {
  const { model, weight, timeoutMs, perRun } = options;
  const client = createEmbeddingClient(options);
  const asking: Asking = { db, log, client, model, timeoutMs };
  return {
    model,
    weight,
    async ofPapers(papers) {
      const texts = papers.map((paper) => ({ key: paper.fingerprint, text: textOf(paper) }));
      const known = await vectorsOf(
        db,
        model,
        texts.map(({ key }) => key),
      );
      const unknown = texts.filter(({ key }) => !known.has(key));
      const asked = await ask(asking, unknown, { withinMs: timeoutMs });
      return new Map([...known, ...asked]);
    },
    async askForMore(signal) {
      const texts = await textsToAsk(asking, perRun);
      return (await ask(asking, texts, { withinMs: LONGEST_RUN_MS, signal })).size;
    },
    async isMoreToAsk() {
      return (await mayAsk(db)) && (await textsToAsk(asking, 1)).length > 0;
    },
    close: () => client.close(),
  };
}

/** What an open part asks with, and keeps the answers by. */
interface Asking {
  readonly db: Db;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly client: EmbeddingClient;
  readonly model: string;
  readonly timeoutMs: number;
}

/** Asks batch after batch until all is known, the time is over or the service fails, which is noted once for all. */
async function ask(
  asking: Asking,
  texts: readonly TextToEmbed[],
  { withinMs, signal }: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Map<TextKey, Embedding>> {
  const { db, timeoutMs } = asking;
  const known = new Map<TextKey, Embedding>();
  const end = performance.now() + withinMs;
  for (let from = 0; from < texts.length; from += BATCH) {
    const left = Math.ceil(end - performance.now());
    if (left <= 0 || !(await mayAsk(db))) return known;
    const batch = texts.slice(from, from + BATCH);
    const limits = { timeoutMs: Math.min(left, timeoutMs), signal };
    try {
      const vectors = await askBatch(asking, batch, limits);
      for (const [key, vector] of vectors) known.set(key, vector);
    } catch (error) {
      if (!(error instanceof EmbeddingsFailure)) throw error;
      // A page's time that ran out after other answers says nothing of the service.
      if (known.size === 0 || limits.timeoutMs === timeoutMs) await noteFailure(asking, error);
      return known;
    }
  }
  return known;
}

async function askBatch(
  { db, log, client, model }: Asking,
  batch: readonly TextToEmbed[],
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<Map<TextKey, Embedding>> {
  const answers = await client.ask(
    batch.map(({ text }) => text),
    limits,
  );
  const [kept, got] = [await vectorLength(db, model), answers[0]?.length];
  if (kept !== undefined && got !== undefined && kept !== got)
    throw new EmbeddingsFailure(
      'EMBEDDINGS_INVALID',
      `embeddings of ${got} numbers, where ${model} gave ${kept} before`,
    );
  const vectors = new Map(batch.flatMap(({ key }, at) => pairOf(key, answers[at])));
  await saveVectors(db, model, vectors);
  if (await embeddingsAnswered(db)) log.info('embeddings.answer-again');
  return vectors;
}

async function noteFailure({ db, log }: Asking, error: EmbeddingsFailure): Promise<void> {
  const { code, detail, help } = asPaperboyError(error);
  const { leastMs } = error;
  const isFirst = await embeddingsFailed(db, {
    detail: `${code}: ${detail}`,
    ...(leastMs !== undefined && { leastMs }),
  });
  if (isFirst) log.warn('embeddings.away', { code, detail, help });
}

async function textsToAsk({ db, model }: Asking, most: number): Promise<TextToEmbed[]> {
  const papers = await papersToEmbed(db, model, { among: HISTORY_PAPERS, most });
  const topics = papers.length < most ? await topicsToEmbed(db, model, most - papers.length) : [];
  return [
    ...papers.map(({ key, title, abstract }) => ({ key, text: textOf({ title, abstract }) })),
    ...topics.flatMap(({ key, query }) => {
      const read = parseQuery(query);
      return read.ok ? [{ key, text: topicToEmbed(read.query) }] : [];
    }),
  ];
}

async function mayAsk(db: Db): Promise<boolean> {
  const { trouble } = await embeddingService(db);
  return trouble === undefined || trouble.isOver;
}

function textOf({ title, abstract }: Pick<PaperWords, 'title' | 'abstract'>): string {
  return paperToEmbed({ title, ...(abstract !== null && { abstract }) });
}

function pairOf(key: TextKey, vector: Embedding | undefined): [TextKey, Embedding][] {
  return vector === undefined ? [] : [[key, vector]];
}
