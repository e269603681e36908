import type { Command } from 'commander';
import { type Cli, commandGroup } from '../cli.ts';
import { addCommand } from './source/add.ts';
import { listCommand } from './source/list.ts';
import { showCommand } from './source/show.ts';

/** `paperboy source …`: the places that list papers. */
export function sourceCommands(cli: Cli): Command {
  return commandGroup('source', 'The places that list papers', [
    listCommand(cli),
    addCommand(cli),
    showCommand(cli),
  ]);
}
