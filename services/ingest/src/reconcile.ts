import type { Queues } from '@paperboy/queue';
import type { Log } from '@paperboy/runtime';
import {
  type Db,
  dueSources,
  isLearning,
  planAsk,
  topicsWithoutPast,
  unfinishedPages,
  unplannedSources,
} from '@paperboy/store';
import { slotOf } from './source-slot.ts';

export interface ReconcileParts {
  readonly db: Db;
  readonly queues: Queues;
  readonly log: Log;
  /** Sources are left alone unless it is true. */
  readonly live: boolean;
  readonly now: Date;
}

/** A source whose schedule cannot be read is asked so seldom until somebody mends it. */
const UNUSABLE_MS = 24 * 3600_000;

/**
 * Makes the queue hold what Postgres says is to be done: a queue may lose everything at any time. May run any number
 * of times, in any number of processes.
 */
export async function reconcileIngest(parts: ReconcileParts): Promise<void> {
  await addUnfinishedPages(parts);
  await wakePast(parts);
  if (!parts.live) return;
  await planSources(parts);
  await wakeSources(parts);
}

async function addUnfinishedPages({ db, queues }: ReconcileParts): Promise<void> {
  const { unread, unready } = await unfinishedPages(db);
  const jobs = (pages: typeof unread) =>
    pages.map((listingPageId) => ({ payload: { listingPageId }, jobKey: listingPageId }));
  if (unread.length > 0) await queues.addMany('record-page', jobs(unread));
  if (unready.length > 0) await queues.addMany('match-papers', jobs(unready));
}

async function wakePast({ db, queues }: ReconcileParts): Promise<void> {
  if ((await topicsWithoutPast(db, 1)).length === 0 && !(await isLearning(db))) return;
  await queues.add('match-past', {}, { jobKey: 'match-past' });
}

/** A source that was never asked is asked now, any other at the next time of its schedule. */
async function planSources({ db, log, now }: ReconcileParts): Promise<void> {
  for (const source of await unplannedSources(db)) {
    const slot = slotOf(source, now);
    if (!slot) {
      const { name, cron, zone } = source;
      log.error('source.schedule-unusable', { source: name, cron, zone });
    }
    const later = slot ?? new Date(now.getTime() + UNUSABLE_MS);
    await planAsk(
      db,
      source.id,
      source.wasFetched
        ? { at: later, why: slot ? 'by its schedule' : 'its schedule cannot be read' }
        : { at: now, why: 'for the first time' },
    );
  }
}

async function wakeSources({ db, queues, now }: ReconcileParts): Promise<void> {
  const due = await dueSources(db, now);
  if (due.length === 0) return;
  const jobs = due.map((sourceId) => ({ payload: { sourceId }, jobKey: `ask-${sourceId}` }));
  await queues.addMany('fetch-page', jobs);
}
