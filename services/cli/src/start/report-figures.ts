import type { Queues } from '@paperboy/queue';
import type { Metrics } from '@paperboy/runtime';
import {
  countOpenDeliveries,
  countUncertain,
  type Db,
  listSources,
  relayGate,
  slowDomains,
} from '@paperboy/store';

const EVERY_MS = 15_000;

/** Tells the metrics how much work waits. */
export function reportDepth(queues: Queues, metrics: Metrics) {
  return reportOften('queue-depth', async () => {
    // An unreachable queue is told of by those who work on it.
    for (const count of await queues.queueCounts()) {
      metrics.setQueueDepth(count.queue, 'waiting', count.waiting);
      metrics.setQueueDepth(count.queue, 'active', count.active);
      metrics.setQueueDepth(count.queue, 'failed', count.failed);
    }
  });
}

/** Tells the metrics how every source stands. */
export function reportSources(db: Db, metrics: Metrics) {
  return reportOften('source-health', async () => {
    const sources = await listSources(db);
    metrics.setSources(
      sources
        .filter(({ state }) => state === 'active')
        .map(({ name, health }) => ({
          source: name,
          outcome: health?.outcome ?? 'none',
          troubles: health?.times ?? 0,
          isAlert: health?.isAlert ?? false,
          lastGoodAt: health?.lastGoodAt ?? null,
        })),
    );
  });
}

/** Tells the metrics whether mail goes out. */
export function reportMail(db: Db, metrics: Metrics, isSending: boolean) {
  return reportOften('mail-standing', async () =>
    metrics.setMail(await mailFigures(db, isSending)),
  );
}

/** How mail stands, of all mailers together. */
async function mailFigures(db: Db, isSending: boolean): Promise<Parameters<Metrics['setMail']>[0]> {
  const [gate, domains, open, uncertain] = await Promise.all([
    relayGate(db),
    slowDomains(db),
    countOpenDeliveries(db),
    countUncertain(db),
  ]);
  return {
    isSending,
    relay: gate.kind === 'held' || gate.kind === 'open' ? gate.kind : 'closed',
    restingDomains: domains.filter(({ deadUntil }) => deadUntil !== null).length,
    open: { ...open, uncertain },
  };
}

/** What cannot be read now is read next time: whoever needs it tells of its failures. */
function reportOften(name: string, report: () => Promise<void>) {
  const timer = setInterval(() => void report().catch(() => {}), EVERY_MS);
  timer.unref();
  return { name, stop: async () => clearInterval(timer) };
}
