import type { Command } from 'commander';
import { type Cli, commandGroup } from '../cli.ts';
import { classifyCommand } from './bounce/classify.ts';

/** `paperboy bounce …`: what came back. */
export function bounceCommands(cli: Cli): Command {
  return commandGroup('bounce', 'Bounces, complaints and what else comes back', [
    classifyCommand(cli),
  ]);
}
