import type { Command } from 'commander';
import { type Cli, commandGroup } from '../cli.ts';
import { classifyCommand } from './bounce/classify.ts';
import { keptCommand } from './bounce/kept.ts';
import { listCommand } from './bounce/list.ts';
import { readCommand } from './bounce/read.ts';

/** `paperboy bounce …`: what came back. */
export function bounceCommands(cli: Cli): Command {
  return commandGroup('bounce', 'Bounces, complaints and what else comes back', [
    classifyCommand(cli),
    readCommand(cli),
    listCommand(cli),
    keptCommand(cli),
  ]);
}
