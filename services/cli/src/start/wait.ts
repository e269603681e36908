import { setTimeout as sleep } from 'node:timers/promises';
import { PaperboyError } from '@paperboy/core';
import type { Queues } from '@paperboy/queue';

/** Thrown by waits when the process is to end; nothing is wrong, and the next start goes on from the rows. */
export class Stopped extends Error {}

export interface Waiting {
  readonly stopping: AbortSignal;
  readonly queues: Pick<Queues, 'showJob'>;
  /** Longest wait without any change. */
  readonly deadlineMs?: number;
}

/** What a look at the rows found: the end of the wait, or how things stand, in words. */
export type Look<T> = { readonly done: T } | { readonly state: string };

const POLL_MS = 15;
const SLOW_POLL_MS = 250;
const DEADLINE_MS = 60_000;
/** From here on a job's own state is looked at too: one that failed for good will not change any row. */
const LOOK_AT_JOB_MS = 1_000;

/**
 * Polls our own tables until `look` gives a value, because what a queue says of a job proves nothing about rows.
 * While what it says of the state changes, the deadline moves on. Throws
 * Stopped, the failure of the job that is waited for, or QUEUE_UNAVAILABLE.
 */
export async function waitFor<T>(
  { stopping, queues, deadlineMs = DEADLINE_MS }: Waiting,
  what: string,
  look: () => Promise<Look<T>>,
  jobId?: string,
): Promise<T> {
  let state = '';
  let changedAt = performance.now();
  for (let pollMs = POLL_MS; ; pollMs = Math.min(SLOW_POLL_MS, pollMs * 1.25)) {
    if (stopping.aborted) throw new Stopped();
    const seen = await look();
    if ('done' in seen) return seen.done;
    if (seen.state !== state) changedAt = performance.now();
    state = seen.state;
    const waitedMs = performance.now() - changedAt;
    if (jobId !== undefined && waitedMs > LOOK_AT_JOB_MS) await throwIfFailed(queues, jobId);
    if (waitedMs > deadlineMs) {
      const detail = `${what}: nothing moved for ${Math.round(waitedMs / 1_000)} s (${state}); see paperboy queue list`;
      throw new PaperboyError('QUEUE_UNAVAILABLE', detail);
    }
    await sleep(pollMs, undefined, { signal: stopping }).catch(() => {});
  }
}

async function throwIfFailed(queues: Pick<Queues, 'showJob'>, jobId: string): Promise<void> {
  const job = await queues.showJob(jobId).catch(() => undefined);
  if (job?.state !== 'failed') return;
  const reason = job.failedReason ?? 'no reason given';
  throw new PaperboyError(job.code ?? 'INTERNAL', reason.replace(/^[A-Z_]+: /, ''));
}
