import { PaperboyError, QUEUE_NAMES, type QueueName } from '@paperboy/core';
import { Queue } from 'bullmq';
import { ANSWER_MS, type QueueBackend, type QueueMap, reach, within } from './backend.ts';
import { JOBS, type JobName, type Payloads, readPayload } from './catalogue.ts';
import { type Inspection, inspectionOn } from './inspect.ts';
import { jobIdOf } from './job-id.ts';
import { type Log, quietly } from './log.ts';
import { migratePostgres, openPostgres } from './postgres-backend.ts';
import { openRedis } from './redis-backend.ts';
import { jobOptions } from './retry-policy.ts';
import { type Schedules, schedulesOn } from './schedules.ts';
import {
  type Handlers,
  type JobDone,
  startWorker,
  type WorkerService,
  type WorkOptions,
} from './work.ts';

export interface AddOptions {
  /**
   * Names the work; letters, digits, `-`, `_` and `.`. While a job of this name waits or is about to
   * be retried, another one with the same key is not added; while it runs, one more run is kept for
   * after it, however many are asked for, so that no wake-up is lost. At most one runs at a time. No
   * guard against doing work twice: once the job has ended the key is free.
   */
  readonly jobKey?: string;
  /** Runs after this time at the earliest. */
  readonly delayMs?: number;
}

export interface Queues extends Schedules, Inspection {
  /**
   * Wakes a worker, after the rows it is about are committed: a job may be lost, and is then added
   * again from those rows. Gives the job's id, of the one that is there already if `jobKey` says so.
   * Throws JOB_INVALID, and QUEUE_UNAVAILABLE after some seconds.
   */
  add<J extends JobName>(job: J, payload: Payloads[J], options?: AddOptions): Promise<string>;
  /** Adds many of one job in one go; the jobs' ids in the same order. */
  addMany<J extends JobName>(
    job: J,
    additions: readonly (AddOptions & { readonly payload: Payloads[J] })[],
  ): Promise<string[]>;
  /** Starts a worker in this process, as in `queues.work('ingest', { 'fetch-page': …, … })`. */
  work<Q extends QueueName>(queue: Q, handlers: Handlers<Q>, options?: WorkOptions): WorkerService;
  /** BullMQ's own objects, for bull-board in services/web and for nothing else: the one hole in this package. */
  boards(): readonly Queue[];
  /** Stops workers that still run, then closes the connections. */
  close(): Promise<void>;
}

export interface QueueSettings {
  /** `redis://`, `rediss://`, `postgres://`, or `postgres` for the database below. */
  readonly queueUrl: string;
  readonly databaseUrl: string;
  readonly log: Log;
  /** Called after each run of a job in this process, for metrics. */
  readonly onJobDone?: (done: JobDone) => void;
}

/**
 * Connects to the server that holds the queues and makes it ready (Postgres: BullMQ's tables).
 * Throws QUEUE_UNAVAILABLE within about five seconds, MIGRATION_FAILED, SETTING_INVALID.
 */
export async function openQueues(settings: QueueSettings): Promise<Queues> {
  const { log, onJobDone } = settings;
  const backend = await openBackend(serverUrl(settings), log);
  const workers: WorkerService[] = [];
  const queues: QueueMap = { ingest: backend.queue('ingest'), mailer: backend.queue('mailer') };
  const all = QUEUE_NAMES.map((name) => queues[name]);
  const onError = quietly(log, 'queue.error');
  for (const queue of all) queue.on('error', onError);
  await reach(() => Promise.all(all.map((queue) => queue.waitUntilReady())));

  return {
    ...schedulesOn(backend, queues),
    ...inspectionOn(queues),
    add: async (job, payload, options = {}) => {
      const { name, data, opts } = entry(job, payload, options);
      const { queue } = JOBS[job];
      return jobIdOf(queue, (await reach(() => queues[queue].add(name, data, opts))).id);
    },
    addMany: async (job, additions) => {
      const { queue } = JOBS[job];
      const entries = additions.map(({ payload, ...options }) => entry(job, payload, options));
      const added = await reach(() => queues[queue].addBulk(entries));
      return added.map(({ id }) => jobIdOf(queue, id));
    },
    work: (queue, handlers, options) => {
      const worker = startWorker(backend, queue, handlers, { log, onError, onJobDone }, options);
      workers.push(worker);
      return worker;
    },
    boards: () => all.filter((queue) => queue instanceof Queue),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await within(ANSWER_MS, Promise.allSettled(all.map((queue) => queue.close())));
      await backend.close();
    },
  };
}

/** Makes the server ready for `openQueues`, for the `migrate` command: BullMQ's tables in Postgres; Redis needs nothing. */
export async function migrateQueue(
  settings: Pick<QueueSettings, 'queueUrl' | 'databaseUrl'>,
): Promise<void> {
  const url = serverUrl(settings);
  if (serverKind(url) === 'postgres') await migratePostgres(url);
}

async function openBackend(url: string, log: Log): Promise<QueueBackend> {
  return serverKind(url) === 'postgres' ? openPostgres(url) : openRedis(url, log);
}

function serverUrl({ queueUrl, databaseUrl }: Pick<QueueSettings, 'queueUrl' | 'databaseUrl'>) {
  return queueUrl === 'postgres' ? databaseUrl : queueUrl;
}

function serverKind(url: string): 'postgres' | 'redis' {
  const protocol = URL.canParse(url) ? new URL(url).protocol : 'none';
  if (protocol === 'postgres:' || protocol === 'postgresql:') return 'postgres';
  if (protocol === 'redis:' || protocol === 'rediss:') return 'redis';
  throw new PaperboyError(
    'SETTING_INVALID',
    'QUEUE_URL begins with none of postgres://, redis://, rediss://',
  );
}

function entry<J extends JobName>(
  job: J,
  payload: Payloads[J],
  { jobKey, delayMs = 0 }: AddOptions,
) {
  if (jobKey !== undefined && !/^[\w.-]{1,100}$/.test(jobKey)) {
    throw new PaperboyError('JOB_INVALID', `${job}: bad key ${jobKey.slice(0, 100)}`);
  }
  // Not BullMQ's jobId: a kept completed job would keep its id taken.
  const once = { id: `${job}:${jobKey}`, keepLastIfActive: true };
  const deduplication = jobKey === undefined ? {} : { deduplication: once };
  return {
    name: job,
    data: readPayload(job, payload),
    opts: { ...jobOptions(job), ...deduplication, delay: delayMs },
  };
}
