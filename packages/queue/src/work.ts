import { PaperboyError, type QueueName } from '@paperboy/core';
import { UnrecoverableError, WaitingError } from 'bullmq';
import { type AnyJob, type AnyWorker, type QueueBackend, within } from './backend.ts';
import {
  isJobOf,
  type JobName,
  type JobsOf,
  type Payloads,
  QUEUES,
  readPayload,
} from './catalogue.ts';
import { jobIdOf } from './job-id.ts';
import type { Log } from './log.ts';
import { codeOf, jobFailure } from './retry-policy.ts';

/** What a handler is given besides the payload. */
interface JobContext {
  readonly jobId: string;
  /** 1 in the first run. */
  readonly attempt: number;
  /**
   * Aborted when the service stops and the grace time is over, or when the job's lock was lost and
   * another worker may run it. A handler that then throws has its job run again, elsewhere.
   */
  readonly signal: AbortSignal;
  /** Lines carry queue, job, jobId and attempt. */
  readonly log: Log;
}

/**
 * Does one job. It may run twice for the same payload, at the same time at worst, and has to leave
 * the same rows. A thrown PaperboyError decides by its code whether the job is tried again; any
 * other error is. What it returns is not kept.
 */
type Handler<J extends JobName> = (payload: Payloads[J], context: JobContext) => Promise<unknown>;

/** A handler for every job of a queue; a missing one does not compile. */
export type Handlers<Q extends QueueName> = Pick<AllHandlers, JobsOf<Q>>;
type AllHandlers = { readonly [J in JobName]: Handler<J> };

export interface WorkOptions {
  /** Jobs at a time in this process. Default: the queue's in the catalogue. */
  readonly concurrency?: number;
  /** How long stop() lets running jobs be before it aborts their signals. Default 10 s. */
  readonly graceMs?: number;
  /** How long it then waits for them to end. Default 5 s. */
  readonly abortMs?: number;
  /** A job whose lock was not renewed this long counts as lost. Default: the queue's in the catalogue. */
  readonly lockMs?: number;
  /** How often lost jobs are looked for. Default: the queue's in the catalogue. */
  readonly stalledCheckMs?: number;
}

/** A running worker. */
export interface WorkerService {
  readonly name: string;
  /**
   * Takes no more jobs, lets running ones end, aborts those that outlast the grace time, and closes.
   * Resolves within graceMs + abortMs. A handler that ignores its signal is left behind and keeps its
   * job until it or the process ends; the job of an ended process runs again elsewhere. Repeats join
   * the first.
   */
  stop(): Promise<void>;
}

/** How one run of a job ended; `retrying` if it will be tried again by itself. */
export interface JobDone {
  readonly queue: QueueName;
  readonly job: string;
  readonly outcome: 'completed' | 'failed' | 'retrying';
  readonly ms: number;
}

export interface WorkReports {
  readonly log: Log;
  /** Errors of the connection, which BullMQ repairs by itself. */
  readonly onError: (error: Error) => void;
  readonly onJobDone?: (done: JobDone) => void;
}

/** A job killed with its worker this often is given up; BullMQ's own 1 gives up a bystander of two crashes. */
const MAX_STALLED = 10;
const CLOSE_MS = 2_000;

/** Takes jobs of `queue` from now on. */
export function startWorker<Q extends QueueName>(
  backend: QueueBackend,
  queue: Q,
  handlers: Handlers<Q>,
  reports: WorkReports,
  options: WorkOptions = {},
): WorkerService {
  return new QueueWorker(backend, queue, handlers, reports, options);
}

class QueueWorker<Q extends QueueName> implements WorkerService {
  readonly name: string;
  readonly #queue: Q;
  readonly #handlers: Handlers<Q>;
  readonly #reports: WorkReports;
  readonly #options: WorkOptions;
  readonly #worker: AnyWorker;
  /** The jobs running here, by BullMQ's id. */
  readonly #running = new Map<string | undefined, AbortController>();
  #isAborting = false;
  #stopped: Promise<void> | undefined;

  constructor(
    backend: QueueBackend,
    queue: Q,
    handlers: Handlers<Q>,
    reports: WorkReports,
    options: WorkOptions,
  ) {
    this.name = `${queue}-worker`;
    this.#queue = queue;
    this.#handlers = handlers;
    this.#reports = { ...reports, log: reports.log.child({ queue }) };
    this.#options = options;
    this.#worker = backend.worker(queue, (job, token) => this.#run(job, token), {
      concurrency: options.concurrency ?? QUEUES[queue].concurrency,
      lockDuration: options.lockMs ?? QUEUES[queue].lockMs,
      stalledInterval: options.stalledCheckMs ?? QUEUES[queue].stalledCheckMs,
      maxStalledCount: MAX_STALLED,
    });
    this.#listen();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#drain();
    return this.#stopped;
  }

  async #drain(): Promise<void> {
    const { graceMs = 10_000, abortMs = 5_000 } = this.#options;
    const closed = this.#worker.close().then(
      () => true,
      () => true,
    );
    // With nothing running only an unreachable server can hold this up.
    if (await within(this.#running.size === 0 ? CLOSE_MS : graceMs, closed)) return;
    this.#isAborting = true;
    for (const controller of this.#running.values()) controller.abort();
    if (await within(abortMs, closed)) return;
    this.#reports.log.warn('worker.abandoned', { jobs: this.#running.size });
  }

  async #run(job: AnyJob, token: string | undefined): Promise<void> {
    const controller = new AbortController();
    this.#running.set(job.id, controller);
    try {
      await this.#handle(job, controller.signal);
    } catch (thrown) {
      const failure = jobFailure(thrown);
      const isFinal = failure instanceof UnrecoverableError;
      if (this.#isAborting && !isFinal) await this.#putBack(job, token);
      throw failure;
    } finally {
      this.#running.delete(job.id);
    }
  }

  async #handle(job: AnyJob, signal: AbortSignal): Promise<void> {
    const { name } = job;
    if (!isJobOf(this.#queue, name)) {
      throw new PaperboyError('JOB_INVALID', `queue ${this.#queue} has no job ${name}`);
    }
    const jobId = jobIdOf(this.#queue, job.id);
    const attempt = job.attemptsMade + 1;
    const log = this.#reports.log.child({ job: name, jobId, attempt });
    await this.#call(name, job.data, { jobId, attempt, signal, log });
  }

  async #call<J extends JobsOf<Q>>(name: J, payload: unknown, context: JobContext): Promise<void> {
    await this.#handlers[name](readPayload(name, payload), context);
  }

  /** An interrupted run is nobody's failure: the job waits again and its attempt does not count. */
  async #putBack(job: AnyJob, token: string | undefined): Promise<never> {
    await job.moveToWait(token);
    this.#reports.log.info('job.interrupted', {
      job: job.name,
      jobId: jobIdOf(this.#queue, job.id),
    });
    throw new WaitingError();
  }

  #listen(): void {
    const { log, onError } = this.#reports;
    this.#worker.on('error', onError);
    this.#worker.on('stalled', (id) =>
      log.warn('job.stalled', { jobId: jobIdOf(this.#queue, id) }),
    );
    this.#worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.#running.get(id)?.abort();
    });
    this.#worker.on('completed', (job) => this.#done(job, 'completed'));
    this.#worker.on('failed', (job, error) => {
      if (job === undefined) return;
      const isFinal =
        error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts ?? 1);
      this.#done(job, isFinal ? 'failed' : 'retrying', error.message);
    });
  }

  #done(job: AnyJob, outcome: JobDone['outcome'], reason?: string): void {
    const ms = Date.now() - (job.processedOn ?? Date.now());
    const fields = {
      job: job.name,
      jobId: jobIdOf(this.#queue, job.id),
      attempt: job.attemptsMade,
      ms,
    };
    const { log, onJobDone } = this.#reports;
    if (outcome === 'completed') log.debug('job.completed', fields);
    if (outcome === 'retrying')
      log.warn('job.retrying', { ...fields, code: codeOf(reason), reason });
    if (outcome === 'failed') log.error('job.failed', { ...fields, code: codeOf(reason), reason });
    onJobDone?.({ queue: this.#queue, job: job.name, outcome, ms });
  }
}
