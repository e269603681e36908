import { PaperboyError } from '@paperboy/core';
import { defaultRepeatStrategy, type RepeatStrategy } from 'bullmq';

/** When a schedule runs: the times of `cron` on the clocks of `zone`, each `offsetMs` later. */
export interface CronTimes {
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  readonly zone: string;
  readonly offsetMs: number;
}

/** First run after `from`. Throws SCHEDULE_INVALID on an expression or zone that gives none. */
export function nextRun({ cron, zone, offsetMs }: CronTimes, from: Date): Date {
  if (!isZone(zone)) throw new PaperboyError('SCHEDULE_INVALID', `unknown time zone ${zone}`);
  const fields = cron.trim().split(/\s+/).length;
  if (fields !== 5 && fields !== 6) {
    throw new PaperboyError('SCHEDULE_INVALID', `"${cron}" has not five or six fields`);
  }
  const next = nextMillis(cron, zone, from.getTime() - offsetMs);
  if (next === undefined) throw new PaperboyError('SCHEDULE_INVALID', `"${cron}" never comes`);
  return new Date(next + offsetMs);
}

function nextMillis(cron: string, zone: string, from: number): number | undefined {
  try {
    const next = defaultRepeatStrategy(from, { pattern: cron, tz: zone });
    return typeof next === 'number' && Number.isFinite(next) ? next : undefined;
  } catch (cause) {
    throw new PaperboyError('SCHEDULE_INVALID', `"${cron}" is not a cron expression`, { cause });
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * An offset below `jitterMs` that depends on `key` alone, so that a hundred sources on one cron
 * expression start spread over that time, each at the same moment every day (FNV-1a).
 */
export function offsetFor(key: string, jitterMs: number): number {
  let hash = 0x811c9dc5;
  for (const char of key) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return jitterMs > 0 ? hash % jitterMs : 0;
}

/**
 * Cron and offset in the one text that a job scheduler stores. BullMQ itself has offsets only for
 * fixed intervals; `repeatStrategy` reads ours back.
 */
export function patternOf(cron: string, offsetMs: number): string {
  return offsetMs === 0 ? cron : `${cron} +${offsetMs}ms`;
}

/** The cron and the shift, in milliseconds, that `patternOf` put into one text. */
export function readPattern(pattern: string): Pick<CronTimes, 'cron' | 'offsetMs'> {
  const [, cron = pattern, offset = '0'] = /^(.*) \+(\d+)ms$/.exec(pattern) ?? [];
  return { cron, offsetMs: Number(offset) };
}

/** How our queues and workers find a scheduler's next run; both must be given it. */
export const repeatStrategy: RepeatStrategy = (from, { pattern = '', tz = 'UTC' }) =>
  nextRun({ ...readPattern(pattern), zone: tz }, new Date(from)).getTime();
