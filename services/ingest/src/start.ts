import type { Queues } from '@paperboy/queue';
import type { Log, Metrics, Service } from '@paperboy/runtime';
import type { Db } from '@paperboy/store';
import { type EmbeddingOptions, openEmbeddings } from './embeddings.ts';
import { ingestHandlers } from './handlers.ts';
import { sharedHosts } from './hosts.ts';
import { createHttp, type HttpOptions } from './http.ts';
import { keepWords } from './keep-words.ts';
import { TopicMatcher } from './match-papers.ts';
import { createPoliteHttp } from './polite-http.ts';
import { reconcileIngest } from './reconcile.ts';
import { announceAlerts } from './reports.ts';

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

/** Starts the ingest service: workers for fetching, recording and matching, schedules, and the reconciler. */
export async function startIngest(parts: IngestParts): Promise<IngestService> {
  const { db, queues, log, metrics, concurrency, reconcileMs = RECONCILE_MS } = parts;
  const { alertAfter, now = () => new Date() } = parts;
  let { live } = parts;
  const http = createHttp(parts.http);
  const polite = createPoliteHttp({
    http,
    hosts: sharedHosts(db),
    now,
    ...(parts.pauseMs !== undefined && { pauseMs: parts.pauseMs }),
  });
  const embeddings = parts.embeddings && openEmbeddings({ db, log }, parts.embeddings);
  const matcher = new TopicMatcher(db, log, embeddings);
  const words = keepWords(db, log);
  const stopping = new AbortController();
  const handlers = ingestHandlers({
    ...{ db, queues, log, metrics, matcher, words, embeddings, now },
    ...{ http: polite, maxBytes: parts.http.maxBytes },
    ...(alertAfter !== undefined && { alertAfter }),
    isLive: () => live,
    stopping: stopping.signal,
  });

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
