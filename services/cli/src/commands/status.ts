import type { Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy status`: how services and data stand. */
export function statusCommand(cli: Cli): Command {
  return commandWith(
    'status',
    'How database, queue, sources and deliveries stand; exits 1 when something is down',
    'status',
    'status --json | jq .checks',
  )
    .option(
      '--strict',
      'exit 1 also while a source needs a look, or mail is stopped until somebody does something',
    )
    .action(async (options: CommonOptions & { readonly strict?: true }) => {
      const { readStatus } = await import('../read-status.ts');
      const { printStatus } = await import('../print-status.ts');
      const status = await readStatus(cli.context);
      printStatus(cli.output(options), status);
      if (!status.ok || (options.strict && status.needsLook)) cli.exitWith(1);
    });
}
