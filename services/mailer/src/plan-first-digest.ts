import { setTimeout as pause } from 'node:timers/promises';
import type { SubscriberId } from '@paperboy/core';
import {
  type Db,
  findSubscriber,
  hasDigests,
  inTransaction,
  lockReadyPagesExclusive,
  pastProgress,
} from '@paperboy/store';
import { type PlannedEdition, planEdition } from './plan-editions.ts';
import { freeHour } from './preview-digest.ts';
import { readVotes } from './weigh-votes.ts';

/** How long the papers of the past weeks are waited for where topics are new; without the worker they never come. */
const LONGEST_WAIT_MS = 30_000;
const LOOK_MS = 250;

/** Waits until the topics of a reader are matched with the papers of before them, within bounds. */
export async function awaitPast(
  db: Db,
  subscriberId: SubscriberId,
  { mostMs = LONGEST_WAIT_MS, signal }: { mostMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const end = performance.now() + mostMs;
  while ((await pastProgress(db, subscriberId)).topics > 0 && performance.now() < end)
    await pause(LOOK_MS, undefined, { ...(signal && { signal }) });
}

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
