import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { desks } from '@paperboy/cli';
import { createLinks } from '@paperboy/email';
import { openQueues } from '@paperboy/queue';
import { createMetrics, Health, silentLog } from '@paperboy/runtime';
import type { Store } from '@paperboy/store';
import { startWeb } from '@paperboy/web';
import { Hono } from 'hono';
import type { Bench } from './bench.ts';
import { type Asked, askSteadily } from './http-client.ts';
import { benchStore } from './postgres.ts';
import { loadReading } from './reading-data.ts';

const PER_SECOND = 200;
const SECONDS = 8;
/** Asked before what counts: whoever comes first after a silence waits for the page to be made, on both sides. */
const WARM_SECONDS = 1;
/** What a reader is promised of the listing page. */
const FIRST_BYTE_MS = 50;
const PAGE_BYTES = 60_000;

/**
 * The newest listing at a steady rate of requests, beside a bare route of the same framework that answers with two
 * bytes: the time to the first byte, 99th percentile.
 */
export const bench: Bench = {
  name: 'http',
  unit: 'first bytes',
  sizes: [100_000],
  quickSizes: [2_000],
  bars: [
    {
      id: 'http',
      text: `first byte p99 <= ${FIRST_BYTE_MS} ms at ${PER_SECOND} requests a second`,
      kind: 'bar',
      size: 100_000,
      mostMs: FIRST_BYTE_MS,
    },
  ],
  async setUp(size) {
    const store = await benchStore();
    await loadReading(store, size);
    const web = await openWeb(store);
    const bare = await openBare();
    let asked: Asked | undefined;
    return {
      async ours() {
        asked = await askWarm(web.url);
        return { figure: asked.p99Ms };
      },
      limit: async () => ({ figure: (await askWarm(bare.url)).p99Ms }),
      check() {
        if (asked?.answers !== PER_SECOND * SECONDS || asked.failed > 0)
          throw new Error(`${asked?.answers} answers, ${asked?.failed} of them failed`);
        if (asked.bytes < 1_000 || asked.bytes > PAGE_BYTES)
          throw new Error(`the page is ${asked.bytes} bytes, ${PAGE_BYTES} are promised`);
      },
      async tearDown() {
        await bare.close();
        await web.close();
        await store.close();
      },
    };
  },
};

async function askWarm(url: string): Promise<Asked> {
  await askSteadily(url, PER_SECOND, WARM_SECONDS);
  return askSteadily(url, PER_SECOND, SECONDS);
}

async function openWeb({ db, pool }: Store) {
  const databaseUrl = pool.options.connectionString ?? '';
  const queues = await openQueues({ databaseUrl, queueUrl: 'postgres', log: silentLog });
  const publicUrl = 'http://127.0.0.1';
  const deps = {
    ...{ db, queues, health: new Health(), metrics: await createMetrics(), log: silentLog },
    links: createLinks({ secret: 'a secret that only the bench knows', publicUrl }),
    settingsInForce: () => [],
    ...desks(db, async () => {}),
    settings: {
      ...{ httpHost: '127.0.0.1', httpPort: 0, publicUrl, adminPassword: '', smtpUrl: 'inbox' },
      sending: true,
      mailPerHour: 0,
      uncertainPolicy: 'resend' as const,
      mailPerDay: 0,
      ...{ hookSesTopic: '', hookPostmarkPassword: '', hookSendgridKey: '', hookMailgunKey: '' },
    },
  };
  const { url, complete, stop } = await startWeb(deps, async () => deps);
  await complete();
  return { url, close: () => stop().then(() => queues.close()) };
}

async function openBare() {
  const app = new Hono();
  app.get('/', (c) => c.text('ok'));
  const server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
