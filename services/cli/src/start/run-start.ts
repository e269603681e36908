import { createLog, createMetrics, readSettings } from '@paperboy/runtime';
import type { Cli } from '../cli.ts';
import type { Output } from '../output.ts';
import { type Progress, progressFor } from '../progress.ts';
import { type Shared, withShared } from '../shared.ts';
import { awaitDeliveries } from './await-deliveries.ts';
import { awaitPast } from './await-past.ts';
import { settleDeadWorkers } from './dead-workers.ts';
import { loadSeeds } from './load-seeds.ts';
import type { ServiceName, StartOptions } from './options.ts';
import { printReplayed, printRunning } from './print-start.ts';
import { quietLog } from './quiet-log.ts';
import { type ReplayedPage, replayPages } from './replay.ts';
import { readSeeds, type Seeds } from './seeds.ts';
import { type RunningServices, startServices } from './services.ts';
import { summarize, summaryText } from './summary.ts';
import { Stopped } from './wait.ts';
import { watchDatabase } from './watch-database.ts';

/** Starts services in this process: seeds first, then by the clock until a signal; with `once` until all is done. */
export async function runStart(cli: Cli, options: StartOptions): Promise<void> {
  const { context } = cli;
  const settings = readSettings(context.env);
  const output = cli.output(options);
  const progress = progressFor(context, options);
  const phase = { isReplay: true };
  const log = quietLog(
    createLog({ level: settings.logLevel, format: settings.logFormat }),
    () => phase.isReplay && !context.env.LOG_LEVEL,
  );
  const metrics = await createMetrics();
  const seeds = await readSeeds();
  progress.show('opening the database');
  const code = await withShared(
    context,
    async (shared) => {
      const replays = replaysHere(shared, options.services);
      await settleDeadWorkers(shared);
      await loadSeeds(shared, seeds);
      progress.show('starting services');
      const services = await startServices(shared, {
        names: options.services,
        live: !replays && !options.once,
        metrics,
      });
      const start = { cli, shared, services, output, progress, options };
      const finished = await untilStopped(() => bringUp(start, replays ? seeds : undefined));
      if (!finished) {
        progress.clear();
        output.say('stopped; the next start goes on from here');
        if (options.once) cli.exitWith(1);
      } else if (!options.once) {
        phase.isReplay = false;
        await keepRunning(start);
      }
    },
    {
      migrates: true,
      claims: true,
      log,
      onJobDone: ({ queue, job, outcome, ms }) => metrics.countJob(queue, job, outcome, ms),
    },
  );
  progress.clear();
  cli.exitWith(code);
}

interface Start {
  readonly cli: Cli;
  readonly shared: Shared;
  readonly services: RunningServices;
  readonly output: Output;
  readonly progress: Progress;
  readonly options: StartOptions;
}

/**
 * Whether the demo pages belong here: they are read and mailed by services of this process, and to nobody but the
 * development inbox.
 */
function replaysHere({ settings }: Shared, services: readonly ServiceName[]): boolean {
  const isDemo = settings.smtpUrl === 'inbox';
  return isDemo && services.includes('ingest') && services.includes('mailer');
}

/** False when a signal came first. */
async function untilStopped(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    if (thrown instanceof Stopped) return false;
    throw thrown;
  }
}

/** Replays the seeds and delivers what is due, then says what there is. */
async function bringUp(
  { cli, shared, services, output, progress, options }: Start,
  seeds: Seeds | undefined,
): Promise<void> {
  const { db, settings, stopping } = shared;
  const queues = await shared.queues();
  const isSending = settings.sending && services.mailer !== undefined;
  const parts = { db, queues, stopping, isSending };
  const replayed: ReplayedPage[] = [];
  const show = (step: string) => progress.show(step);
  if (seeds || options.once) await awaitPast({ ...parts, show }, services.ingest !== undefined);
  if (seeds) {
    const done = (page: ReplayedPage) => {
      progress.clear();
      replayed.push(page);
      printReplayed(output, page);
    };
    await replayPages({ ...parts, show, done }, seeds.pages);
  }
  if (options.once) await awaitDeliveries(parts, 'deliveries');
  progress.clear();
  if (seeds && replayed.length === 0) output.say('nothing new');
  if (!seeds && !options.once) return;
  const inbox = settings.smtpUrl === 'inbox' ? `${settings.publicUrl}/inbox` : null;
  const summary = await summarize(db, inbox);
  output.fact(summary, summaryText(summary));
  if (summary.failed + summary.uncertain > 0) {
    output.next(`delivery list --state ${summary.uncertain > 0 ? 'uncertain' : 'rejected'}`);
    if (options.once) cli.exitWith(1);
  }
}

/** Works by the clock until a signal; throws when the embedded database goes away. */
async function keepRunning({ shared, services, output }: Start): Promise<void> {
  const { settings, store, stopping } = shared;
  await services.mailer?.goLive();
  await services.ingest?.goLive();
  await printRunning(output, shared, services);
  // A server of somebody else comes back by itself, and the services wait for it; ours has nobody to restart it.
  const failure =
    settings.databaseUrl === 'embedded'
      ? await watchDatabase(store, stopping)
      : await stopped(stopping);
  if (failure) throw failure;
}

function stopped(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
