import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ListingPageId } from '@paperboy/core';
import { embeddingService, ensureTopic, topicTextKey, vectorsOf } from '@paperboy/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddingOptions, openEmbeddings } from '../src/embeddings.ts';
import { TopicMatcher } from '../src/index.ts';
import { type Bench, entry, listing, openBench, record } from './support.ts';
import { serve } from './web-server.ts';

let bench: Bench;
const open: (() => Promise<void>)[] = [];
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
afterEach(async () => {
  for (const close of open.splice(0)) await close();
  await bench.store.pool.query(`
    truncate listing_page, paper, topic, embedding cascade;
    update embedding_service set troubled_since = null, times = 0, retry_at = null`);
});

/** The numbers of a text: what it says of money, of rivers, and something that all texts share. */
function numbersOf(text: string): number[] {
  const count = (words: RegExp) => text.match(words)?.length ?? 0;
  return [count(/credit|interest/gi), count(/shore|sediment/gi), 1];
}

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
  readonly authorization: string | undefined;
}
type Answer = (asked: Asked, response: ServerResponse) => void;

/** What an honest service answers, last text first, as the numbers of entries say which is which. */
const honest: Answer = ({ input }, response) =>
  says(response, input.map((text, index) => ({ index, embedding: numbersOf(text) })).reverse());
const says = (response: ServerResponse, data: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
const refuses =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(status, headers).end('{"error":{"message":"not now"}}');

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

/** A service whose answer can be changed, Paperboy's side of it, and what it warned of. */
async function openService(answer: Answer, options: Partial<EmbeddingOptions> = {}) {
  const asked: Asked[] = [];
  const now = { answer };
  const { url } = await serve(async (request, response) => {
    const { model, input } = JSON.parse(await bodyOf(request));
    const one = { model, input, authorization: request.headers.authorization };
    asked.push(one);
    now.answer(one, response);
  });
  const warned: Record<string, unknown>[] = [];
  const log = {
    info: () => {},
    warn: (event: string, fields?: object) => void warned.push({ event, ...fields }),
  };
  const defaults = { url: `${url}/v1`, key: 'k3y', model: 'small', weight: 1, timeoutMs: 500 };
  const embeddings = openEmbeddings(
    { db: bench.store.db, log },
    { ...defaults, perRun: 2_000, ...options },
  );
  open.unshift(() => embeddings.close());
  return { asked, now, warned, embeddings };
}
/** As if the pause after a failure were over. */
const pauseIsOver = () =>
  bench.store.pool.query(`update embedding_service set retry_at = now() - interval '1 second'`);
const countVectors = async () =>
  Number((await bench.store.pool.query('select count(*) as n from embedding')).rows[0].n);
const addTopic = (query: string) =>
  ensureTopic(bench.store.db, { query, queryHash: Buffer.alloc(32, query) });

const money = (index: number) => ({
  ...entry(`The bank of subject ${index}`),
  abstract: 'Credit and interest.',
});
const river = (index: number) => ({
  ...entry(`Subject ${index} in place`),
  abstract: `Sediment ${index} along a shore.`,
});
const PAST = Array.from({ length: 32 }, (_, index) => (index % 4 ? river(index) : money(index)));
const recordPast = async () => {
  const { id } = await record(bench, listing(2, PAST));
  await new TopicMatcher(bench.store.db).matchPage(id);
};
const NEWS = [
  { ...entry('A savings house'), abstract: 'One bank, credit and interest.' },
  { ...entry('A walk by water'), abstract: 'One bank, sediment along a shore.' },
];
/** The same page, matched anew. */
async function matchNews(matcher: TopicMatcher, page: ListingPageId) {
  const { pool } = bench.store;
  await pool.query('delete from match');
  await pool.query('update listing_page set ready_no = null where id = $1', [page]);
  await matcher.matchPage(page);
  const { rows } = await pool.query(
    `select title, strength, reasons from match join paper on paper.id = paper_id
     join paper_text text on text.id = paper.text_id order by title`,
  );
  return rows;
}
const recordNews = async () => (await record(bench, listing(3, NEWS))).id;

describe('a service that answers', () => {
  test('is asked once for each text, and moves the order of what words found', async () => {
    const topic = await addTopic('bank');
    await bench.store.pool.query(`update topic set slug = 'bank' where id = $1`, [topic]);
    await recordPast();
    const { asked, embeddings, warned } = await openService(honest);
    expect(await embeddings.isMoreToAsk()).toBe(true);
    expect(await embeddings.askForMore()).toBe(PAST.length + 1);
    expect(await embeddings.isMoreToAsk()).toBe(false);
    expect(asked.map(({ input }) => input.length)).toEqual([32, 1]);
    expect(asked[1]).toEqual({ model: 'small', input: ['bank'], authorization: 'Bearer k3y' });
    const key = topicTextKey(Buffer.alloc(32, 'bank'));
    expect((await vectorsOf(bench.store.db, 'small', [key])).get(key)).toHaveLength(3);

    const page = await recordNews();
    const plain = await matchNews(new TopicMatcher(bench.store.db), page);
    const matched = await matchNews(new TopicMatcher(bench.store.db, undefined, embeddings), page);
    const strengthOf = (rows: typeof plain, title: string) =>
      rows.find((row) => row.title === title)?.strength ?? 0;
    const gap = (rows: typeof plain) =>
      strengthOf(rows, 'A savings house') - strengthOf(rows, 'A walk by water');
    expect(gap(matched)).toBeGreaterThan(gap(plain) + 0.1);
    const told = matched.find(({ title }) => title === 'A savings house')?.reasons;
    expect(told.at(-1)).toMatchObject({ kind: 'resembles', title: /^The bank of subject/ });
    expect(told.length).toBeGreaterThan(1);
    expect(asked.slice(2).map(({ input }) => input.length)).toEqual([2]);
    expect(warned).toEqual([]);
  });

  test('is asked no more than the cap in a run, and anew by another model and for a revised text', async () => {
    await recordPast();
    const { embeddings } = await openService(honest, { perRun: 20 });
    expect(await embeddings.askForMore()).toBe(20);
    expect(await embeddings.askForMore()).toBe(12);
    await bench.store.pool.query(
      `update paper_text set abstract = 'Told anew.', fingerprint = gen_random_uuid()
       where id = (select min(id) from paper_text)`,
    );
    expect(await embeddings.askForMore()).toBe(1);
    const other = await openService(honest, { model: 'large' });
    expect(await other.embeddings.askForMore()).toBe(32);
    expect(await countVectors()).toBe(65);
  });
});

describe('a service that misbehaves', () => {
  const WAYS: Readonly<Record<string, readonly [Answer, RegExp]>> = {
    'says nothing': [() => {}, /no answer in 500 ms/],
    'is at its limit': [refuses(429, { 'retry-after': '7200' }), /status 429: not now/],
    fails: [refuses(500), /status 500/],
    'knows no such key': [refuses(401), /EMBEDDINGS_INVALID: status 401/],
    'leads elsewhere': [refuses(307, { location: 'http://127.0.0.1:1/' }), /status 307/],
    'hangs up': [(_, response) => response.destroy(), /EMBEDDINGS_UNAVAILABLE/],
    'gives a list that is short': [
      ({ input }, response) =>
        says(
          response,
          input.slice(1).map((text) => ({ embedding: numbersOf(text) })),
        ),
      /1 embeddings for 2 texts/,
    ],
    'gives the same one twice': [
      ({ input }, response) =>
        says(
          response,
          input.map((text) => ({ index: 0, embedding: numbersOf(text) })),
        ),
      /two embeddings of text 0/,
    ],
    'gives what is no number': [
      (_, response) => response.end('{"data":[{"embedding":[1,NaN]},{"embedding":[1,2]}]}'),
      /no JSON/,
    ],
    'gives text for numbers': [
      ({ input }, response) =>
        says(
          response,
          input.map(() => ({ embedding: [1, 'NaN', 3] })),
        ),
      /no number/,
    ],
    'gives numbers without end': [
      ({ input }, response) =>
        response.end(`{"data":[${input.map(() => '{"embedding":[1e999,1,1]}').join()}]}`),
      /no number/,
    ],
    'gives zeros': [
      ({ input }, response) =>
        says(
          response,
          input.map(() => ({ embedding: [0, 0, 0] })),
        ),
      /zeros/,
    ],
    'gives as many numbers as it likes': [
      ({ input }, response) =>
        says(
          response,
          input.map((_, at) => ({ embedding: Array(2 + at).fill(1) })),
        ),
      /embeddings of 2 and 3 numbers/,
    ],
    'pours without end': [
      (_, response) => {
        const fill = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', fill);
        fill();
      },
      /over \d+ bytes|no answer in/,
    ],
  };

  test.each(Object.entries(WAYS))(
    '%s: pages are matched as without it, and it is told once',
    async (_, [answer, told]) => {
      await addTopic('bank');
      const { asked, embeddings, warned } = await openService(answer);
      const matcher = new TopicMatcher(bench.store.db, undefined, embeddings);
      const rows = await matchNews(matcher, await recordNews());
      expect(rows.map(({ title }) => title)).toEqual(NEWS.map(({ title }) => title));
      expect(asked).toHaveLength(1);
      expect(warned).toHaveLength(1);
      expect(warned[0]).toMatchObject({ event: 'embeddings.away' });
      expect(JSON.stringify(warned)).not.toContain('k3y');
      const { trouble } = await embeddingService(bench.store.db);
      expect(trouble?.detail).toMatch(told);
      expect(await countVectors()).toBe(0);
      // Nobody asks during the pause, and what comes after it is no second warning.
      await embeddings.askForMore();
      expect(asked).toHaveLength(1);
      expect(await embeddings.isMoreToAsk()).toBe(false);
    },
  );

  test('is left alone as long as it says, and longer each time; the first answer ends it', async () => {
    await recordPast();
    const { now, warned, embeddings } = await openService(refuses(429, { 'retry-after': '7200' }));
    const minutes = async () => {
      await embeddings.askForMore();
      const { trouble } = await embeddingService(bench.store.db);
      return Math.round(((trouble?.retryAt.getTime() ?? 0) - Date.now()) / 60_000);
    };
    expect(await minutes()).toBe(120);
    now.answer = refuses(500);
    const waits = [];
    for (let time = 0; time < 3; time++) {
      await pauseIsOver();
      waits.push(await minutes());
    }
    expect(waits).toEqual([2, 4, 8]);
    expect(warned).toHaveLength(1);
    now.answer = honest;
    await pauseIsOver();
    expect(await embeddings.askForMore()).toBe(PAST.length);
    expect(await embeddingService(bench.store.db)).not.toHaveProperty('trouble');
  });

  test('gives another number of numbers than before: none of them is kept', async () => {
    await recordPast();
    const { now, embeddings } = await openService(honest, { perRun: 8 });
    await embeddings.askForMore();
    now.answer = ({ input }, response) =>
      says(
        response,
        input.map(() => ({ embedding: [1, 2, 3, 4] })),
      );
    await embeddings.askForMore();
    expect(await countVectors()).toBe(8);
    const { trouble } = await embeddingService(bench.store.db);
    expect(trouble?.detail).toMatch(/embeddings of 4 numbers, where small gave 3 before/);
  });

  test('a stop ends the question under way, and is no failure', async () => {
    await recordPast();
    const { asked, embeddings, warned } = await openService(() => {}, { timeoutMs: 60_000 });
    const stopping = new AbortController();
    const work = embeddings.askForMore(stopping.signal);
    while (asked.length === 0) await pause(5);
    stopping.abort(new Error('the service stops'));
    await expect(work).rejects.toThrow('the service stops');
    expect(warned).toEqual([]);
    expect(await embeddingService(bench.store.db)).not.toHaveProperty('trouble');
  });
});
