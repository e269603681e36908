import type { Command } from 'commander';
import { type Cli, commandGroup } from '../cli.ts';
import { addCommand } from './source/add.ts';
import { declareCommand } from './source/declare.ts';
import { exportCommand } from './source/export.ts';
import { fetchCommand } from './source/fetch.ts';
import { importCommand } from './source/import.ts';
import { listCommand } from './source/list.ts';
import { pauseCommand, resumeCommand } from './source/pause.ts';
import { removeCommand } from './source/remove.ts';
import { rereadCommand } from './source/reread.ts';
import { setCommand } from './source/set.ts';
import { showCommand } from './source/show.ts';
import { testCommand } from './source/test.ts';

/** `paperboy source …`: the places that list papers. */
export function sourceCommands(cli: Cli): Command {
  return commandGroup('source', 'The places that list papers', [
    listCommand(cli),
    addCommand(cli),
    showCommand(cli),
    declareCommand(cli),
    testCommand(cli),
    setCommand(cli),
    fetchCommand(cli),
    pauseCommand(cli),
    resumeCommand(cli),
    removeCommand(cli),
    importCommand(cli),
    exportCommand(cli),
    rereadCommand(cli),
  ]);
}
