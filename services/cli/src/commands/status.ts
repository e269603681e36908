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
  ).action(async (options: CommonOptions) => {
    const { readStatus } = await import('../read-status.ts');
    const { printStatus } = await import('../print-status.ts');
    const status = await readStatus(cli.context);
    printStatus(cli.output(options), status);
    if (!status.ok) cli.exitWith(1);
  });
}
