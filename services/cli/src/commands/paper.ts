import type { Command } from 'commander';
import { type Cli, commandGroup } from '../cli.ts';
import { keepApartCommand } from './paper/keep-apart.ts';
import { mergeCommand } from './paper/merge.ts';
import { mergesCommand } from './paper/merges.ts';
import { showCommand } from './paper/show.ts';
import { splitCommand } from './paper/split.ts';
import { suggestionsCommand } from './paper/suggestions.ts';

/** `paperboy paper …`: the works that were seen, and what a person says of two that may be one. */
export function paperCommands(cli: Cli): Command {
  return commandGroup('paper', 'The papers that were seen', [
    showCommand(cli),
    suggestionsCommand(cli),
    mergeCommand(cli),
    splitCommand(cli),
    keepApartCommand(cli),
    mergesCommand(cli),
  ]);
}
