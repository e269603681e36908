import type { Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

interface RestoreOptions extends CommonOptions {
  readonly dryRun?: true;
}

/** `paperboy restore`: a backup into an installation that holds nothing yet. */
export function restoreCommand(cli: Cli): Command {
  return commandWith(
    'restore <file>',
    'Fill a new data folder or an empty database from a backup, of this version or an older one',
    'restore paperboy.backup --dry-run',
    'restore paperboy.backup',
  )
    .option('--dry-run', 'only read all of the file and tell what is in it')
    .action(async (file: string, { dryRun, ...options }: RestoreOptions) => {
      const { inspectBackup, restore } = await import('../restore.ts');
      const output = cli.output(options);
      if (dryRun) {
        const found = await inspectBackup(cli.context, file);
        const { madeAt, version, rows, tables } = found;
        const size = `${rows.toLocaleString('en-GB')} rows of ${tables} tables`;
        output.fact(found, `${file} is whole: ${size}, made ${madeAt} by version ${version}`);
        return;
      }
      const restored = await restore(cli.context, file);
      const { rows, tables, madeAt, applied } = restored;
      const size = `${rows.toLocaleString('en-GB')} rows of ${tables} tables`;
      output.fact(restored, `restored ${size}, as they were ${madeAt}`);
      if (applied.length > 0) output.say(`applied ${applied.join(', ')}`);
      output.say(
        'note: what was mailed since the backup is not known; start without the mailer for a day to mail nothing twice',
      );
      output.next('start --services web,ingest');
    });
}
