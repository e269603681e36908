import type { DeliveryId, EditionId } from '@paperboy/core';
import type { Queues } from '@paperboy/queue';
import type { Log } from '@paperboy/runtime';
import {
  acceptUncertain,
  type Db,
  editionsWithDueDeliveries,
  finishEditions,
  type LapsedDelivery,
  type LapseFinding,
  lapsedDeliveries,
  releaseUnstaged,
  resendUncertain,
  settleLapsed,
  uncertainDeliveries,
} from '@paperboy/store';
import { SENDING, type UncertainPolicy } from './mail-settings.ts';
import type { RelayAnswer, RelayLog } from './relay-log.ts';

export interface ReconcileParts {
  readonly db: Db;
  readonly log: Log;
  readonly relayLog: RelayLog;
  readonly uncertainPolicy: UncertainPolicy;
}

/** What crashes and lost answers had left, and what became of it. */
export interface Reconciled {
  /** Given back, as nothing of them can have left. */
  readonly released: number;
  /** Found in the relay's records. */
  readonly accepted: number;
  /** In doubt now. */
  readonly uncertain: number;
  /** Given back after their wait, for a last time. */
  readonly resent: number;
}

/** Rows settled by one question to the relay's records. */
const BATCH = 500;

/**
 * Settles what a dead worker left behind, by evidence. May run anywhere at any time, also twice at once;
 * a delivery that somebody works on is never touched.
 */
export async function reconcileDeliveries(parts: ReconcileParts): Promise<Reconciled> {
  const { db, log, uncertainPolicy } = parts;
  let released = await releaseUnstaged(db);
  let accepted = await acceptLate(parts);
  let uncertain = 0;
  for (;;) {
    const lapsed = await lapsedDeliveries(db, { limit: BATCH });
    const findings = await findingsFor(parts.relayLog, lapsed);
    const settled = await settleLapsed(db, findings, { waitMs: SENDING.uncertainMs });
    const count = (wanted: LapseFinding) =>
      findings.filter(({ finding }) => finding === wanted).length;
    released += count('ready');
    accepted += count('accepted');
    uncertain += count('uncertain');
    if (settled === 0) break;
  }
  const resent = uncertainPolicy === 'resend' ? await resendUncertain(db) : 0;
  await finishEditions(db);
  const found = { released, accepted, uncertain, resent };
  if (released + accepted + uncertain + resent > 0) log.warn('deliveries.reconciled', { ...found });
  return found;
}

const FINDINGS = {
  yes: 'accepted',
  no: 'ready',
  unknown: 'uncertain',
} as const satisfies Record<RelayAnswer, LapseFinding>;

async function findingsFor(
  relayLog: RelayLog,
  lapsed: readonly LapsedDelivery[],
): Promise<{ id: DeliveryId; finding: LapseFinding }[]> {
  const answers = await relayLog.wasAccepted(lapsed.map(({ messageId }) => messageId));
  return lapsed.map(({ id, messageId }) => ({
    id,
    finding: FINDINGS[answers.get(messageId) ?? 'unknown'],
  }));
}

/** An answer that was lost on the way may still stand in the relay's records. */
async function acceptLate({ db, relayLog }: ReconcileParts): Promise<number> {
  const doubtful = await uncertainDeliveries(db, { limit: BATCH });
  const findings = await findingsFor(relayLog, doubtful);
  const accepted = findings.filter(({ finding }) => finding === 'accepted');
  return acceptUncertain(
    db,
    accepted.map(({ id }) => id),
  );
}

export interface JobParts {
  readonly db: Db;
  readonly queues: Queues;
  /** False while sending is off: then only planning goes on. */
  readonly isSending: boolean;
  /** False while saved pages are replayed: then nothing is planned by the clock. */
  readonly isLive: boolean;
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
  }
  if (!isSending) return;
  for (const { editionId, due } of await editionsWithDueDeliveries(db)) {
    await addDeliverJobs(queues, editionId, due);
  }
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
