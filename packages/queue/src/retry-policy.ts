import { asPaperboyError, ERROR_CATALOGUE, type ErrorCode, PaperboyError } from '@paperboy/core';
import { type JobsOptions, UnrecoverableError } from 'bullmq';
import { JOBS, type JobName } from './catalogue.ts';

const DAY_S = 86_400;
const LONGEST_REASON = 500;

/** How a job is repeated and how long its trace is kept. Kept jobs are for people; nothing reads them back. */
export function jobOptions(job: JobName) {
  const { attempts, backoffMs } = JOBS[job];
  return {
    attempts,
    // Jitter, so that jobs that failed together do not come back together.
    backoff: { type: 'exponential', delay: backoffMs, jitter: 0.2 },
    // By age alone. With a `count`, completions on Postgres delete each other's rows: of 5,000 jobs at
    // ten at a time some ended in "deadlock detected" and ran again, and each cost two to three times as much.
    removeOnComplete: { age: DAY_S, limit: 1_000 },
    removeOnFail: { age: 14 * DAY_S },
    stackTraceLimit: 1,
  } satisfies JobsOptions;
}

/**
 * What a handler threw, as BullMQ has to see it: an error whose catalogue entry says that a retry
 * cannot help ends the job at once, any other (a driver's too) is tried again. The message opens
 * with the code, on one line.
 */
export function jobFailure(thrown: unknown): Error {
  const { code, detail } = asPaperboyError(thrown);
  const reason = `${code}: ${detail}`.replace(/\s+/g, ' ').slice(0, LONGEST_REASON);
  const isFinal = thrown instanceof PaperboyError && !thrown.retry;
  const failure = isFinal ? new UnrecoverableError(reason) : new Error(reason);
  failure.cause = thrown;
  // The stack that BullMQ keeps with the job is then the handler's, not this function's.
  if (thrown instanceof Error) failure.stack = thrown.stack;
  return failure;
}

/** The code that a job's failed reason opens with; none when BullMQ itself gave the job up. */
export function codeOf(failedReason: string | undefined): ErrorCode | undefined {
  const code = failedReason?.split(':', 1)[0];
  return code !== undefined && isErrorCode(code) ? code : undefined;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, code);
}
