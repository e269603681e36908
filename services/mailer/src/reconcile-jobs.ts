import type { EditionId } from '@paperboy/core';
import type { Queues } from '@paperboy/queue';
import type { Log } from '@paperboy/runtime';
import { type Db, editionsWithDueDeliveries, schedulesPlannedUntil } from '@paperboy/store';
import { SENDING } from './mail-settings.ts';
import { unplannedEditions } from './unplanned-editions.ts';

export interface JobParts {
  readonly db: Db;
  readonly queues: Queues;
  readonly log: Log;
  /** False while sending is off: then only planning goes on. */
  readonly isSending: boolean;
  /** False while saved pages are replayed: then nothing is planned by the clock. */
  readonly isLive: boolean;
  /** How long an edition may be held for its sources. */
  readonly graceMs: number;
  /** Missed editions that were told of, kept by the caller. */
  readonly told: Set<string>;
  /** Now when left out. */
  readonly at?: Date;
}

/** Jobs put in at a time for one edition; each that claims a full batch puts in the next. */
const MOST_JOBS = 20;

/** Makes the queue hold what is due: a queue may lose everything at any time. */
export async function reconcileJobs(parts: JobParts): Promise<void> {
  const { db, queues, isSending, isLive } = parts;
  if (isLive) {
    await queues.upsertSchedule({
      key: 'plan-editions',
      job: 'plan-editions',
      payload: {},
      cron: '*/5 * * * *',
      zone: 'UTC',
    });
    await planWhatWasLeftOut(parts);
  }
  if (!isSending) return;
  for (const { editionId, due } of await editionsWithDueDeliveries(db)) {
    await addDeliverJobs(queues, editionId, due);
  }
}

async function planWhatWasLeftOut(parts: JobParts): Promise<void> {
  const { db, queues, log, graceMs, told, at = new Date() } = parts;
  const unplanned = unplannedEditions(await schedulesPlannedUntil(db), { at, graceMs });
  const open = new Set<string>();
  for (const { cadence, windowEnd, isMissed } of unplanned) {
    const key = `${cadence} ${windowEnd.toISOString()}`;
    open.add(key);
    if (isMissed && !told.has(key)) log.warn('edition.missed', { cadence, windowEnd });
    if (!isMissed) log.warn('edition.overdue', { cadence, windowEnd });
    told.add(key);
  }
  for (const key of told) if (!open.has(key)) told.delete(key);
  const isOverdue = unplanned.some(({ isMissed }) => !isMissed);
  if (isOverdue) await queues.add('plan-editions', {}, { jobKey: 'overdue' });
}

/** Wakes as many workers as the deliveries of an edition keep busy. */
export async function addDeliverJobs(
  queues: Queues,
  editionId: EditionId,
  deliveries: number,
): Promise<void> {
  const jobs = Math.min(MOST_JOBS, Math.ceil(deliveries / SENDING.batch));
  const numbers = Array.from({ length: jobs }, (_, index) => index);
  await queues.addMany(
    'deliver-batch',
    numbers.map((number) => ({ payload: { editionId }, jobKey: `${editionId}-${number}` })),
  );
}
