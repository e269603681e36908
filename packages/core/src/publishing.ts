import { Temporal } from 'temporal-polyfill';
import { type Cron, lastCronAt, nextCronAt, parseCron } from './cron.ts';
import type { ListedOn } from './page-date.ts';

/** When a source brings out its batches, as declared or as learnt from its pages. */
export interface Publishing {
  readonly cron: Cron;
  readonly zone: string;
  /** From so long after a time of `cron` a batch may be there, and it is worth looking every hour. */
  readonly fromMs: number;
  /** So long after a time of `cron` a batch that is not there is late. */
  readonly byMs: number;
}

/** What a source owes at a moment. */
export interface Awaited {
  /** The latest time of the publishing schedule whose batch has not come. */
  readonly since: Date;
  /** How many batches are late by now; of these all but the last are missed for good. */
  readonly late: number;
}

/** Bounds that nobody measured (see docs/decisions). */
const PUBLISHING_LIMITS = {
  /** After a declared time. arXiv announces within minutes, and at times hours later. */
  declaredGraceMs: 6 * 3600_000,
  /** After the latest time of day at which a batch was first seen. */
  learntGraceMs: 2 * 3600_000,
  /** A batch goes on growing for so long after its time; asking later brings nothing. */
  fillsMs: 36 * 3600_000,
  /** How far back it is learnt from, and what there must be. */
  learntDays: 28,
  leastDays: 14,
  leastBatches: 6,
  /** Days of a weekday that may be without a batch, as holidays are, and that must have one. */
  learntWithout: 1,
  learntWith: 2,
} as const;

const DAY_MS = 24 * 3600_000;

/** As an operator declares it: a cron expression on the source's clocks. Throws SCHEDULE_INVALID. */
export function declaredPublishing(cron: string, zone: string): Publishing {
  return { cron: parseCron(cron), zone, fromMs: 0, byMs: PUBLISHING_LIMITS.declaredGraceMs };
}

/**
 * On which weekdays batches come and until when, from the moments at which batches were first seen live. Undefined
 * while that is too little to go by: then nothing is ever late.
 */
export function learnPublishing(
  openings: readonly Date[],
  zone: string,
  at: Date,
): Publishing | undefined {
  const { learntDays, leastDays, leastBatches } = PUBLISHING_LIMITS;
  const { learntWith, learntWithout, learntGraceMs } = PUBLISHING_LIMITS;
  const today = localOf(zone, at).toPlainDate();
  const seen = openings
    .filter((opened) => opened <= at && at.getTime() - opened.getTime() < learntDays * DAY_MS)
    .map((opened) => localOf(zone, opened))
    .filter((opened) => !opened.toPlainDate().equals(today));
  const first = seen.map((one) => one.toPlainDate()).sort(Temporal.PlainDate.compare)[0];
  if (!first || seen.length < leastBatches) return undefined;
  const days = first.until(today).days;
  if (days < leastDays) return undefined;
  const brought = new Set(seen.map((one) => one.toPlainDate().toString()));
  const weekdays = [1, 2, 3, 4, 5, 6, 7].filter((weekday) => {
    const such = Array.from({ length: days }, (_, ahead) => first.add({ days: ahead })).filter(
      (day) => day.dayOfWeek === weekday,
    );
    const good = such.filter((day) => brought.has(day.toString())).length;
    return good >= learntWith && such.length - good <= learntWithout;
  });
  if (weekdays.length === 0) return undefined;
  const times = seen
    .filter((one) => weekdays.includes(one.dayOfWeek))
    .map((one) => (one.hour * 60 + one.minute) * 60_000);
  return {
    cron: parseCron(`0 0 * * ${weekdays.join(',')}`),
    zone,
    fromMs: Math.min(...times),
    byMs: Math.max(...times) + learntGraceMs,
  };
}

/** What is known of a source's publishing and of its last batch. */
export interface BatchTimes {
  readonly zone: string;
  /** Declared publishing times; null: learnt from `openings`. */
  readonly publishes: string | null;
  /** When batches were first seen live. */
  readonly openings: readonly Date[];
  /** When the last batch was first seen. */
  readonly batchAt?: Date;
}

/** When a source publishes: as declared, else as learnt; undefined while neither is known. */
export function publishingOf(
  { zone, publishes, openings }: BatchTimes,
  at: Date,
): Publishing | undefined {
  return publishes === null
    ? learnPublishing(openings, zone, at)
    : declaredPublishing(publishes, zone);
}

/** What a source owes at a moment, and whether that is late: `unknown` without a past to tell it from. */
export interface Owed {
  readonly due: 'yes' | 'no' | 'unknown';
  readonly awaited?: Awaited;
}

/**
 * What the source owes at `at` by its own times of publishing; `unknown` while none are known, or no batch has come
 * yet.
 */
export function owedAt(times: BatchTimes, at: Date): Owed {
  const publishing = publishingOf(times, at);
  if (!publishing || !times.batchAt) return { due: 'unknown' };
  const awaited = awaitedBatch(publishing, times.batchAt, at);
  return awaited ? { due: awaited.late > 0 ? 'yes' : 'no', awaited } : { due: 'no' };
}

/** What is owed at `at` when the last batch came at `batchAt`; undefined when nothing is. */
export function awaitedBatch(
  { cron, zone, fromMs, byMs }: Publishing,
  batchAt: Date,
  at: Date,
): Awaited | undefined {
  let time = lastCronAt(cron, zone, at);
  let since: Date | undefined;
  let late = 0;
  // Two late batches are all that anybody asks for.
  while (time > batchAt && late < 2) {
    const age = at.getTime() - time.getTime();
    if (age >= fromMs) since ??= time;
    if (age >= byMs) late += 1;
    time = lastCronAt(cron, zone, new Date(time.getTime() - 1));
  }
  return since && { since, late };
}

/** Whether asking at `at` can bring anything, if the last batch came at `batchAt`. */
export function mayBring({ cron, zone }: Publishing, batchAt: Date, at: Date): boolean {
  const time = lastCronAt(cron, zone, at);
  return time > batchAt || at.getTime() - time.getTime() < PUBLISHING_LIMITS.fillsMs;
}

/** When the next batch comes out. */
export function nextBatchAt({ cron, zone }: Publishing, at: Date): Date {
  return nextCronAt(cron, zone, at);
}

/** When a day of a list begins on the clocks of its source. */
export function dayBegins(zone: string, day: ListedOn): Date {
  const begin = Temporal.PlainDate.from(day).toZonedDateTime(zone);
  return new Date(begin.epochMilliseconds);
}

function localOf(zone: string, at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
}
