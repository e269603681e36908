import type { SourceId } from '@paperboy/core';
import type { Log, Metrics } from '@paperboy/runtime';
import type { FetchOutcome } from './fetch-page.ts';
import type { recordPage } from './record-page.ts';

/** Tells log and metrics what a page turned out to be. */
export function reportPage(
  page: Awaited<ReturnType<typeof recordPage>>,
  log: Log,
  metrics: Metrics,
): void {
  const { id, listedOn, verdict, note, entries, recurring, repeated, revised } = page;
  const sound = verdict === 'new-batch' || verdict === 'unchanged' || verdict === 'grew';
  log[sound ? 'info' : 'warn']('page.recorded', {
    listingPageId: id,
    listedOn,
    verdict,
    note,
    entries,
    new: page.new,
    recurring,
    repeated,
    revised,
  });
  metrics.countPage(verdict ?? 'unread');
  metrics.countPapers('new', page.new ?? 0);
  metrics.countPapers('recurring', recurring ?? 0);
  metrics.countPapers('repeated', repeated ?? 0);
  metrics.countPapers('revised', revised ?? 0);
}

/**
 * Tells the log how fetches went: once that the network is away and once that it is back, however many sources
 * were asked meanwhile, and once for a source that stays silent while others answer.
 */
export function fetchReporter(log: Log): (sourceId: SourceId, outcome: FetchOutcome) => void {
  const silent = new Set<SourceId>();
  let isAway = false;
  return (sourceId, outcome) => {
    if (outcome.kind === 'postponed') return;
    if ('unreachable' in outcome && outcome.unreachable) {
      if (!isAway && !silent.has(sourceId)) {
        isAway = true;
        const { source, detail } = outcome;
        const next = 'sources that do not answer are asked again by themselves';
        log.warn('network.unreachable', { source, detail, next });
      }
      silent.add(sourceId);
      return;
    }
    silent.delete(sourceId);
    if (isAway) log.info('network.reachable');
    isAway = false;
    if ('retryInMs' in outcome || outcome.kind === 'failed') {
      const { source, detail, retryInMs } = outcome;
      log.warn('source.refused', { source, detail, retryInMs });
    }
  };
}
