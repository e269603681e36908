import { PaperboyError, QUEUE_NAMES, type QueueName } from '@paperboy/core';
import { type AnyQueue, type QueueBackend, type QueueMap, reach } from './backend.ts';
import { JOBS, type JobName, type Payloads, readPayload } from './catalogue.ts';
import { type CronTimes, nextRun, offsetFor, patternOf, readPattern } from './cron.ts';
import { jobOptions } from './retry-policy.ts';

/** A job that adds itself at set times. */
export interface Schedule<J extends JobName> {
  /** Names the schedule; letters, digits, `-`, `_` and `.`, such as `fetch-source-12`. */
  readonly key: string;
  readonly job: J;
  readonly payload: Payloads[J];
  /** Five fields, or six with seconds first, read on the clocks of `zone`. */
  readonly cron: string;
  readonly zone: string;
  /** Runs start up to this much later, always by the same time for one key. Default 0. */
  readonly jitterMs?: number;
}

interface ScheduleView extends CronTimes {
  readonly key: string;
  readonly queue: QueueName;
  readonly job: string;
  readonly payload: unknown;
  readonly nextRunAt: Date | undefined;
}

export interface Schedules {
  /**
   * Makes the schedule `key` be as given, and gives its next run. Changes nothing when it already is
   * and its next job waits, so that every start and every reconcile may repeat it: the queue's
   * memory can be lost. The same key is one schedule, however many processes do this at once.
   * Throws SCHEDULE_INVALID and JOB_INVALID.
   */
  upsertSchedule<J extends JobName>(schedule: Schedule<J>): Promise<Date>;
  /** Removes it with its waiting job; false if there is none. A job of it that runs goes on. */
  removeSchedule(key: string): Promise<boolean>;
  /** All, the next to run first. */
  schedules(): Promise<ScheduleView[]>;
}

/** The schedules of these queues. A schedule's place is the queue of its job. */
export function schedulesOn(backend: QueueBackend, queues: QueueMap): Schedules {
  return {
    upsertSchedule: (schedule) => upsert(backend, queues[JOBS[schedule.job].queue], schedule),
    removeSchedule: async (key) => {
      const removals = QUEUE_NAMES.map((name) => queues[name].removeJobScheduler(key));
      const removed = await reach(() => Promise.all(removals));
      return removed.includes(true);
    },
    schedules: async () => {
      const views = await Promise.all(QUEUE_NAMES.map((name) => viewsOf(name, queues[name])));
      return views.flat().sort((a, b) => sortKey(a) - sortKey(b));
    },
  };
}

async function upsert<J extends JobName>(
  backend: QueueBackend,
  queue: AnyQueue,
  schedule: Schedule<J>,
): Promise<Date> {
  const { key, job, cron, zone, jitterMs = 0 } = schedule;
  if (!/^[\w.-]{1,100}$/.test(key))
    throw new PaperboyError('JOB_INVALID', `bad schedule key ${key}`);
  const payload = readPayload(job, schedule.payload);
  const offsetMs = offsetFor(key, jitterMs);
  nextRun({ cron, zone, offsetMs }, new Date());
  const wanted = { pattern: patternOf(cron, offsetMs), tz: zone };
  const template = { name: job, data: payload, opts: jobOptions(job) };
  const standing = () => standingRun(queue, key, definition(wanted, template));
  return reach(async () => {
    const run = await standing();
    if (run !== undefined) return run;
    return backend.changingSchedules(async () => {
      // Another process may have made it in the meantime.
      const made = await standing();
      if (made !== undefined) return made;
      const { delay, timestamp } = await queue.upsertJobScheduler(key, wanted, template);
      return new Date((await queue.getJobScheduler(key))?.next ?? timestamp + delay);
    });
  });
}

/**
 * The next run of a scheduler that is as wanted and alive. BullMQ's upsert replaces the waiting job
 * by the next one in the future: repeated while a run is due and not yet taken, it would skip it.
 */
async function standingRun(
  queue: AnyQueue,
  key: string,
  wanted: string,
): Promise<Date | undefined> {
  const found = await queue.getJobScheduler(key);
  if (found?.next === undefined) return undefined;
  const { pattern, tz, name, template } = found;
  if (
    definition({ pattern, tz }, { name, data: template?.data, opts: template?.opts }) !== wanted
  ) {
    return undefined;
  }
  const job = await queue.getJob(`repeat:${key}:${found.next}`);
  const isWaiting = job !== undefined && job.finishedOn === undefined;
  return isWaiting ? new Date(found.next) : undefined;
}

/** All that makes two schedules the same, as one text. Keeping times are left out; BullMQ rewrites them. */
function definition(
  times: { pattern?: string; tz?: string },
  template: { name: string; data: unknown; opts?: { attempts?: number; backoff?: unknown } },
): string {
  const { attempts, backoff } = template.opts ?? {};
  return JSON.stringify([times.pattern, times.tz, template.name, template.data, attempts, backoff]);
}

async function viewsOf(name: QueueName, queue: AnyQueue): Promise<ScheduleView[]> {
  const found = await reach(() => queue.getJobSchedulers());
  return found.map(({ key, name: job, pattern = '', tz = 'UTC', template, next }) => ({
    key,
    queue: name,
    job,
    payload: template?.data,
    ...readPattern(pattern),
    zone: tz,
    nextRunAt: next === undefined ? undefined : new Date(next),
  }));
}

function sortKey({ nextRunAt }: ScheduleView): number {
  return nextRunAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
}
