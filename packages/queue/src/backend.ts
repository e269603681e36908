import { PaperboyError, type QueueName } from '@paperboy/core';
import type { Processor, Queue, Worker, WorkerListener, WorkerOptions } from 'bullmq';

/**
 * What this package uses of a BullMQ queue: the same on both servers, while the classes differ in
 * type by their server. Payloads are `unknown` until the catalogue has read them.
 */
export interface AnyQueue
  extends Pick<
    Queue<unknown, void, string>,
    | 'name'
    | 'add'
    | 'addBulk'
    | 'getJob'
    | 'getJobs'
    | 'getJobCounts'
    | 'getCountsPerPriority'
    | 'getWorkersCount'
    | 'pause'
    | 'resume'
    | 'isPaused'
    | 'drain'
    | 'close'
    | 'waitUntilReady'
    | 'upsertJobScheduler'
    | 'removeJobScheduler'
    | 'getJobScheduler'
    | 'getJobSchedulers'
  > {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The queues by name. */
export type QueueMap = Readonly<Record<QueueName, AnyQueue>>;

type Listener = WorkerListener<unknown, void, string>;
/** The same of a BullMQ worker. */
export interface AnyWorker extends Pick<Worker, 'pause' | 'close'> {
  on<Event extends keyof Listener>(event: Event, listener: Listener[Event]): unknown;
}
type AnyWork = Processor<unknown, void, string>;
export type AnyJob = Parameters<AnyWork>[0];

/** One server that holds all queues. */
export interface QueueBackend {
  queue(name: QueueName): AnyQueue;
  worker(name: QueueName, work: AnyWork, options: Omit<WorkerOptions, 'connection'>): AnyWorker;
  /** Runs `change` while no other process is in its own `change` of schedules; calls do not overlap here either. */
  changingSchedules<T>(change: () => Promise<T>): Promise<T>;
  /** To be called when every queue and worker is closed. */
  close(): Promise<void>;
}

/** Longest wait for a server to answer, in opening and in each command. */
export const ANSWER_MS = 5_000;

/** Runs a command of BullMQ; what its driver throws becomes QUEUE_UNAVAILABLE. */
export async function reach<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (cause) {
    if (cause instanceof PaperboyError) throw cause;
    throw new PaperboyError('QUEUE_UNAVAILABLE', `a command failed (${problemIn(cause)})`, {
      cause,
    });
  }
}

/** `redis at cache.example:6379/0 does not answer (ECONNREFUSED)`: never the credentials in the URL. */
export function unavailable(url: string, cause: unknown): PaperboyError {
  const { protocol, host, pathname } = new URL(url);
  const server = `${protocol.slice(0, -1)} at ${host}${pathname === '/' ? '' : pathname}`;
  const detail = `${server} does not answer (${problemIn(cause)})`;
  return new PaperboyError('QUEUE_UNAVAILABLE', detail, { cause });
}

/** A driver's error in a few words: the system's code, or the first line of its text. */
export function problemIn(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'MaxRetriesPerRequestError') return 'no connection';
  const isSystemError =
    'code' in thrown && typeof thrown.code === 'string' && /^E[A-Z]+$/.test(thrown.code);
  return isSystemError ? String(thrown.code) : (thrown.message.split('\n', 1)[0] ?? thrown.name);
}

/** The promise's value, or `undefined` after `ms`; the promise itself goes on. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
