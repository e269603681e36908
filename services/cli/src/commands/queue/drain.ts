import { PaperboyError, type QueueName } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { notedChange } from '../../noted-change.ts';
import { queueArgument } from './pause.ts';

interface DrainOptions extends CommonOptions {
  readonly yes?: true;
}

/** `paperboy queue drain` */
export function drainCommand(cli: Cli): Command {
  return commandWith(
    'drain',
    'Remove the jobs of a queue that wait or are for later; what is due by the database comes back within a minute',
    'queue drain ingest --yes',
  )
    .addArgument(queueArgument())
    .option('--yes', 'do it; without this only what is there is told')
    .action((queue: QueueName, { yes, ...options }: DrainOptions) =>
      cli.withShared(async (shared) => {
        const queues = await shared.queues();
        if (!yes) {
          const counts = (await queues.queueCounts()).find((one) => one.queue === queue);
          const waits = `${counts?.waiting ?? 0} waiting and ${counts?.delayed ?? 0} later jobs`;
          throw new PaperboyError('USAGE', `${waits} would be removed; with --yes they are`);
        }
        const removed = await notedChange(shared.db, async (_, note) => {
          await note('drain', `queue ${queue}`);
          return queues.drain(queue);
        });
        const output = cli.output(options);
        output.fact({ queue, removed }, `removed ${removed} jobs of ${queue}`);
        output.next('queue list');
      }),
    );
}
