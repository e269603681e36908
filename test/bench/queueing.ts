import { type EditionId, idOf } from '@paperboy/core';
import { openQueues, type Queues } from '@paperboy/queue';
import { silentLog } from '@paperboy/runtime';
import type { BenchRun } from './bench.ts';

/** Jobs that are added in one go, as a page's and an edition's are. */
const AT_ONCE = 100;
/** Jobs at a time, on both sides. */
export const CONCURRENCY = 2;

/** A bare queue to measure against. */
export interface BareQueue {
  addMany(payloads: readonly unknown[]): Promise<void>;
  /** Calls back for each job until closed. */
  work(onJob: () => void): void;
  close(): Promise<void>;
}

/**
 * Jobs that do nothing, from adding to done, through the shipped queues beside BullMQ alone on the same server: what a
 * batch of a digest run pays for being a job.
 */
export async function queueRun(
  size: number,
  url: string,
  openBare: () => BareQueue,
): Promise<BenchRun> {
  const queues = await openQueues({ queueUrl: url, databaseUrl: url, log: silentLog });
  const bare = openBare();
  const ours = counter();
  const limit = counter();
  work(queues, ours.count);
  bare.work(limit.count);
  const editionId = idOf('edition', '1');
  return {
    async ours() {
      const done = ours.until(size);
      for (let at = 0; at < size; at += AT_ONCE)
        await queues.addMany('deliver-batch', payloads(editionId, size - at));
      await done;
      return size;
    },
    async limit() {
      const done = limit.until(size);
      for (let at = 0; at < size; at += AT_ONCE)
        await bare.addMany(payloads(editionId, size - at).map(({ payload }) => payload));
      await done;
      return size;
    },
    check() {
      if (ours.seen() !== limit.seen()) throw new Error(`${ours.seen()} of ${limit.seen()} jobs`);
    },
    async tearDown() {
      await queues.close();
      await bare.close();
    },
  };
}

const payloads = (editionId: EditionId, left: number) =>
  Array.from({ length: Math.min(AT_ONCE, left) }, () => ({ payload: { editionId } }));

function work(queues: Queues, onJob: () => void): void {
  const nothing = async () => {};
  const handlers = {
    ...{ 'plan-editions': nothing, 'send-confirmations': nothing, 'plan-first-digest': nothing },
    'deliver-batch': async () => onJob(),
  };
  queues.work('mailer', handlers, { concurrency: CONCURRENCY });
}

/** Counts jobs, and tells when so many more are done. */
function counter() {
  let seen = 0;
  let waiting: { at: number; resolve: () => void } | undefined;
  return {
    seen: () => seen,
    count() {
      seen++;
      if (seen === waiting?.at) waiting.resolve();
    },
    until: (more: number) =>
      new Promise<void>((resolve) => {
        waiting = { at: seen + more, resolve };
      }),
  };
}
