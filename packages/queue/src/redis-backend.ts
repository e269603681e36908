import { Queue, Worker } from 'bullmq';
import { ANSWER_MS, type QueueBackend, unavailable, within } from './backend.ts';
import { repeatStrategy } from './cron.ts';
import type { Log } from './log.ts';

/** The queues in Redis or Valkey. Two connections per worker, one per queue. */
export async function openRedis(url: string, log: Log): Promise<QueueBackend> {
  await probe(url, log);
  const settings = { repeatStrategy };
  return {
    // A command fails after some three seconds without a server, so that nobody waits for ever to
    // add a job; a worker waits, as BullMQ asks.
    queue: (name) => new Queue(name, { connection: { url, maxRetriesPerRequest: 2 }, settings }),
    worker: (name, work, options) =>
      new Worker(name, work, {
        ...options,
        connection: { url, maxRetriesPerRequest: null },
        settings,
      }),
    changingSchedules: (change) => change(), // one script in Redis, which nothing interrupts
    close: async () => {},
  };
}

/** One connection that must answer, and a look at the one server setting that can lose jobs. */
async function probe(url: string, log: Log): Promise<void> {
  const { Redis } = await import('ioredis'); // only here: BullMQ loads it only for Redis too
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let lastError: unknown = 'no reply';
  client.on('error', (error) => {
    lastError = error;
  });
  try {
    const memory = await within(
      ANSWER_MS,
      client.connect().then(() => client.info('memory')),
    );
    if (memory === undefined) throw new Error('no reply');
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
    if (policy !== undefined && policy !== 'noeviction') {
      log.warn('queue.evicts', {
        policy,
        help: 'Set maxmemory-policy noeviction, or Redis may drop jobs.',
      });
    }
  } catch {
    throw unavailable(url, lastError);
  } finally {
    client.disconnect();
  }
}
