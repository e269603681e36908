import type { Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy migrate`: brings database and queue to this version. */
export function migrateCommand(cli: Cli): Command {
  return commandWith(
    'migrate',
    'Bring the database and the queue to this version; safe to run twice, and at once',
    'migrate',
  ).action(async (options: CommonOptions) => {
    const { migrateInstallation } = await import('../migrate-installation.ts');
    const { applied } = await migrateInstallation(cli.context);
    const text =
      applied.length > 0 ? `applied ${applied.join(', ')}` : 'the database is up to date';
    cli.output(options).fact({ applied }, text);
  });
}
