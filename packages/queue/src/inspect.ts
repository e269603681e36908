import {
  type ErrorCode,
  JOB_STATES,
  type JobState,
  PaperboyError,
  QUEUE_NAMES,
  type QueueName,
} from '@paperboy/core';
import { type AnyJob, type AnyQueue, type QueueMap, reach } from './backend.ts';
import { jobIdOf, readJobId } from './job-id.ts';
import { codeOf } from './retry-policy.ts';

export interface QueueCounts extends Readonly<Record<JobState, number>> {
  readonly queue: QueueName;
  /** A paused queue takes jobs and gives none out. */
  readonly paused: boolean;
  /** Workers connected from all processes. */
  readonly workers: number;
}

export interface JobView {
  /** Such as `ingest/12`. */
  readonly id: string;
  readonly queue: QueueName;
  readonly job: string;
  /** As it stands in the queue; not checked. */
  readonly payload: unknown;
  readonly state: JobState;
  /** Runs so far, a running one included. */
  readonly attempt: number;
  readonly attempts: number;
  /** Why the last run failed, its code first; also of a job that waits to be tried again. */
  readonly failedReason: string | undefined;
  readonly code: ErrorCode | undefined;
  readonly addedAt: Date;
  /** Start of the last run, and its duration once it has ended for good. */
  readonly ranAt: Date | undefined;
  readonly tookMs: number | undefined;
}

/** For the command and the pages. Counts and lists are a moment's view; nothing may be decided by them. */
export interface Inspection {
  queueCounts(): Promise<QueueCounts[]>;
  /** Jobs in one state, the newest first. Completed ones are kept for a day, failed ones for 14. */
  listJobs(
    queue: QueueName,
    state: JobState,
    options?: { readonly limit?: number },
  ): Promise<JobView[]>;
  /** Throws NOT_FOUND. */
  showJob(jobId: string): Promise<JobView>;
  /** Runs a failed job again, with all its attempts. Throws NOT_FOUND if it is not a failed job. */
  retryJob(jobId: string): Promise<void>;
  /** The same for all failed jobs of a queue; how many. */
  retryFailed(queue: QueueName): Promise<number>;
  /** Stops the queue giving out jobs, in every process, until resumed; running ones go on. */
  pause(queue: QueueName): Promise<void>;
  resume(queue: QueueName): Promise<void>;
  /** Removes the jobs that wait or are delayed, but not the schedules; how many. The reconciler adds again what is due. */
  drain(queue: QueueName): Promise<number>;
}

/** The view of these queues that operators have. Each call throws QUEUE_UNAVAILABLE while the server is away. */
export function inspectionOn(queues: QueueMap): Inspection {
  return {
    queueCounts: () =>
      reach(() => Promise.all(QUEUE_NAMES.map((name) => countsOf(name, queues[name])))),
    listJobs: (name, state, { limit = 50 } = {}) =>
      reach(async () => {
        const jobs = await queues[name].getJobs([state], 0, limit - 1);
        return jobs.map((job) => viewOf(name, job, state));
      }),
    showJob: (jobId) =>
      reach(async () => {
        const { name, job } = await find(queues, jobId);
        return viewOf(name, job, stateOf(await job.getState()));
      }),
    retryJob: (jobId) =>
      reach(async () => {
        const { job } = await find(queues, jobId);
        if (!(await retry(job)))
          throw new PaperboyError('NOT_FOUND', `job ${jobId} has not failed`);
      }),
    retryFailed: (name) => reach(() => retryAll(queues[name])),
    pause: (name) => reach(() => queues[name].pause()),
    resume: (name) => reach(() => queues[name].resume()),
    drain: (name) => reach(() => drainQueue(queues[name])),
  };
}

async function countsOf(name: QueueName, queue: AnyQueue): Promise<QueueCounts> {
  const [counts, waiting, paused, workers] = await Promise.all([
    queue.getJobCounts('active', 'delayed', 'failed', 'completed'),
    waitingIn(queue),
    queue.isPaused(),
    queue.getWorkersCount(),
  ]);
  const { active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
  return { queue: name, waiting, active, delayed, failed, completed, paused, workers };
}

async function find(queues: QueueMap, jobId: string) {
  const { queue: name, id } = readJobId(jobId);
  const job = await queues[name].getJob(id);
  if (job === undefined) throw new PaperboyError('NOT_FOUND', `no job ${jobId}`);
  return { name, job };
}

/** False if the job is not failed, or no longer. */
async function retry(job: AnyJob): Promise<boolean> {
  if ((await job.getState()) !== 'failed') return false;
  await job.retry('failed', { resetAttemptsMade: true });
  return true;
}

async function retryAll(queue: AnyQueue): Promise<number> {
  let retried = 0;
  // A page of failed jobs leaves the list as it is retried; a page of which none left ends the loop.
  for (;;) {
    const page = await queue.getJobs(['failed'], 0, 99);
    const outcomes = await Promise.all(page.map((job) => retry(job)));
    const done = outcomes.filter((outcome) => outcome).length;
    retried += done;
    if (done === 0) return retried;
  }
}

async function drainQueue(queue: AnyQueue): Promise<number> {
  const before = await pending(queue);
  await queue.drain(true);
  return Math.max(0, before - (await pending(queue)));
}

async function pending(queue: AnyQueue): Promise<number> {
  const { delayed = 0 } = await queue.getJobCounts('delayed');
  return delayed + (await waitingIn(queue));
}

/** On Postgres, `getJobCounts` finds none waiting in a paused queue. Ours all have priority 0. */
async function waitingIn(queue: AnyQueue): Promise<number> {
  const { 0: waiting = 0 } = await queue.getCountsPerPriority([0]);
  return waiting;
}

function viewOf(queue: QueueName, job: AnyJob, state: JobState): JobView {
  const { processedOn, finishedOn } = job;
  const failedReason = job.failedReason || undefined;
  return {
    id: jobIdOf(queue, job.id),
    queue,
    job: job.name,
    payload: job.data,
    state,
    attempt: job.attemptsMade + (state === 'active' ? 1 : 0),
    attempts: job.opts.attempts ?? 1,
    failedReason,
    code: codeOf(failedReason),
    addedAt: new Date(job.timestamp),
    ranAt: processedOn === undefined ? undefined : new Date(processedOn),
    tookMs:
      processedOn === undefined || finishedOn === undefined ? undefined : finishedOn - processedOn,
  };
}

/** BullMQ's further states come with priorities and flows, which are not used. */
function stateOf(state: string): JobState {
  return JOB_STATES.find((known) => known === state) ?? 'waiting';
}
