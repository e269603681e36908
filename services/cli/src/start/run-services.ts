import type { Metrics } from '@paperboy/runtime';
import type { Cli } from '../cli.ts';
import type { Output } from '../output.ts';
import type { Progress } from '../progress.ts';
import type { Shared } from '../shared.ts';
import { awaitDeliveries } from './await-deliveries.ts';
import { awaitPast } from './await-past.ts';
import { settleDeadWorkers } from './dead-workers.ts';
import type { ServiceName, StartOptions } from './options.ts';
import { printReplayed, printRunning } from './print-start.ts';
import type { ReplayedPage } from './replay.ts';
import { type RunningServices, startServices } from './services.ts';
import { summarize, summaryText } from './summary.ts';
import { Stopped } from './wait.ts';
import { watchServer } from './watch-server.ts';

export { loadFirst } from './services.ts';

export interface Start {
  readonly cli: Cli;
  readonly shared: Shared;
  /** Loads what counts. */
  readonly metrics: () => Promise<Metrics>;
  readonly output: Output;
  readonly progress: Progress;
  readonly options: StartOptions;
  /** Whether saved pages are replayed as of their days, which is over when all runs by the clock. */
  readonly phase: { isReplay: boolean };
}

type Started = Start & { readonly services: RunningServices };

/** Loads the seeds, starts services on what is open, and works until a signal, or with `once` until all is done. */
export async function runServices(start: Start): Promise<void> {
  const { cli, shared, metrics, output, progress, options, phase } = start;
  const replays = replaysHere(shared, options.services);
  progress.show('starting services');
  const services = await startServices(shared, {
    names: options.services,
    live: !replays && !options.once,
    metrics,
    prepare: async () => {
      await settleDeadWorkers(shared);
      await loadSeeds(shared);
    },
  });
  const started = { ...start, services };
  const finished = await untilStopped(() => bringUp(started, replays));
  if (!finished) {
    progress.clear();
    output.say('stopped; the next start goes on from here');
    if (options.once) cli.exitWith(1);
  } else if (!options.once) {
    phase.isReplay = false;
    await keepRunning(started);
  }
}

/**
 * Whether the demo pages belong here: they are read and mailed by services of this process, and to nobody but the
 * development inbox.
 */
function replaysHere({ settings }: Shared, services: readonly ServiceName[]): boolean {
  const isDemo = settings.smtpUrl === 'inbox';
  return isDemo && services.includes('ingest') && services.includes('mailer');
}

/** What reads seeds is loaded when the pages answer: on all starts but the first there is nothing new in them. */
async function loadSeeds(shared: Shared): Promise<void> {
  const { loadSeeds: load } = await import('./load-seeds.ts');
  await load(shared);
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
  { cli, shared, services, output, progress, options }: Started,
  replays: boolean,
): Promise<void> {
  const { db, settings, stopping } = shared;
  const queues = await shared.queues();
  const isSending = settings.sending && services.mailer !== undefined;
  const parts = { db, queues, stopping, isSending };
  const replayed: ReplayedPage[] = [];
  const show = (step: string) => progress.show(step);
  if (replays || options.once) await awaitPast({ ...parts, show }, services.ingest !== undefined);
  if (replays) {
    const done = (page: ReplayedPage) => {
      progress.clear();
      replayed.push(page);
      printReplayed(output, page);
    };
    const [{ seedPages }, { replayPages }] = await Promise.all([
      import('./seeds.ts'),
      import('./replay.ts'),
    ]);
    await replayPages({ ...parts, show, done }, await seedPages());
  }
  if (options.once) await awaitDeliveries(parts, 'deliveries');
  progress.clear();
  if (replays && replayed.length === 0) output.say('nothing new');
  if (!replays && !options.once) return;
  const inbox = settings.smtpUrl === 'inbox' ? `${settings.publicUrl}/inbox` : null;
  const summary = await summarize(db, inbox);
  output.fact(summary, summaryText(summary));
  if (summary.failed + summary.uncertain > 0) {
    output.next(`delivery list --state ${summary.uncertain > 0 ? 'uncertain' : 'rejected'}`);
    if (options.once) cli.exitWith(1);
  }
}

/** Works by the clock until a signal; throws when the embedded database goes away. */
async function keepRunning({ shared, services, output }: Started): Promise<void> {
  const { postgres, stopping } = shared;
  await services.mailer?.goLive();
  await services.ingest?.goLive();
  await printRunning(output, shared, services);
  // A server of somebody else comes back by itself, and the services wait for it; ours has nobody to restart it.
  if (postgres) await watchServer(postgres, stopping);
  else await stopped(stopping);
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
