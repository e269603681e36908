import { asPaperboyError, type DeliveryState, PaperboyError } from '@paperboy/core';
import type { QueueCounts } from '@paperboy/queue';
import { Health, type HealthReport } from '@paperboy/runtime';
import {
  checkDatabase,
  countDeliveries,
  countPairs,
  type Db,
  embeddingService,
  installationTotals,
  listSources,
  pastProgress,
  pendingMigrations,
  relayGate,
  type Store,
  slowDomains,
  sourceTroubles,
  spentQuota,
  type Totals,
} from '@paperboy/store';
import type { CliContext } from './context.ts';
import { type MailTroubles, mailTroublesOf } from './mail-troubles.ts';
import { moment } from './moments.ts';
import { type Shared, withShared } from './shared.ts';

/** How an installation stands. */
export interface Status {
  /** False when something is down; trouble with a source or a delivery leaves it true. */
  readonly ok: boolean;
  /** Something waits for a person: a source in trouble, or mail that is stopped. */
  readonly needsLook: boolean;
  readonly checks: HealthReport['checks'];
  readonly queues: readonly QueueCounts[];
  readonly totals: Totals | null;
  readonly deliveries: Readonly<Record<DeliveryState, number>> | null;
  readonly sources: Awaited<ReturnType<typeof listSources>>;
  /** What an operator should look at, a sentence each. */
  readonly attention: readonly string[];
}

/** Asks everything; what does not answer is part of the answer, not an error. */
export async function readStatus(context: CliContext): Promise<Status> {
  try {
    let status: Status | undefined;
    await withShared(
      context,
      async (shared) => {
        status = await statusOf(shared);
      },
      { checksMigrations: false },
    );
    if (!status) throw new PaperboyError('INTERNAL', 'the status was not read');
    return status;
  } catch (thrown) {
    const { code, detail } = asPaperboyError(thrown);
    return { ...NOTHING, checks: { database: { ok: false, ms: 0, detail: `${code}: ${detail}` } } };
  }
}

const NOTHING: Omit<Status, 'checks'> = {
  ok: false,
  needsLook: true,
  queues: [],
  totals: null,
  deliveries: null,
  sources: [],
  attention: [],
};

async function statusOf(shared: Shared): Promise<Status> {
  const { db, store, settings } = shared;
  let queues: readonly QueueCounts[] = [];
  const { ok, checks } = await new Health()
    .add('database', () => checkDatabase(store))
    .add('migrations', () => refusePending(store), 10_000)
    .add(
      'queue',
      async () => {
        queues = await (await shared.queues()).queueCounts();
      },
      10_000,
    )
    .report();
  // Without its tables there is nothing to count.
  if (!checks.migrations?.ok) return { ...NOTHING, checks, queues };
  const [totals, deliveries, sources, pairs, mail] = await Promise.all([
    installationTotals(db),
    countDeliveries(db),
    listSources(db),
    countPairs(db),
    mailTroubles(db, settings),
  ]);
  const attention = [
    ...mail.attention,
    ...(await attentionTo(db)),
    ...(settings.embeddingsUrl === '' ? [] : await embeddingTroubles(db)),
    ...(await pastToMatch(db)),
    ...deliveriesIn(deliveries),
    ...failedJobs(queues),
    ...pairsIn(pairs),
  ];
  const needsLook =
    mail.isStopped ||
    queues.some(({ paused }) => paused) ||
    sources.some(({ state, health }) => state === 'active' && health?.isAlert === true);
  return { ok, needsLook, checks, queues, totals, deliveries, sources, attention };
}

async function mailTroubles(db: Db, settings: Shared['settings']): Promise<MailTroubles> {
  const { sending: isSending, mailPerHour: perHour, mailPerDay: perDay } = settings;
  const [gate, domains, quota] = await Promise.all([
    relayGate(db),
    slowDomains(db),
    spentQuota(db, { perHour, perDay }),
  ]);
  return mailTroublesOf({ isSending, gate, domains, quota });
}

async function refusePending({ pool }: Store): Promise<void> {
  const pending = await pendingMigrations(pool);
  if (pending.length > 0) throw new PaperboyError('MIGRATION_PENDING', pending.join(', '));
}

async function attentionTo(db: Db): Promise<string[]> {
  const troubles = await sourceTroubles(db);
  return troubles.map(({ sourceName, kind, note, times, troubleSince, isAlert }) => {
    const streak =
      times > 1 && troubleSince ? `, ${times} in a row since ${moment(troubleSince)}` : '';
    const look = isAlert ? `; look: paperboy source show ${sourceName}` : '';
    return `source ${sourceName}: ${kind}${streak}: ${note ?? ''}${look}`;
  });
}

async function embeddingTroubles(db: Db): Promise<string[]> {
  const { trouble } = await embeddingService(db);
  if (!trouble) return [];
  const { since, detail, retryAt } = trouble;
  return [
    `papers are scored without the embedding service since ${moment(since)}, asked again at ${moment(retryAt)}: ${detail}`,
  ];
}

async function pastToMatch(db: Db): Promise<string[]> {
  const { topics, done, papers } = await pastProgress(db);
  if (topics === 0) return [];
  const far = papers === 0 ? '' : `: ${Math.floor((100 * done) / papers)} %`;
  return [
    `${topics === 1 ? '1 new topic is' : `${topics} new topics are`} held against past papers${far}`,
  ];
}

function deliveriesIn({ uncertain, rejected }: Readonly<Record<DeliveryState, number>>): string[] {
  return [
    ...(uncertain > 0 ? [`${uncertain} deliveries are uncertain`] : []),
    ...(rejected > 0 ? [`${rejected} deliveries were rejected`] : []),
  ];
}

function failedJobs(queues: readonly QueueCounts[]): string[] {
  return queues.flatMap(({ queue, failed, paused }) => [
    ...(failed > 0 ? [`${failed} jobs of ${queue} have failed`] : []),
    ...(paused ? [`queue ${queue} is paused`] : []),
  ]);
}

function pairsIn(pairs: number): string[] {
  if (pairs === 0) return [];
  const count = pairs === 1 ? '1 pair' : `${pairs} pairs`;
  return [`${count} of papers may be one work: paperboy paper suggestions`];
}
