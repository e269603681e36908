import type { EditionId } from '@paperboy/core';
import type { Queues } from '@paperboy/queue';
import type { Log } from '@paperboy/runtime';
import {
  type Db,
  editionsWithDueDeliveries,
  relayGate,
  schedulesPlannedUntil,
} from '@paperboy/store';
import { SENDING } from './mail-settings.ts';
import { type UnplannedEdition, unplannedEditions } from './unplanned-editions.ts';

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
  /** Hours that were told of, kept by the caller. */
  readonly told: Set<string>;
  /** Nothing ran until now. False when left out. */
  readonly isStart?: boolean;
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
  // A relay that waits for a person has nothing to be tried with.
  if (!isSending || (await relayGate(db)).kind === 'held') return;
  for (const { editionId, due } of await editionsWithDueDeliveries(db)) {
    await addDeliverJobs(queues, editionId, due);
  }
}

/** Each hour is told of once, all of one look in one line; what was missed before a start is no surprise. */
async function planWhatWasLeftOut(parts: JobParts): Promise<void> {
  const { db, queues, log, graceMs, told, isStart = false, at = new Date() } = parts;
  const unplanned = unplannedEditions(await schedulesPlannedUntil(db), { at, graceMs });
  const keyOf = ({ cadence, windowEnd }: UnplannedEdition) =>
    `${cadence} ${windowEnd.toISOString()}`;
  const fresh = unplanned.filter((edition) => !told.has(keyOf(edition)));
  told.clear();
  for (const edition of unplanned) told.add(keyOf(edition));
  const missed = fresh.filter(({ isMissed }) => isMissed);
  if (missed.length > 0) log[isStart ? 'info' : 'warn']('editions.missed', hoursOf(missed));
  const overdue = fresh.filter(({ isMissed }) => !isMissed);
  // Whoever starts plans right after this.
  if (overdue.length > 0 && !isStart) log.warn('editions.overdue', hoursOf(overdue));
  if (unplanned.some(({ isMissed }) => !isMissed))
    await queues.add('plan-editions', {}, { jobKey: 'overdue' });
}

/** Newest first, as they come. */
function hoursOf(editions: readonly UnplannedEdition[]) {
  return {
    hours: editions.length,
    oldest: editions.at(-1)?.windowEnd,
    newest: editions[0]?.windowEnd,
  };
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
