import { isRecorded, type SourceId } from '@paperboy/core';
import type { Handlers, Queues } from '@paperboy/queue';
import type { Log, Metrics, Service } from '@paperboy/runtime';
import { type Db, pageResult } from '@paperboy/store';
import { type FetchOutcome, fetchPage } from './fetch-page.ts';
import { createHttp, type HttpOptions } from './http.ts';
import { TopicMatcher } from './match-papers.ts';
import { reconcileIngest } from './reconcile.ts';
import { recordPage } from './record-page.ts';
import { fetchReporter, reportPage } from './reports.ts';

export interface IngestParts {
  readonly db: Db;
  readonly queues: Queues;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly http: HttpOptions;
  readonly concurrency: number;
  /** Also ask the live sources, now and on their schedules; off while saved pages are replayed. */
  readonly live: boolean;
  /** How often lost work is looked for; a minute when left out. */
  readonly reconcileMs?: number;
}

/** The running service. */
export interface IngestService extends Service {
  /** Asks the live sources from now on. */
  goLive(): Promise<void>;
}

const RECONCILE_MS = 60_000;
/** Later than a start takes, until which sources are not asked. */
const INTERRUPTED_RETRY_MS = 60_000;

/** Starts the ingest service: workers for fetching, recording and matching, schedules, and the reconciler. */
export async function startIngest(parts: IngestParts): Promise<IngestService> {
  const { db, queues, log, metrics, concurrency, reconcileMs = RECONCILE_MS } = parts;
  let { live } = parts;
  const http = createHttp(parts.http);
  const matcher = new TopicMatcher(db, log);
  const reportFetch = fetchReporter(log);
  const stopping = new AbortController();

  const handlers: Handlers<'ingest'> = {
    'fetch-page': async ({ sourceId }, { signal }) => {
      // Left by the schedule of an earlier run, which is made again when sources are asked again.
      if (!live) return;
      const end = AbortSignal.any([signal, stopping.signal]);
      try {
        const outcome = await fetchPage({ db, http, now: () => new Date() }, sourceId, end);
        reportFetch(sourceId, outcome);
        await goOn(queues, sourceId, outcome);
      } catch (error) {
        if (!stopping.signal.aborted) throw error;
        await fetchLater(queues, sourceId, INTERRUPTED_RETRY_MS);
      }
    },
    'record-page': async ({ listingPageId }) => {
      const before = await pageResult(db, listingPageId);
      const page = await recordPage(db, listingPageId, { maxBytes: parts.http.maxBytes });
      if (before?.verdict === null) reportPage(page, log, metrics);
      if (page.verdict && isRecorded(page.verdict) && page.readyNo === null)
        await queues.add('match-papers', { listingPageId }, { jobKey: listingPageId });
    },
    'match-papers': ({ listingPageId }) => matcher.matchPage(listingPageId),
  };

  let reconciled = reconcileIngest({ db, queues, live });
  await reconciled;
  const worker = queues.work('ingest', handlers, { concurrency });
  const reconcile = () => {
    reconciled = reconciled.catch(() => {}).then(() => reconcileIngest({ db, queues, live }));
    return reconciled;
  };
  const timer = setInterval(() => {
    reconcile().catch((error: unknown) => log.warn('ingest.reconcile-failed', { error }));
  }, reconcileMs);
  return {
    name: 'ingest',
    goLive() {
      live = true;
      return reconcile();
    },
    async stop() {
      clearInterval(timer);
      // A server may take its time; a page that was received is still recorded.
      stopping.abort(new Error('the service stops'));
      await Promise.all([worker.stop(), reconciled.catch(() => {})]);
      await http.close();
    },
  };
}

async function goOn(queues: Queues, sourceId: SourceId, outcome: FetchOutcome): Promise<void> {
  if (outcome.kind === 'stored') {
    const { listingPageId } = outcome;
    await queues.add('record-page', { listingPageId }, { jobKey: listingPageId });
  } else if ('retryInMs' in outcome && outcome.retryInMs !== undefined) {
    await fetchLater(queues, sourceId, outcome.retryInMs);
  }
}

async function fetchLater(queues: Queues, sourceId: SourceId, delayMs: number): Promise<void> {
  await queues.add('fetch-page', { sourceId }, { jobKey: `again-${sourceId}`, delayMs });
}
