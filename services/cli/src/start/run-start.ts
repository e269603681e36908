import { createLog, createMetrics, readSettings } from '@paperboy/runtime';
import type { Cli } from '../cli.ts';
import { once } from '../once.ts';
import { progressFor } from '../progress.ts';
import { withShared } from '../shared.ts';
import type { StartOptions } from './options.ts';
import { quietLog } from './quiet-log.ts';

/**
 * Starts services in this process: seeds first, then by the clock until a signal; with `once` until all is done. All
 * that works on the database is loaded while its server gets ready, which takes as long.
 */
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
  const loadServices = once(() => import('./run-services.ts'));
  const metrics = once(createMetrics);
  progress.show('opening the database');
  const code = await withShared(
    context,
    async (shared) => {
      const { runServices } = await loadServices();
      await runServices({ cli, shared, metrics, output, progress, options, phase });
    },
    {
      migrates: true,
      claims: true,
      log,
      preload: async () => {
        const { loadFirst } = await loadServices();
        await loadFirst(options.services);
      },
      onJobDone: async ({ queue, job, outcome, ms }) => {
        (await metrics()).countJob(queue, job, outcome, ms);
      },
    },
  );
  progress.clear();
  cli.exitWith(code);
}
