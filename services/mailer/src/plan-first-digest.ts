import type { SubscriberId } from '@paperboy/core';
import {
  type Db,
  findSubscriber,
  hasDigests,
  inTransaction,
  lockReadyPagesExclusive,
} from '@paperboy/store';
import { type PlannedEdition, planEdition } from './plan-editions.ts';
import { freeHour } from './preview-digest.ts';
import { readVotes } from './weigh-votes.ts';

/**
 * Plans a reader's first digest now, whatever their hour; the next one then begins where it ends. Undefined for whoever
 * has had one, so that a button pressed twice mails once.
 */
export async function planFirstDigest(
  db: Db,
  subscriberId: SubscriberId,
  at: Date = new Date(),
): Promise<PlannedEdition | undefined> {
  const { schedule } = await findSubscriber(db, subscriberId);
  const hour = await freeHour(db, { cadence: schedule.cadence, windowEnd: at });
  const audience = { kind: 'one', subscriberId } as const;
  const votes = await readVotes(db, hour, audience);
  return inTransaction(db, async (tx) => {
    await lockReadyPagesExclusive(tx);
    if (await hasDigests(tx, subscriberId)) return undefined;
    return planEdition(tx, hour, audience, { votes });
  });
}
