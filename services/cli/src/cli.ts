import { asPaperboyError, type PaperboyError } from '@paperboy/core';
import { Command } from 'commander';
import type { CliContext, CommonOptions } from './context.ts';
import { failureText, failureToJson } from './failure.ts';
import { Output } from './output.ts';
import type { Shared } from './shared.ts';

/** One run of the command: what it prints and how it ends. */
export class Cli {
  readonly context: CliContext;
  #exitCode = 0;

  constructor(context: CliContext) {
    this.context = context;
  }

  get exitCode(): number {
    return this.#exitCode;
  }

  /** Where the facts of a command go. */
  output({ json }: CommonOptions): Output {
    return new Output(this.context.stdout, json === true);
  }

  /** Tells of a failure on stderr and lets the run end with 1 (2 for wrong usage); it may go on meanwhile. */
  fail(thrown: unknown, { json }: CommonOptions): PaperboyError {
    const error = asPaperboyError(thrown);
    this.exitWith(error.code === 'USAGE' ? 2 : 1);
    const { stderr, env } = this.context;
    stderr.write(`${failureText(error, { withStack: env.LOG_LEVEL === 'debug' })}\n`);
    if (json) stderr.write(`${JSON.stringify(failureToJson(error))}\n`);
    return error;
  }

  /** The worst code given stays. */
  exitWith(code: number): void {
    this.#exitCode = Math.max(this.#exitCode, code);
  }

  /** Runs `work` on the opened installation and closes it again, whatever happens. */
  async withShared(work: (shared: Shared) => Promise<void>): Promise<void> {
    // Loaded here, because it brings the database driver along, which help does not need.
    const { withShared } = await import('./shared.ts');
    this.exitWith(await withShared(this.context, work));
  }
}

/** A command with what all of them have: `--json` and examples at the end of its help. */
export function commandWith(nameAndArguments: string, about: string, ...examples: string[]) {
  const lines = examples.map((example) => `  $ paperboy ${example}`).join('\n');
  const [name = '', ...rest] = nameAndArguments.split(' ');
  const command = new Command(name).description(about);
  if (rest.length > 0) command.arguments(rest.join(' '));
  return command
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', `\n${examples.length > 1 ? 'Examples' : 'Example'}:\n${lines}`);
}

/** A word that has commands below it, such as `source`. */
export function commandGroup(name: string, about: string, commands: readonly Command[]): Command {
  const group = new Command(name).description(about).helpCommand(false);
  for (const command of commands) group.addCommand(command);
  return group.addHelpText(
    'after',
    `\nExample:\n  $ paperboy ${name} ${commands[0]?.name()} --help`,
  );
}
