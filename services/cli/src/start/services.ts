import type { IngestService } from '@paperboy/ingest';
import type { MailerService } from '@paperboy/mailer';
import type { Queues } from '@paperboy/queue';
import { describeSettings, Health, type Metrics } from '@paperboy/runtime';
import { checkDatabase } from '@paperboy/store';
import type { LaterDeps, WebService } from '@paperboy/web';
import { embeddingOptions } from '../embedding-options.ts';
import { httpOptions } from '../http-options.ts';
import type { Shared } from '../shared.ts';
import type { ServiceName } from './options.ts';
import { reportDepth, reportMail, reportSources } from './report-figures.ts';

/** The services of this process; those that were not asked for are absent. */
export interface RunningServices {
  readonly web?: WebService;
  readonly ingest?: IngestService;
  readonly mailer?: MailerService;
}

export interface ServiceChoice {
  readonly names: readonly ServiceName[];
  /** Whether sources are asked and digests planned by the clock from the start. */
  readonly live: boolean;
  /** Loads what counts. */
  readonly metrics: () => Promise<Metrics>;
  /** Done before any work begins; the pages answer already. */
  readonly prepare: () => Promise<void>;
}

/** Loads what is needed first, ahead of `startServices`: all else follows while the first pages answer. */
export function loadFirst(names: readonly ServiceName[]): Promise<unknown> {
  return names.includes('web') ? import('@paperboy/web') : import('@paperboy/queue');
}

/** Starts services on what is shared; they stop with it, in reverse. Each is loaded only if it is wanted. */
export async function startServices(
  shared: Shared,
  { names, live, metrics, prepare }: ServiceChoice,
): Promise<RunningServices> {
  const { db, lifecycle } = shared;
  const counting = Promise.withResolvers<Metrics>();
  // Web first: a busy port ends the start before any work is done.
  const web = names.includes('web')
    ? lifecycle.add(await startWeb(shared, counting.promise))
    : undefined;
  await web?.firstAnswer;
  const queues = await shared.queues();
  const counted = await metrics();
  counting.resolve(counted);
  await web?.complete();
  await prepare();
  const mailer = names.includes('mailer')
    ? lifecycle.add(await startMailer(shared, queues, counted, live))
    : undefined;
  const ingest = names.includes('ingest')
    ? lifecycle.add(await startIngest(shared, queues, counted, live))
    : undefined;
  lifecycle.add(reportDepth(queues, counted));
  if (web) {
    lifecycle.add(reportSources(db, counted));
    lifecycle.add(reportMail(db, counted, shared.settings.sending));
  }
  return { ...(web && { web }), ...(mailer && { mailer }), ...(ingest && { ingest }) };
}

async function startWeb(shared: Shared, counting: Promise<Metrics>): Promise<WebService> {
  const { startWeb: start } = await import('@paperboy/web');
  const { db, log, settings, store } = shared;
  const health = new Health()
    .add('database', () => checkDatabase(store))
    .add('queue', async () => (await shared.queues()).queueCounts());
  // The first requests come before what counts them is loaded.
  const metrics = {
    observeRequest: (...seen: Parameters<Metrics['observeRequest']>) =>
      void counting.then((counted) => counted.observeRequest(...seen)),
    render: async () => (await counting).render(),
  };
  return start({ db, log, settings, health, metrics }, () => forAllPages(shared));
}

async function forAllPages(shared: Shared): Promise<LaterDeps> {
  const { db, settings } = shared;
  const [{ desks }, links, queues] = await Promise.all([
    import('../desks.ts'),
    shared.links(),
    shared.queues(),
  ]);
  const matchPast = () => queues.add('match-past', {}, { jobKey: 'match-past' });
  const settingsInForce = () => describeSettings(settings);
  return { links, queues, settingsInForce, ...desks(db, matchPast, embeddingOptions(settings)) };
}

async function startMailer(
  shared: Shared,
  queues: Queues,
  metrics: Metrics,
  live: boolean,
): Promise<MailerService> {
  const { openJournals, startMailer: start } = await import('@paperboy/mailer');
  const { db, log, settings, home } = shared;
  const journals = openJournals(home.path('journals'), { log });
  const links = await shared.links();
  return start({ db, queues, log, links, settings, journals, metrics, live });
}

async function startIngest(
  { db, log, settings }: Shared,
  queues: Queues,
  metrics: Metrics,
  live: boolean,
): Promise<IngestService> {
  const { startIngest: start } = await import('@paperboy/ingest');
  const http = httpOptions(settings);
  const concurrency = settings.ingestConcurrency;
  const { alertAfter } = settings;
  const embeddings = embeddingOptions(settings);
  return start({ db, queues, log, metrics, http, concurrency, alertAfter, live, embeddings });
}
