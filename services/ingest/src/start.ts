import { isRecorded } from '@paperboy/core';
import type { Handlers, Queues } from '@paperboy/queue';
import type { Log, Metrics, Service } from '@paperboy/runtime';
import { type Db, pageResult, scheduledSources, unfinishedPages } from '@paperboy/store';
import { type FetchOutcome, fetchPage } from './fetch-page.ts';
import { createHttp, type HttpOptions } from './http.ts';
import { TopicMatcher } from './match-papers.ts';
import { recordPage } from './record-page.ts';

export interface IngestParts {
  readonly db: Db;
  readonly queues: Queues;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly http: HttpOptions;
  readonly concurrency: number;
  /** Also ask the live sources, now and on their schedules; off while saved pages are replayed. */
  readonly live: boolean;
}

/** The running service. */
export interface IngestService extends Service {
  /** Asks the live sources from now on. */
  goLive(): Promise<void>;
}

const RECONCILE_MS = 60_000;
/** Start times are spread, so that nobody's server is asked by all of us on the full hour. */
const JITTER_MS = 10 * 60_000;

/** Starts the ingest service: workers for fetching, recording and matching, schedules, and the reconciler. */
export async function startIngest(parts: IngestParts): Promise<IngestService> {
  const { db, queues, log, metrics, concurrency } = parts;
  let { live } = parts;
  const http = createHttp(parts.http);
  const matcher = new TopicMatcher(db);
  const reportNetwork = networkReporter(log);
  const handlers: Handlers<'ingest'> = {
    'fetch-page': async ({ sourceId }) => {
      // Left by the schedule of an earlier run, which is made again when sources are asked again.
      if (!live) return;
      const outcome = await fetchPage({ db, http, now: () => new Date() }, sourceId);
      reportNetwork(outcome);
      if (outcome.kind === 'stored')
        await queues.add('record-page', { listingPageId: outcome.listingPageId });
      else if ('retryInMs' in outcome && outcome.retryInMs !== undefined) {
        await queues.add(
          'fetch-page',
          { sourceId },
          { jobKey: `again-${sourceId}`, delayMs: outcome.retryInMs },
        );
      }
    },
    'record-page': async ({ listingPageId }) => {
      const before = await pageResult(db, listingPageId);
      const page = await recordPage(db, listingPageId, { maxBytes: parts.http.maxBytes });
      if (before?.verdict === null) reportPage(page, log, metrics);
      if (page.verdict && isRecorded(page.verdict) && page.readyNo === null)
        await queues.add('match-papers', { listingPageId });
    },
    'match-papers': ({ listingPageId }) => matcher.matchPage(listingPageId),
  };
  const worker = queues.work('ingest', handlers, { concurrency });
  const reconcile = () => reconcileIngest({ db, queues, live });
  await reconcile();
  const timer = setInterval(() => {
    reconcile().catch((error: unknown) => log.warn('ingest.reconcile-failed', { error }));
  }, RECONCILE_MS);
  return {
    name: 'ingest',
    goLive() {
      live = true;
      return reconcile();
    },
    async stop() {
      clearInterval(timer);
      await worker.stop();
      await http.close();
    },
  };
}

/** Makes the queue hold what Postgres says is to be done: a queue may lose everything at any time. */
export async function reconcileIngest({
  db,
  queues,
  live,
}: Pick<IngestParts, 'db' | 'queues' | 'live'>): Promise<void> {
  const { unread, unready } = await unfinishedPages(db);
  for (const listingPageId of unread) {
    await queues.add('record-page', { listingPageId }, { jobKey: listingPageId });
  }
  for (const listingPageId of unready) {
    await queues.add('match-papers', { listingPageId }, { jobKey: listingPageId });
  }
  if (!live) return;
  for (const { id: sourceId, cron, zone, wasFetched } of await scheduledSources(db)) {
    const key = `fetch-source-${sourceId}`;
    await queues.upsertSchedule({
      key,
      job: 'fetch-page',
      payload: { sourceId },
      cron,
      zone,
      jitterMs: JITTER_MS,
    });
    if (!wasFetched) await queues.add('fetch-page', { sourceId }, { jobKey: `first-${sourceId}` });
  }
}

type PageResult = Awaited<ReturnType<typeof recordPage>>;

function reportPage(page: PageResult, log: Log, metrics: Metrics): void {
  const { id, verdict, note, entries, recurring, repeated, revised } = page;
  const facts = {
    listingPageId: id,
    listedOn: page.listedOn,
    verdict,
    note,
    entries,
    new: page.new,
    recurring,
    repeated,
    revised,
  };
  const sound = verdict === 'new-batch' || verdict === 'unchanged' || verdict === 'grew';
  if (sound) log.info('page.recorded', facts);
  else log.warn('page.recorded', facts);
  metrics.countPage(verdict ?? 'unread');
  metrics.countPapers('new', page.new ?? 0);
  metrics.countPapers('recurring', recurring ?? 0);
  metrics.countPapers('repeated', repeated ?? 0);
  metrics.countPapers('revised', revised ?? 0);
}

/** Says once that the network is away and once that it is back, however many sources were asked meanwhile. */
function networkReporter(log: Log): (outcome: FetchOutcome) => void {
  let away = false;
  return (outcome) => {
    const unreachable = 'unreachable' in outcome && outcome.unreachable;
    if (unreachable && !away) {
      log.warn('network.unreachable', {
        detail: outcome.detail,
        next: 'the sources are asked again by themselves',
      });
    } else if (!unreachable && away) log.info('network.reachable');
    if (outcome.kind === 'blocked' || (outcome.kind === 'failed' && !unreachable)) {
      log.warn('source.refused', { detail: outcome.detail, retryInMs: outcome.retryInMs });
    }
    away = unreachable;
  };
}
