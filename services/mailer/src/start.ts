import { PaperboyError } from '@paperboy/core';
import type { Handlers, Queues } from '@paperboy/queue';
import type { Service } from '@paperboy/runtime';
import {
  type Db,
  emptyBuckets,
  forgetSignUps,
  probePaused,
  relayGate,
  resumeDue,
} from '@paperboy/store';
import { type Mailer, type MailerParts, openMailer } from './open-mailer.ts';
import { planEditions } from './plan-editions.ts';
import { awaitPast, planFirstDigest } from './plan-first-digest.ts';
import { listenForBounces } from './receive-bounces.ts';
import { addDeliverJobs, reconcileJobs } from './reconcile-jobs.ts';

export interface MailerServiceParts extends MailerParts {
  readonly queues: Queues;
  /** Plan by the clock too; off while saved pages are replayed as of their days. True when left out. */
  readonly live?: boolean;
  /** How often lost jobs and lapsed deliveries are looked for; half a minute when left out. */
  readonly reconcileMs?: number;
}

/** The running service, with the development inbox it opened, if any. */
export interface MailerService extends Service {
  readonly inbox?: Mailer['inbox'];
  /** Plans by the clock from now on. */
  goLive(): Promise<void>;
}

const RECONCILE_MS = 30_000;
const PASSED_MS = 1_000;
/** Conversations under way when the service stops may take so long to end; then they are broken off. */
const GRACE_MS = 8_000;

/** Starts the mailer: plans on its schedule, delivers, and settles what earlier runs left, now and every half minute. */
export async function startMailer(parts: MailerServiceParts): Promise<MailerService> {
  const { db, queues, log, settings } = parts;
  const graceMs = settings.whenSourceFails === 'hold' ? settings.digestGraceMs : 0;
  const mailer = await openMailer(parts);
  const bounces = settings.bounceListen ? await listenForBounces(parts) : undefined;
  let isLive = parts.live ?? true;
  const told = new Set<string>();
  const draining = new AbortController();
  const timeUp = new AbortController();
  const handlers: Handlers<'mailer'> = {
    'plan-editions': async ({ at }) => {
      // Left by the schedule of an earlier run: a plan as of now would move windows past the replayed days.
      if (at === undefined && !isLive) return;
      // Days that are replayed are as they were: nothing is to be waited for.
      const options = at === undefined ? { graceMs } : { at: new Date(at) };
      for (const edition of await planEditions(parts, options)) {
        await addDeliverJobs(queues, edition.id, edition.deliveries);
      }
    },
    'deliver-batch': async ({ editionId }) => {
      // Not the job's own signal: a queue that forgot the job in the middle is no reason to break off what goes on
      // under a lease, and to leave messages in doubt.
      const options = { signal: timeUp.signal, draining: draining.signal };
      const batch = mailer.deliverBatch(editionId, options);
      const report = await batch.catch((error: unknown) => stopOfRelay(db, error));
      if (draining.signal.aborted) return;
      if ('retryInMs' in report) {
        const { retryInMs: delayMs } = report;
        // One for all that stopped with it: it carries the probe, and what is due is looked for in any case.
        const jobKey = `${editionId}-stopped`;
        if (delayMs !== undefined)
          await queues.add('deliver-batch', { editionId }, { delayMs, jobKey });
        return;
      }
      const { claimed, passed } = report;
      if (claimed + passed === 0) return;
      // What was passed over has no room for a moment.
      await queues.add('deliver-batch', { editionId }, { delayMs: claimed > 0 ? 0 : PASSED_MS });
    },
    'send-confirmations': async (_, { signal }) => {
      await mailer.sendConfirmations(signal);
    },
    'plan-first-digest': async ({ subscriberId }, { signal }) => {
      await awaitPast(db, subscriberId, { signal });
      const edition = await planFirstDigest(db, subscriberId);
      if (edition) await addDeliverJobs(queues, edition.id, edition.deliveries);
    },
  };
  const reconcile = async (isStart = false) => {
    await mailer.reconcile();
    const probed = await probePaused(db);
    if (probed > 0) log.info('subscribers.probed', { subscribers: probed });
    await tidyReaders(db);
    await mailer.sendConfirmations(draining.signal);
    const { isSending } = mailer;
    await reconcileJobs({ db, queues, log, isSending, isLive, graceMs, told, isStart });
  };
  const goLive = async () => {
    isLive = true;
    await reconcile(true);
    // What came due while nothing ran must not wait for the schedule's next turn.
    await queues.add('plan-editions', {}, { jobKey: 'start' });
  };
  // Whoever starts it may have mended what the relay was stopped for.
  if (mailer.isSending) await mailer.retryRelay();
  await (isLive ? goLive() : reconcile());
  const worker = queues.work('mailer', handlers, { graceMs: GRACE_MS });
  const timer = setInterval(() => {
    reconcile().catch((error: unknown) => log.warn('mailer.reconcile-failed', { error }));
  }, parts.reconcileMs ?? RECONCILE_MS);
  if (!mailer.isSending) log.warn('sending.off', { next: 'set PAPERBOY_SENDING=on to deliver' });
  return {
    name: 'mailer',
    ...(mailer.inbox && { inbox: mailer.inbox }),
    goLive,
    async stop() {
      clearInterval(timer);
      await bounces?.stop();
      draining.abort();
      const grace = setTimeout(() => timeUp.abort(), GRACE_MS);
      await worker.stop();
      clearTimeout(grace);
      await mailer.close();
    },
  };
}

/**
 * For a batch that ended because all mailers are stopped: when the relay is tried again, undefined where a person has to
 * mend something before. The stop was told when it began and stands in the database; a job that meets it has not failed,
 * or a night of it would leave thousands of failed jobs. Throws any other error on.
 */
async function stopOfRelay(
  db: Db,
  error: unknown,
): Promise<{ readonly retryInMs: number | undefined }> {
  if (!(error instanceof PaperboyError)) throw error;
  const gate = await relayGate(db);
  if (gate.kind === 'held' && gate.code === error.code) return { retryInMs: undefined };
  if (gate.kind === 'open' && gate.code === error.code)
    return { retryInMs: Math.max(0, gate.until.getTime() - Date.now()) };
  throw error;
}

/** Ends pauses that are over, and forgets wishes and counts that are too old to matter. */
async function tidyReaders(db: Db): Promise<void> {
  await resumeDue(db);
  await forgetSignUps(db);
  await emptyBuckets(db);
}
