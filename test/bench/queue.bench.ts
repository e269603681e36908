import { createPostgresBackend, Queue, Worker } from 'bullmq';
import pg from 'pg';
import type { Bench } from './bench.ts';
import { benchStore } from './postgres.ts';
import { type BareQueue, CONCURRENCY, queueRun } from './queueing.ts';

/** What a batch of 500 messages may pay for being a job: 2 % of it at 2,500 messages a second. */
export const JOB_MS = 4;

/** Jobs in Postgres. */
export const bench: Bench = {
  name: 'queue',
  unit: 'jobs',
  sizes: [1_000],
  quickSizes: [200],
  bars: [
    {
      ...{ id: '12', text: `a job <= ${JOB_MS} ms, 2 % of a batch of 500 messages`, kind: 'bar' },
      mostMs: JOB_MS,
    },
  ],
  async setUp(size) {
    const store = await benchStore();
    const url = store.pool.options.connectionString ?? '';
    const run = await queueRun(size, url, () => bareQueue(url));
    return {
      ...run,
      tearDown: async () => {
        await run.tearDown?.();
        await store.close();
      },
    };
  },
};

function bareQueue(url: string): BareQueue {
  const target = new URL(url);
  // The tables that the shipped queues have made; BullMQ reads its schema from nowhere else.
  target.searchParams.set('options', '-c search_path=bullmq');
  const connection = new pg.Pool({ connectionString: target.href, max: 4 + 1 + CONCURRENCY });
  connection.setMaxListeners(0);
  const queue = new Queue('bare', { connection }, createPostgresBackend);
  let close: (() => Promise<void>) | undefined;
  return {
    async addMany(payloads) {
      const opts = { removeOnComplete: true };
      await queue.addBulk(payloads.map((data) => ({ name: 'bare', data, opts })));
    },
    work(onJob) {
      const options = { connection, concurrency: CONCURRENCY };
      const worker = new Worker('bare', async () => onJob(), options, createPostgresBackend);
      close = () => worker.close();
    },
    async close() {
      await close?.();
      await queue.close();
      await connection.end();
    },
  };
}
