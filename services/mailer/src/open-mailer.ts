import type { EditionId } from '@paperboy/core';
import type { SignedLinks } from '@paperboy/email';
import type { Log, Metrics } from '@paperboy/runtime';
import { type Db, editionsWithDueDeliveries } from '@paperboy/store';
import { createComposer } from './compose-digests.ts';
import {
  type BatchOptions,
  type BatchReport,
  type DeliveryParts,
  deliverBatch,
} from './deliver-batch.ts';
import { type InboxServer, startInbox } from './inbox-server.ts';
import type { MailSettings } from './mail-settings.ts';
import { openSigner } from './open-signer.ts';
import { type Reconciled, reconcileDeliveries } from './reconcile.ts';
import { openRelay } from './relay.ts';
import { foreignLog, inboxLog, type RelayLog } from './relay-log.ts';
import { RelayPause } from './relay-pause.ts';

export interface MailerParts {
  readonly db: Db;
  readonly log: Log;
  readonly links: SignedLinks;
  readonly settings: MailSettings;
  readonly metrics?: Pick<Metrics, 'countDeliveries'>;
  /** For tests: another relay's records than those `SMTP_URL` implies. */
  readonly relayLog?: RelayLog;
}

/** All counts of a run of `deliverDue`. */
export type DeliveryReport = BatchReport;

/** A mailer that is ready to send: the relay, or the development inbox in its place, and the layout compiled. */
export interface Mailer {
  /** The development inbox, when mail goes there. */
  readonly inbox?: Pick<InboxServer, 'host' | 'port' | 'url'>;
  /** False while PAPERBOY_SENDING is off: then nothing is claimed. */
  readonly isSending: boolean;
  deliverBatch(editionId: EditionId, options?: BatchOptions): Promise<BatchReport>;
  /** Delivers until nothing is due. Throws what `deliverBatch` throws; the rest is then due later. */
  deliverDue(options?: BatchOptions): Promise<DeliveryReport>;
  /** Settles what dead workers left. */
  reconcile(): Promise<Reconciled>;
  /** Breaks off what is under way: abort the signal of running batches first, and wait for them. */
  close(): Promise<void>;
}

/**
 * Opens a mailer. Throws SETTING_INVALID on a relay or sender that is none, and DKIM_INVALID where mail would leave
 * without a signature that holds.
 */
export async function openMailer(parts: MailerParts): Promise<Mailer> {
  const { db, log, links, settings, metrics } = parts;
  const composer = await createComposer({ links, settings, signer: openSigner(settings, log) });
  await composer.probeSignature();
  const isInbox = settings.smtpUrl === 'inbox';
  const inbox = isInbox ? await startInbox({ db }) : undefined;
  const relay = openRelay({
    url: inbox?.url ?? settings.smtpUrl,
    connections: settings.smtpConnections,
    connectTimeoutMs: settings.smtpTimeoutMs,
  });
  const relayLog = parts.relayLog ?? (isInbox ? inboxLog(db) : foreignLog);
  const { uncertainPolicy } = settings;
  const delivery: DeliveryParts = {
    db,
    log,
    relay,
    composer,
    pause: new RelayPause(),
    count: (state, deliveries) => metrics?.countDeliveries(state, deliveries),
  };
  const deliver = (editionId: EditionId, options?: BatchOptions) =>
    settings.sending ? deliverBatch(delivery, editionId, options) : Promise.resolve(nothing());
  return {
    ...(inbox && { inbox }),
    isSending: settings.sending,
    deliverBatch: deliver,
    deliverDue: (options) => deliverDue(db, deliver, options),
    reconcile: () => reconcileDeliveries({ db, log, relayLog, uncertainPolicy }),
    async close() {
      relay.close();
      await inbox?.stop();
    },
  };
}

async function deliverDue(
  db: Db,
  deliver: (editionId: EditionId, options?: BatchOptions) => Promise<BatchReport>,
  options: BatchOptions = {},
): Promise<DeliveryReport> {
  let total = nothing();
  for (;;) {
    let handled = 0;
    for (const { editionId } of await editionsWithDueDeliveries(db)) {
      if (options.signal?.aborted) return total;
      const batch = await deliver(editionId, options);
      handled += batch.claimed + batch.suppressed - batch.ready;
      total = added(total, batch);
    }
    if (handled === 0) return total;
  }
}

function nothing(): BatchReport {
  return {
    claimed: 0,
    accepted: 0,
    ready: 0,
    deferred: 0,
    rejected: 0,
    expired: 0,
    uncertain: 0,
    suppressed: 0,
  };
}

function added(total: BatchReport, batch: BatchReport): BatchReport {
  return {
    claimed: total.claimed + batch.claimed,
    accepted: total.accepted + batch.accepted,
    ready: total.ready + batch.ready,
    deferred: total.deferred + batch.deferred,
    rejected: total.rejected + batch.rejected,
    expired: total.expired + batch.expired,
    uncertain: total.uncertain + batch.uncertain,
    suppressed: total.suppressed + batch.suppressed,
  };
}
