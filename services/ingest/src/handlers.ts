import { isRecorded, type ListingPageId, type SourceId } from '@paperboy/core';
import type { Handlers, Queues } from '@paperboy/queue';
import type { Log, Metrics } from '@paperboy/runtime';
import { claimAsk, moveAsk, pageResult, unreadBefore } from '@paperboy/store';
import { type AskParts, askSource, dayToClose } from './ask-source.ts';
import type { Embeddings } from './embeddings.ts';
import type { WordsKeeper } from './keep-words.ts';
import type { TopicMatcher } from './match-papers.ts';
import { recordPage } from './record-page.ts';
import { announceAlerts, fetchReporter, reportPage } from './reports.ts';

/** What the jobs of the ingest queue work with; how to ask sources, and what comes of it. */
export interface HandlerParts extends AskParts {
  readonly queues: Queues;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly matcher: TopicMatcher;
  readonly words: WordsKeeper;
  readonly embeddings: Embeddings | undefined;
  /** False while saved pages are replayed: no source is asked, and no digest waits for what comes. */
  readonly isLive: () => boolean;
  /** Aborted when the service stops. */
  readonly stopping: AbortSignal;
}

/** Later than a start takes, until which sources are not asked. */
const INTERRUPTED_RETRY_MS = 60_000;
/** Longer than any fetch takes; a worker that died is replaced then. */
const ASK_LEASE_MS = 20 * 60_000;

/** A handler for each job of the ingest queue. Each may run twice and leaves the same rows. */
export function ingestHandlers(parts: HandlerParts): Handlers<'ingest'> {
  const { db, log, matcher, words, embeddings } = parts;
  const reportFetch = fetchReporter(log);
  return {
    'fetch-page': ({ sourceId }, { signal }) => fetchDue(parts, sourceId, signal, reportFetch),
    'record-page': async ({ listingPageId }) => {
      // A page is judged by the ones before it, whichever job comes first. One that fails is its own job's to try again.
      for (const earlier of await unreadBefore(db, listingPageId))
        await record(parts, earlier).catch((error) => log.warn('page.passed', { earlier, error }));
      await record(parts, listingPageId);
    },
    'match-papers': async ({ listingPageId }) => {
      const matched = await matcher.matchPage(listingPageId);
      words.wake();
      await wakePlanner(parts);
      return matched;
    },
    'embed-texts': async (_, { signal }) => {
      await untilStop(parts, signal, async (end) => embeddings?.askForMore(end));
    },
    'match-past': async (_, { signal }) => {
      await untilStop(parts, signal, async (end) => {
        await matcher.learn(end);
        await matcher.matchPast(end);
      });
    },
  };
}

/** Asks a source that is due, and before it for the rest of a day that is over. What was stored is recorded next. */
async function fetchDue(
  parts: HandlerParts,
  sourceId: SourceId,
  signal: AbortSignal,
  reportFetch: ReturnType<typeof fetchReporter>,
): Promise<void> {
  const { db, queues, log, now, stopping } = parts;
  if (!parts.isLive()) return;
  // Whoever comes second finds that it is not due any more, as does a job that the queue kept for too long.
  if (!(await claimAsk(db, sourceId, { now: now(), leaseMs: ASK_LEASE_MS }))) return;
  const end = AbortSignal.any([signal, stopping]);
  try {
    const closing = await dayToClose(parts, sourceId);
    for (const on of closing ? [closing, undefined] : [undefined]) {
      const outcome = await askSource(parts, sourceId, { signal: end, ...(on && { on }) });
      reportFetch(sourceId, outcome);
      if (outcome.kind === 'stored') {
        const { listingPageId } = outcome;
        await queues.add('record-page', { listingPageId }, { jobKey: listingPageId });
      } else if (outcome.kind === 'unchanged') await wakePlanner(parts);
      else break;
    }
    await announceAlerts(db, log);
  } catch (error) {
    if (!stopping.aborted) throw error;
    await moveAsk(db, sourceId, new Date(now().getTime() + INTERRUPTED_RETRY_MS));
  }
}

/** Records one page; matching comes next where it brought papers, planning where there is nothing to match. */
async function record(parts: HandlerParts, listingPageId: ListingPageId): Promise<void> {
  const { db, queues, log, metrics } = parts;
  const before = await pageResult(db, listingPageId);
  const page = await recordPage(db, listingPageId, parts);
  if (before?.verdict === null) reportPage(page, log, metrics);
  await announceAlerts(db, log);
  if (page.verdict && isRecorded(page.verdict) && page.readyNo === null)
    await queues.add('match-papers', { listingPageId }, { jobKey: listingPageId });
  else await wakePlanner(parts);
}

/** Digests may wait for what has just come, or for a source that is well again: the planner looks at once. */
async function wakePlanner({ isLive, queues }: HandlerParts): Promise<void> {
  if (isLive()) await queues.add('plan-editions', {}, { jobKey: 'settled' });
}

/** Ends with the service in the middle of work that the next start finds again. */
async function untilStop(
  { stopping }: HandlerParts,
  signal: AbortSignal,
  work: (end: AbortSignal) => Promise<unknown>,
): Promise<void> {
  try {
    await work(AbortSignal.any([signal, stopping]));
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}
