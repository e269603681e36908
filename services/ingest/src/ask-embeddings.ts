import { PaperboyError } from '@paperboy/core';
import { type Embedding, unitEmbedding } from '@paperboy/topics';
import type { Dispatcher } from 'undici';
import { Connections } from './http-agent.ts';
import { readBody } from './read-body.ts';
import { retryAfterMs } from './retry-after.ts';

/** A service that speaks `POST /v1/embeddings` as OpenAI defined it, and many serve it. */
export interface EmbeddingAddress {
  /** What `/embeddings` is added to. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
}

/** Why there are no embeddings, with how long the service asks to be left alone. */
export class EmbeddingsFailure extends PaperboyError {
  readonly leastMs: number | undefined;

  constructor(
    code: 'EMBEDDINGS_UNAVAILABLE' | 'EMBEDDINGS_INVALID',
    detail: string,
    options: ErrorOptions & { readonly leastMs?: number | undefined } = {},
  ) {
    super(code, detail, options);
    this.leastMs = options.leastMs;
  }
}

/** More than any model gives; an answer is as large as its numbers in decimal, and some room. */
const MOST_NUMBERS = 8_192;
const BYTES_PER_NUMBER = 32;
const BYTES_BESIDE = 65_536;

export interface EmbeddingClient {
  /**
   * The embeddings of texts, in their order and of length one, all equally long. Throws EmbeddingsFailure, and the
   * reason of `signal` once that is aborted.
   */
  ask(
    texts: readonly string[],
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Embedding[]>;
  close(): Promise<void>;
}

/** Redirects are not followed: they would take the key elsewhere. */
export function createEmbeddingClient({ url, key, model }: EmbeddingAddress): EmbeddingClient {
  const connections = new Connections({ headersTimeout: 0, bodyTimeout: 0, connections: 2 });
  const address = new URL(`${new URL(url).pathname.replace(/\/+$/, '')}/embeddings`, url);
  const { username, password } = address;
  [address.username, address.password] = ['', ''];
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(username && { authorization: `Basic ${login.toString('base64')}` }),
    ...(key && { authorization: `Bearer ${key}` }),
  };

  async function post(texts: readonly string[], signal: AbortSignal): Promise<Embedding[]> {
    const agent = await connections.open();
    const answer = await agent.request(address, {
      method: 'POST',
      headers,
      body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
      signal,
    });
    if (answer.statusCode !== 200) throw await refusal(answer);
    const maxBytes = BYTES_BESIDE + texts.length * MOST_NUMBERS * BYTES_PER_NUMBER;
    const { bytes, cutBecause } = await readBody(answer.body, {
      coding: headerOf(answer, 'content-encoding') ?? 'identity',
      maxBytes,
      isCutThere: false,
    });
    if (cutBecause !== undefined)
      throw new EmbeddingsFailure('EMBEDDINGS_UNAVAILABLE', `the answer ${cutBecause}`);
    return embeddingsIn(bytes, texts.length);
  }

  return {
    async ask(texts, { timeoutMs, signal }) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const end = signal ? AbortSignal.any([signal, timeout]) : timeout;
      try {
        return await post(texts, end);
      } catch (error) {
        signal?.throwIfAborted();
        throw failureOf(error, timeout.aborted ? `no answer in ${timeoutMs} ms` : undefined);
      }
    },
    close: () => connections.close(),
  };
}

function failureOf(error: unknown, late: string | undefined): EmbeddingsFailure {
  if (error instanceof EmbeddingsFailure) return error;
  const isNamed = error instanceof PaperboyError;
  const code = isNamed && !late ? 'EMBEDDINGS_INVALID' : 'EMBEDDINGS_UNAVAILABLE';
  const why = isNamed ? error.detail : error instanceof Error ? error.message : String(error);
  return new EmbeddingsFailure(code, late ?? why, { cause: error });
}

/** What it says of itself, cut to a line; the key never stands in it. */
const MOST_SAID = 2_000;

async function refusal(answer: Dispatcher.ResponseData): Promise<EmbeddingsFailure> {
  const { statusCode: status, body } = answer;
  const said = await readBody(body, {
    coding: headerOf(answer, 'content-encoding') ?? 'identity',
    maxBytes: MOST_SAID,
    isCutThere: true,
  }).catch(() => undefined);
  const message = /"message"\s*:\s*"([^"]{1,200})/.exec(Buffer.from(said?.bytes ?? []).toString());
  const [retryAfter, date] = [headerOf(answer, 'retry-after'), headerOf(answer, 'date')];
  const leastMs = retryAfterMs(
    { ...(retryAfter !== undefined && { retryAfter }), ...(date !== undefined && { date }) },
    new Date(),
  );
  const isTheirs = status >= 500 || status === 429 || status === 408;
  return new EmbeddingsFailure(
    isTheirs ? 'EMBEDDINGS_UNAVAILABLE' : 'EMBEDDINGS_INVALID',
    `status ${status}${message ? `: ${message[1]}` : ''}`,
    { leastMs },
  );
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function invalid(detail: string): EmbeddingsFailure {
  return new EmbeddingsFailure('EMBEDDINGS_INVALID', detail);
}

/** `{ data: [{ index, embedding: [0.1, …] }, …] }`; entries may come in any order where they are numbered. */
function embeddingsIn(bytes: Uint8Array, count: number): Embedding[] {
  const answer = parsed(bytes);
  const data = isObject(answer) ? answer.data : undefined;
  if (!Array.isArray(data)) throw invalid('the answer has no list called data');
  if (data.length !== count) throw invalid(`${data.length} embeddings for ${count} texts`);
  const found: Embedding[] = [];
  for (const [at, entry] of data.entries()) {
    const { index = at, embedding } = isObject(entry) ? entry : {};
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= count)
      throw invalid(`an embedding of text ${String(index).slice(0, 20)} of ${count}`);
    if (found[index] !== undefined) throw invalid(`two embeddings of text ${index}`);
    found[index] = embeddingOf(embedding);
  }
  const lengths = new Set(found.map(({ length }) => length));
  if (lengths.size > 1) throw invalid(`embeddings of ${[...lengths].join(' and ')} numbers`);
  return found;
}

function embeddingOf(values: unknown): Embedding {
  if (!Array.isArray(values) || values.length < 2 || values.length > MOST_NUMBERS)
    throw invalid(`an embedding that is no list of 2 to ${MOST_NUMBERS} numbers`);
  const numbers = values.map((value: unknown) => (typeof value === 'number' ? value : Number.NaN));
  const unit = unitEmbedding(numbers);
  if (unit === undefined) throw invalid('an embedding of zeros, or of what is no number');
  return unit;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new EmbeddingsFailure('EMBEDDINGS_INVALID', 'the answer is no JSON', { cause });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
