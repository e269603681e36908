import type { SourceId } from '@paperboy/core';
import type { Queues } from '@paperboy/queue';
import { type Db, scheduledSources, unfinishedPages } from '@paperboy/store';

/** Start times are spread, so that nobody's server is asked by all of us on the full hour. */
const JITTER_MS = 10 * 60_000;
const SCHEDULE_KEY = 'fetch-source-';

/**
 * Makes the queue hold what Postgres says is to be done: a queue may lose everything at any time. Sources are
 * left alone unless `live`. May run any number of times, in any number of processes.
 */
export async function reconcileIngest(parts: {
  readonly db: Db;
  readonly queues: Queues;
  readonly live: boolean;
}): Promise<void> {
  await addUnfinishedPages(parts);
  if (parts.live) await scheduleSources(parts);
}

async function addUnfinishedPages({ db, queues }: { db: Db; queues: Queues }): Promise<void> {
  const { unread, unready } = await unfinishedPages(db);
  const jobs = (pages: typeof unread) =>
    pages.map((listingPageId) => ({ payload: { listingPageId }, jobKey: listingPageId }));
  if (unread.length > 0) await queues.addMany('record-page', jobs(unread));
  if (unready.length > 0) await queues.addMany('match-papers', jobs(unready));
}

async function scheduleSources({ db, queues }: { db: Db; queues: Queues }): Promise<void> {
  // Asked before the database: a fetch that ends in between is then noted there.
  const isFetching = await fetchingNow(queues);
  const sources = await scheduledSources(db);
  for (const { id: sourceId, cron, zone, wasFetched } of sources) {
    const key = `${SCHEDULE_KEY}${sourceId}`;
    const job = 'fetch-page';
    await queues.upsertSchedule({
      key,
      job,
      payload: { sourceId },
      cron,
      zone,
      jitterMs: JITTER_MS,
    });
    if (!wasFetched && !isFetching(sourceId))
      await queues.add(job, { sourceId }, { jobKey: `first-${sourceId}` });
  }
  // Of sources that were paused, or are fetched only when asked for since.
  const wanted = new Set(sources.map(({ id }) => `${SCHEDULE_KEY}${id}`));
  for (const { key } of await queues.schedules()) {
    if (key.startsWith(SCHEDULE_KEY) && !wanted.has(key)) await queues.removeSchedule(key);
  }
}

/** A key keeps one more run for after a running job, which here would only ask a source twice. */
async function fetchingNow(queues: Queues): Promise<(sourceId: SourceId) => boolean> {
  const active = await queues.listJobs('ingest', 'active');
  const payloads = new Set(active.map(({ payload }) => JSON.stringify(payload)));
  return (sourceId) => payloads.has(JSON.stringify({ sourceId }));
}
