import { isRecorded, type ListingPageId } from '@paperboy/core';
import type { Handlers, Queues } from '@paperboy/queue';
import type { Log, Metrics, Service } from '@paperboy/runtime';
import { claimAsk, type Db, moveAsk, pageResult, unreadBefore } from '@paperboy/store';
import { askSource, dayToClose } from './ask-source.ts';
import { type EmbeddingOptions, openEmbeddings } from './embeddings.ts';
import { sharedHosts } from './hosts.ts';
import { createHttp, type HttpOptions } from './http.ts';
import { keepWords } from './keep-words.ts';
import { TopicMatcher } from './match-papers.ts';
import { createPoliteHttp } from './polite-http.ts';
import { reconcileIngest } from './reconcile.ts';
import { recordPage } from './record-page.ts';
import { announceAlerts, fetchReporter, reportPage } from './reports.ts';

export interface IngestParts {
  readonly db: Db;
  readonly queues: Queues;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly http: HttpOptions;
  /** Pause between two requests to one host; a second when left out. */
  readonly pauseMs?: number;
  readonly concurrency: number;
  /** An operator is told of a source after so many troubled attempts in a row; 3 when left out. */
  readonly alertAfter?: number;
  /** Also ask the live sources, now and on their schedules; off while saved pages are replayed. */
  readonly live: boolean;
  /** How often lost work is looked for; a minute when left out. */
  readonly reconcileMs?: number;
  readonly now?: () => Date;
  /** An operator's embedding service; none when left out. */
  readonly embeddings?: EmbeddingOptions | undefined;
}

/** The running service. */
export interface IngestService extends Service {
  /** Asks the live sources from now on. */
  goLive(): Promise<void>;
}

const RECONCILE_MS = 60_000;
/** Later than a start takes, until which sources are not asked. */
const INTERRUPTED_RETRY_MS = 60_000;
/** Longer than any fetch takes; a worker that died is replaced then. */
const ASK_LEASE_MS = 20 * 60_000;

/** Starts the ingest service: workers for fetching, recording and matching, schedules, and the reconciler. */
export async function startIngest(parts: IngestParts): Promise<IngestService> {
  const { db, queues, log, metrics, concurrency, reconcileMs = RECONCILE_MS } = parts;
  const { alertAfter, now = () => new Date() } = parts;
  const alerts = alertAfter === undefined ? {} : { alertAfter };
  let { live } = parts;
  const http = createHttp(parts.http);
  const { maxBytes } = parts.http;
  const polite = createPoliteHttp({
    http,
    hosts: sharedHosts(db),
    now,
    ...(parts.pauseMs !== undefined && { pauseMs: parts.pauseMs }),
  });
  const asking = { db, http: polite, maxBytes, now, ...alerts };
  const embeddings = parts.embeddings && openEmbeddings({ db, log }, parts.embeddings);
  const matcher = new TopicMatcher(db, log, embeddings);
  const words = keepWords(db, log);
  const reportFetch = fetchReporter(log);
  const stopping = new AbortController();

  const handlers: Handlers<'ingest'> = {
    'fetch-page': async ({ sourceId }, { signal }) => {
      if (!live) return;
      // Whoever comes second finds that it is not due any more, as does a job that the queue kept for too long.
      if (!(await claimAsk(db, sourceId, { now: now(), leaseMs: ASK_LEASE_MS }))) return;
      const end = AbortSignal.any([signal, stopping.signal]);
      try {
        const closing = await dayToClose(asking, sourceId);
        for (const on of closing ? [closing, undefined] : [undefined]) {
          const outcome = await askSource(asking, sourceId, { signal: end, ...(on && { on }) });
          reportFetch(sourceId, outcome);
          if (outcome.kind === 'stored') {
            const { listingPageId } = outcome;
            await queues.add('record-page', { listingPageId }, { jobKey: listingPageId });
          } else if (outcome.kind === 'unchanged') await wakePlanner();
          else break;
        }
        await announceAlerts(db, log);
      } catch (error) {
        if (!stopping.signal.aborted) throw error;
        await moveAsk(db, sourceId, new Date(now().getTime() + INTERRUPTED_RETRY_MS));
      }
    },
    'record-page': async ({ listingPageId }) => {
      // A page is judged by the ones before it, whichever job comes first. One that fails is its own job's to try again.
      for (const earlier of await unreadBefore(db, listingPageId))
        await record(earlier).catch((error) => log.warn('page.passed', { earlier, error }));
      await record(listingPageId);
    },
    'match-papers': async ({ listingPageId }) => {
      const matched = await matcher.matchPage(listingPageId);
      words.wake();
      await wakePlanner();
      return matched;
    },
    'embed-texts': async (_, { signal }) => {
      await untilStop(signal, async (end) => embeddings?.askForMore(end));
    },
    'match-past': async (_, { signal }) => {
      await untilStop(signal, async (end) => {
        await matcher.learn(end);
        await matcher.matchPast(end);
      });
    },
  };

  async function record(listingPageId: ListingPageId) {
    const before = await pageResult(db, listingPageId);
    const page = await recordPage(db, listingPageId, { maxBytes, ...alerts });
    if (before?.verdict === null) reportPage(page, log, metrics);
    await announceAlerts(db, log);
    if (page.verdict && isRecorded(page.verdict) && page.readyNo === null)
      await queues.add('match-papers', { listingPageId }, { jobKey: listingPageId });
    else await wakePlanner();
  }

  /** Digests may wait for what has just come, or for a source that is well again: the planner looks at once. */
  async function wakePlanner() {
    if (live) await queues.add('plan-editions', {}, { jobKey: 'settled' });
  }

  /** Ends with the service in the middle of work that the next start finds again. */
  async function untilStop(signal: AbortSignal, work: (end: AbortSignal) => Promise<unknown>) {
    try {
      await work(AbortSignal.any([signal, stopping.signal]));
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  }

  const settle = async () => {
    await reconcileIngest({ db, queues, log, live, now: now() });
    if (await embeddings?.isMoreToAsk())
      await queues.add('embed-texts', {}, { jobKey: 'embed-texts' });
    await announceAlerts(db, log);
    words.wake();
  };
  let reconciled = settle();
  await reconciled;
  const worker = queues.work('ingest', handlers, { concurrency });
  const reconcile = () => {
    reconciled = reconciled.catch(() => {}).then(settle);
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
      await words.stop();
      await embeddings?.close();
      await http.close();
    },
  };
}
