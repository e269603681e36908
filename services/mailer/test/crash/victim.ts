/**
 * A mailer of its own process, for the tests to kill: `victim.ts <orders as JSON>`. It delivers what is due and ends, or
 * works as a service until it is told to stop.
 */
import { silentLog } from '@paperboy/runtime';
import { openStore } from '@paperboy/store';
import { openJournals, openMailer, planEditions, startMailer } from '../../src/index.ts';
import { links, mailSettings } from '../mailer-of-tests.ts';
import { Death, type DeathPoint, dyingDb, dyingJournals, dyingQueues } from './dying.ts';

export interface VictimOrders {
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly journals: string;
  /** Conversations at a time. */
  readonly connections: number;
  /** Where it dies by itself, and the how manieth time. */
  readonly point?: DeathPoint;
  readonly nth?: number;
  /** Settles first what others left. */
  readonly reconciles?: boolean;
  /** Plans as of then first. */
  readonly planAt?: string;
  /** Works as a service on this queue. */
  readonly queueUrl?: string;
}

const orders: VictimOrders = JSON.parse(process.argv[2] ?? '{}');
const death = new Death(orders.point, orders.nth);
const store = openStore({ url: orders.databaseUrl });
const db = dyingDb(store.db, death);
const log = silentLog;
const parts = {
  db,
  log,
  links,
  journals: dyingJournals(openJournals(orders.journals, { log }), death),
  settings: { ...mailSettings, smtpUrl: orders.smtpUrl, smtpConnections: orders.connections },
};
const { planAt, queueUrl, databaseUrl } = orders;
await (queueUrl ? serve(queueUrl) : deliver());

async function deliver(): Promise<void> {
  const draining = new AbortController();
  process.once('SIGTERM', () => draining.abort());
  if (planAt) await planEditions({ db, log }, { at: new Date(planAt) });
  const mailer = await openMailer(parts);
  if (orders.reconciles) await mailer.reconcile();
  await mailer.deliverDue({ draining: draining.signal });
  await mailer.close();
  await store.close();
}

async function serve(url: string): Promise<void> {
  // Loaded here: most victims only deliver, and live no longer than this takes.
  const { openQueues } = await import('@paperboy/queue');
  const queues = await openQueues({ queueUrl: url, databaseUrl, log });
  const service = await startMailer({ ...parts, queues: dyingQueues(queues, death) });
  process.once('SIGTERM', async () => {
    await service.stop();
    await queues.close();
    await store.close();
  });
  if (planAt) await queues.add('plan-editions', { at: planAt });
}
