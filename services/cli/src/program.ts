import { readFileSync } from 'node:fs';
import { PaperboyError } from '@paperboy/core';
import { Command, CommanderError } from 'commander';
import { Cli } from './cli.ts';
import { adminCommands } from './commands/admin.ts';
import { bounceCommands } from './commands/bounce.ts';
import { configCommands } from './commands/config.ts';
import { deliveryCommands } from './commands/delivery.ts';
import { digestCommands } from './commands/digest.ts';
import { dkimCommands } from './commands/dkim.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommands } from './commands/evaluate.ts';
import { inboxCommands } from './commands/inbox.ts';
import { ingestCommand } from './commands/ingest.ts';
import { mailCommands } from './commands/mail.ts';
import { migrateCommand } from './commands/migrate.ts';
import { paperCommands } from './commands/paper.ts';
import { queueCommands } from './commands/queue.ts';
import { readCommand } from './commands/read.ts';
import { sourceCommands } from './commands/source.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { subscriberCommands } from './commands/subscriber.ts';
import { suppressionCommands } from './commands/suppression.ts';
import { tokenCommands } from './commands/token.ts';
import { topicCommands } from './commands/topic.ts';
import type { CliContext } from './context.ts';

/** Runs one command line (without program name) and gives its exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runPaperboy(args: readonly string[], context: CliContext): Promise<number> {
  const cli = new Cli(context);
  try {
    await buildProgram(cli).parseAsync(args, { from: 'user' });
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
    if (error !== undefined) cli.fail(error, wantsJson(args) ? { json: true } : {});
  }
  return cli.exitCode;
}

/** Every command with its options. Cheap: what a command works with is loaded when it runs. */
export function buildProgram(cli: Cli): Command {
  const program = new Command('paperboy')
    .description('Your papers, delivered: listing pages in, digests out.')
    .version(version(), '--version')
    .helpCommand(false)
    .addHelpText('after', OVERVIEW);
  const commands = [
    startCommand(cli),
    statusCommand(cli),
    doctorCommand(cli),
    migrateCommand(cli),
    readCommand(cli),
    ingestCommand(cli),
    sourceCommands(cli),
    paperCommands(cli),
    topicCommands(cli),
    subscriberCommands(cli),
    digestCommands(cli),
    deliveryCommands(cli),
    dkimCommands(cli),
    mailCommands(cli),
    inboxCommands(cli),
    bounceCommands(cli),
    suppressionCommands(cli),
    tokenCommands(cli),
    queueCommands(cli),
    evaluateCommands(cli),
    adminCommands(cli),
    configCommands(cli),
  ];
  for (const command of commands) program.addCommand(command);
  forEachCommand(program, (command) => {
    const { stdout } = cli.context;
    command.exitOverride().configureOutput({
      writeOut: (text) => void stdout.write(text),
      // Ours is printed instead, in the form that all failures have.
      outputError: () => {},
      // Help that was not asked for accompanies an error, which is what `fail` prints.
      writeErr: () => {},
      getOutHelpWidth: () => ('columns' in stdout && Number(stdout.columns)) || 100,
      getOutHasColors: () => false,
    });
  });
  return program;
}

function version(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return /"version": "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unknown';
}

/** Calls `visit` with a command and all below it. */
export function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const below of command.commands) forEachCommand(below, visit);
}

const OVERVIEW = `
Every command has --help with an example, and --json. Settings come from the environment: paperboy config print.

Examples:
  $ paperboy start                                    everything in one process
  $ paperboy ingest page.txt --source demo-listing    record a saved page
  $ paperboy digest preview --subscriber ada@example.com`;

/** What commander found wrong, as an error of ours; undefined when it only showed help. */
function usageError({ exitCode, code, message }: CommanderError): PaperboyError | undefined {
  if (exitCode === 0) return undefined;
  const detail =
    code === 'commander.help' ? 'a command is missing' : message.replace(/^error: /, '');
  return new PaperboyError('USAGE', detail.replaceAll('\n', ' '));
}

/** Looked for by hand, because the line that failed to parse has no options. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).includes('--json');
}
