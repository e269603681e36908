import { Queue, Worker } from 'bullmq';
import { canRunRedis, startRedis } from '../support/redis.ts';
import type { Bench } from './bench.ts';
import { JOB_MS } from './queue.bench.ts';
import { type BareQueue, CONCURRENCY, queueRun } from './queueing.ts';

/** The same in a Redis of the bench's own. */
export const bench: Bench = {
  name: 'queue-redis',
  unit: 'jobs',
  sizes: [5_000],
  quickSizes: [500],
  bars: [
    {
      ...{ id: '12', text: `a job <= ${JOB_MS} ms, 2 % of a batch of 500 messages`, kind: 'bar' },
      mostMs: JOB_MS,
    },
  ],
  missing: () => (canRunRedis() ? undefined : 'redis-server'),
  async setUp(size) {
    const redis = await startRedis();
    const run = await queueRun(size, redis.url, () => bareQueue(redis.url));
    return {
      ...run,
      tearDown: async () => {
        await run.tearDown?.();
        await redis.stop();
      },
    };
  },
};

function bareQueue(url: string): BareQueue {
  const connection = { url, maxRetriesPerRequest: null };
  const queue = new Queue('bare', { connection });
  let worker: Worker | undefined;
  return {
    async addMany(payloads) {
      const opts = { removeOnComplete: true };
      await queue.addBulk(payloads.map((data) => ({ name: 'bare', data, opts })));
    },
    work(onJob) {
      worker = new Worker('bare', async () => onJob(), { connection, concurrency: CONCURRENCY });
    },
    async close() {
      await worker?.close();
      await queue.close();
    },
  };
}
