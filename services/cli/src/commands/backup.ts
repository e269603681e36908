import type { Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy backup`: everything that is worth keeping, in one file. */
export function backupCommand(cli: Cli): Command {
  return commandWith(
    'backup <file>',
    'Write all data into one file, also while services run; it holds addresses and the secret of links',
    'backup paperboy.backup',
    'backup /mnt/backups/paperboy-$(date +%F).backup --json',
  ).action(async (file: string, options: CommonOptions) => {
    const { backUp } = await import('../back-up.ts');
    const made = await backUp(cli.context, file);
    const output = cli.output(options);
    const size = `${made.rows.toLocaleString('en-GB')} rows of ${made.tables} tables, ${made.bytes.toLocaleString('en-GB')} bytes`;
    output.fact(made, `wrote ${file}: ${size}`);
    if (!made.hasSecret)
      output.say(
        'note: keep PAPERBOY_SECRET beside it; without the same one it cannot be restored',
      );
    output.next(`restore ${file} --dry-run`);
  });
}
