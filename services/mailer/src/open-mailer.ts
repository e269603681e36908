import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EditionId } from '@paperboy/core';
import type { SignedLinks } from '@paperboy/email';
import type { Log, Metrics } from '@paperboy/runtime';
import {
  ClaimPlaces,
  type Db,
  dueUntried,
  editionsWithDueDeliveries,
  MatchReasons,
  nextDueInMs,
  retryHeldRelay,
  spentQuota,
} from '@paperboy/store';
import { type BatchOptions, type BatchReport, type DeliveryParts, noneYet } from './batch.ts';
import { createComposer } from './compose-digests.ts';
import { deliverBatch } from './deliver-batch.ts';
import { DomainPaces } from './domain-paces.ts';
import { type InboxServer, startInbox } from './inbox-server.ts';
import type { Journals } from './journal.ts';
import { type MailSettings, SENDING } from './mail-settings.ts';
import { openSigner } from './open-signer.ts';
import { probeSignature } from './probe-signature.ts';
import { type Reconciled, reconcileDeliveries } from './reconcile.ts';
import { openRelay } from './relay.ts';
import { RelayBreaker } from './relay-breaker.ts';
import { foreignLog, inboxLog, type RelayLog } from './relay-log.ts';
import { sendConfirmations } from './send-confirmations.ts';

export interface MailerParts {
  readonly db: Db;
  readonly log: Log;
  readonly links: SignedLinks;
  readonly settings: MailSettings;
  /** Where it is written down what is on its way. */
  readonly journals: Journals;
  readonly metrics?: Pick<Metrics, 'countDeliveries'>;
  /** For tests: another relay's records than those `SMTP_URL` implies. */
  readonly relayLog?: RelayLog;
}

/** A mailer that is ready to send: the relay, or the development inbox in its place, and the layout compiled. */
export interface Mailer {
  /** The development inbox, when mail goes there. */
  readonly inbox?: Pick<InboxServer, 'host' | 'port' | 'url'>;
  /** False while PAPERBOY_SENDING is off: then nothing is claimed. */
  readonly isSending: boolean;
  deliverBatch(editionId: EditionId, options?: BatchOptions): Promise<BatchReport>;
  /** Delivers until nothing is due. Throws what `deliverBatch` throws; the rest is then due later. */
  deliverDue(options?: BatchOptions): Promise<BatchReport>;
  /** Sends what asks new readers to confirm; how many. */
  sendConfirmations(signal?: AbortSignal): Promise<number>;
  /** Settles what dead workers left. */
  reconcile(): Promise<Reconciled>;
  /** Takes up what a person may have mended: a held relay is tried once more, and what a quota put off while there is room. */
  retryRelay(): Promise<void>;
  /** Breaks off what is under way: abort the signal of running batches first, and wait for them. */
  close(): Promise<void>;
}

/**
 * Opens a mailer. Throws SETTING_INVALID on a relay or sender that is none, TEMPLATE_INVALID on a template that
 * cannot be used, DKIM_INVALID where mail would leave without a signature that holds, and PROCESS_FAILED.
 */
export async function openMailer(parts: MailerParts): Promise<Mailer> {
  const { db, log, links, settings, metrics, journals } = parts;
  const signer = openSigner(settings, log);
  const composing = createComposer({ links, settings, signer });
  const [composer] = await Promise.all([composing, signer && probeSignature(composing, signer)]);
  const isInbox = settings.smtpUrl === 'inbox';
  const inbox = isInbox ? await startInbox({ db }) : undefined;
  const relay = openRelay({
    url: inbox?.url ?? settings.smtpUrl,
    connections: settings.smtpConnections,
    connectTimeoutMs: settings.smtpTimeoutMs,
  });
  const relayLog = parts.relayLog ?? (isInbox ? inboxLog(db) : foreignLog);
  const { uncertainPolicy } = settings;
  // The start of a claim's name is the process: that tells on this machine whether its holder lives.
  const worker = `${process.pid}-${randomUUID()}`;
  let claims = 0;
  const paces = new DomainPaces({ db, log });
  const delivery: DeliveryParts = {
    db,
    log,
    relay,
    composer,
    reasons: new MatchReasons(),
    places: new ClaimPlaces(),
    journals,
    breaker: new RelayBreaker({ db, log, probeMs: 2 * settings.smtpTimeoutMs }),
    paces,
    quota: {
      perSecond: settings.mailPerSecond,
      perHour: settings.mailPerHour,
      perDay: settings.mailPerDay,
    },
    nextClaim: () => `${worker}.${++claims}`,
    count: (state, deliveries) => metrics?.countDeliveries(state, deliveries),
  };
  const deliver = (editionId: EditionId, options?: BatchOptions) =>
    settings.sending ? deliverBatch(delivery, editionId, options) : Promise.resolve(noneYet());
  return {
    ...(inbox && { inbox }),
    isSending: settings.sending,
    deliverBatch: deliver,
    // Whoever sends next, in whatever process, is to know what domains have said.
    deliverDue: (options) => deliverDue(db, deliver, options).finally(() => paces.settle()),
    sendConfirmations: async (signal) => {
      if (!settings.sending) return 0;
      const { breaker } = delivery;
      return sendConfirmations({ db, log, relay, breaker, signer, settings }, signal);
    },
    reconcile: () =>
      reconcileDeliveries({
        db,
        log,
        relayLog,
        journals,
        uncertainPolicy,
        ourNames: composer.ourNames,
      }),
    retryRelay: async () => {
      if (await retryHeldRelay(db)) log.info('relay.retried');
      if (await spentQuota(db, delivery.quota)) return;
      const deliveries = await dueUntried(db);
      if (deliveries > 0) log.info('deliveries.due-again', { deliveries });
    },
    async close() {
      relay.close();
      await paces.settle();
      await inbox?.stop();
    },
  };
}

type Deliver = (editionId: EditionId, options?: BatchOptions) => Promise<BatchReport>;

/** Longest wait for what is due soon: given back a moment ago, or passed over for a domain at its limit. */
const SOON_MS = 3_000;

async function deliverDue(
  db: Db,
  deliver: Deliver,
  options: BatchOptions = {},
): Promise<BatchReport> {
  const total = noneYet();
  for (;;) {
    let claimed = 0;
    for (const { editionId } of await editionsWithDueDeliveries(db)) {
      const lanes = Array.from({ length: SENDING.lanes }, () =>
        drain(() => deliver(editionId, options), total, options),
      );
      // Each lane comes to its end before any failure is told: nothing goes on behind the caller's back.
      for (const lane of await Promise.allSettled(lanes)) {
        if (lane.status === 'rejected') throw lane.reason;
        claimed += lane.value;
      }
    }
    if (isStopped(options)) return total;
    if (claimed > 0) continue;
    const waitMs = await nextDueInMs(db);
    if (waitMs === undefined || waitMs > SOON_MS) return total;
    if (total.claimed + total.passed === 0) return total;
    await sleep(Math.max(20, waitMs));
  }
}

/** Delivers batches of one edition until there is nothing to claim; how many were claimed. */
async function drain(
  deliver: () => Promise<BatchReport>,
  total: Record<keyof BatchReport, number>,
  options: BatchOptions,
): Promise<number> {
  let claimed = 0;
  while (!isStopped(options)) {
    const batch = await deliver();
    for (const key of Object.keys(total) as (keyof BatchReport)[]) total[key] += batch[key];
    claimed += batch.claimed;
    if (batch.claimed + batch.suppressed + batch.expired === 0) break;
  }
  return claimed;
}

function isStopped({ signal, draining }: BatchOptions): boolean {
  return signal?.aborted === true || draining?.aborted === true;
}
