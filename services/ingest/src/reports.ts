import type { SourceId, SourceOutcome } from '@paperboy/core';
import type { Log, Metrics } from '@paperboy/runtime';
import { type Db, takeAlerts } from '@paperboy/store';
import type { FetchOutcome } from './fetch-attempt.ts';
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
    if (outcome.kind === 'blocked' || outcome.kind === 'failed') {
      const { source, detail } = outcome;
      log.warn('source.refused', { source, detail });
    }
  };
}

/** Tells the log of sources that need a person, and of those that no longer do: once, however many workers ask. */
export async function announceAlerts(db: Db, log: Log): Promise<void> {
  for (const { kind, source, outcome, note, ...facts } of await takeAlerts(db)) {
    if (kind === 'over') {
      log.info('source.recovered', { source, verdict: outcome, note });
      continue;
    }
    const { troubleSince: since, times, lastGoodAt, nextAskAt } = facts;
    const next = nextStep(outcome, source);
    log.error('source.alert', {
      source,
      verdict: outcome,
      note,
      since,
      times,
      lastGoodAt,
      nextAskAt,
      next,
    });
  }
}

function nextStep(outcome: SourceOutcome, source: string): string {
  switch (outcome) {
    case 'broken':
      return `paperboy source show ${source}: its page has probably changed`;
    case 'cut':
      return `paperboy source show ${source}: a limit in its address may be too low`;
    case 'stale':
      return `look whether ${source} still publishes; if its days changed, paperboy source set ${source} --publishes`;
    case 'blocked':
      return `ask the site, or fetch ${source} less often with paperboy source set ${source} --cron`;
    default:
      return `look whether the address of ${source} still answers; paperboy source show ${source}`;
  }
}
