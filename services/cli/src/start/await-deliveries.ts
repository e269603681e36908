import type { Queues } from '@paperboy/queue';
import { countOpenDeliveries, type Db, editionsWithDueDeliveries } from '@paperboy/store';
import { type Waiting, waitFor } from './wait.ts';

export interface AwaitParts extends Waiting {
  readonly db: Db;
  readonly queues: Queues;
  /** False: nothing is claimed, and waiting would have no end. */
  readonly isSending: boolean;
}

export interface Deliveries {
  /** Of editions up to this hour; of all when left out. */
  readonly until?: Date;
  /** Whether jobs for them were added a moment ago. */
  readonly hasJobs?: boolean;
}

/** How long due deliveries may lie before another job is added for them. */
const NUDGE_MS = 2_000;

/** Waits until nobody works on a delivery and none is due; false when that was so from the start. */
export async function awaitDeliveries(
  parts: AwaitParts,
  what: string,
  { until, hasJobs = false }: Deliveries = {},
): Promise<boolean> {
  const { db, queues, isSending } = parts;
  const isOpen = async () => {
    const { due, sending } = await countOpenDeliveries(db, { ...(until && { until }) });
    return due + sending > 0 ? { state: `${due} due, ${sending} being sent` } : undefined;
  };
  if (!isSending || !(await isOpen())) return false;
  let nudgedAt = hasJobs ? performance.now() : Number.NEGATIVE_INFINITY;
  return waitFor(parts, what, async () => {
    const open = await isOpen();
    if (!open) return { done: true };
    // The job may have been lost with a killed worker, or be held by one until that is noticed.
    if (performance.now() - nudgedAt > NUDGE_MS) {
      nudgedAt = performance.now();
      await addDeliverJobs(db, queues);
    }
    return open;
  });
}

async function addDeliverJobs(db: Db, queues: Queues): Promise<void> {
  for (const { editionId } of await editionsWithDueDeliveries(db)) {
    await queues.add('deliver-batch', { editionId });
  }
}
