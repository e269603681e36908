import type { Command } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy config …`: what is set. */
export function configCommands(cli: Cli): Command {
  return commandGroup('config', 'The settings in force', [print(cli)]);
}

function print(cli: Cli): Command {
  return commandWith(
    'print',
    'Every setting with its value and meaning; secrets are masked',
    'config print',
    'config print --json | grep SMTP',
  ).action(async (options: CommonOptions) => {
    const { describeSettings, readSettings } = await import('@paperboy/runtime');
    const rows = describeSettings(readSettings(cli.context.env));
    cli.output(options).table(
      rows,
      [
        ['SETTING', ({ variable }) => variable],
        ['VALUE', ({ value }) => value],
        ['', ({ isDefault }) => (isDefault ? '' : 'set')],
        ['MEANING', ({ help }) => help],
      ],
      'no settings',
    );
  });
}
