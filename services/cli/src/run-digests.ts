import { openJournals, openMailer, planEditions } from '@paperboy/mailer';
import type { Shared } from './shared.ts';

/** Plans what is due at a moment and delivers everything that is ready, without queue and workers. */
export async function runDigests(shared: Shared, at: Date) {
  const { db, log, settings, stopping } = shared;
  const journals = openJournals(shared.home.path('journals'), { log });
  const links = await shared.links();
  const mailer = await openMailer({ db, log, links, settings, journals });
  try {
    await mailer.reconcile();
    // Whoever runs this by hand may have mended what the relay was stopped for.
    await mailer.retryRelay();
    const editions = await planEditions({ db, log }, { at });
    const report = await mailer.deliverDue({ signal: stopping });
    // What was in doubt a moment ago, the relay's own records may know by now.
    const { accepted: settled } = await mailer.reconcile();
    const cleared = Math.min(report.uncertain, settled);
    return {
      editions: editions.length,
      digests: editions.reduce((sum, { deliveries }) => sum + deliveries, 0),
      accepted: report.accepted + cleared,
      failed: report.rejected + report.expired,
      uncertain: report.uncertain - cleared,
      waiting: report.deferred + report.ready,
      suppressed: report.suppressed,
    };
  } finally {
    await mailer.close();
  }
}
