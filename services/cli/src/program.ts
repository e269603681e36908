import { PaperboyError } from '@paperboy/core';
import { Command, CommanderError } from 'commander';
import { Cli } from './cli.ts';
import type { CliContext } from './context.ts';
import { version } from './version.ts';

/** By the word that each is called by, in the order of the help. */
const COMMANDS: Readonly<Record<string, (cli: Cli) => Promise<Command>>> = {
  start: async (cli) => (await import('./commands/start.ts')).startCommand(cli),
  status: async (cli) => (await import('./commands/status.ts')).statusCommand(cli),
  doctor: async (cli) => (await import('./commands/doctor.ts')).doctorCommand(cli),
  migrate: async (cli) => (await import('./commands/migrate.ts')).migrateCommand(cli),
  read: async (cli) => (await import('./commands/read.ts')).readCommand(cli),
  ingest: async (cli) => (await import('./commands/ingest.ts')).ingestCommand(cli),
  source: async (cli) => (await import('./commands/source.ts')).sourceCommands(cli),
  paper: async (cli) => (await import('./commands/paper.ts')).paperCommands(cli),
  topic: async (cli) => (await import('./commands/topic.ts')).topicCommands(cli),
  subscriber: async (cli) => (await import('./commands/subscriber.ts')).subscriberCommands(cli),
  digest: async (cli) => (await import('./commands/digest.ts')).digestCommands(cli),
  delivery: async (cli) => (await import('./commands/delivery.ts')).deliveryCommands(cli),
  dkim: async (cli) => (await import('./commands/dkim.ts')).dkimCommands(cli),
  mail: async (cli) => (await import('./commands/mail.ts')).mailCommands(cli),
  inbox: async (cli) => (await import('./commands/inbox.ts')).inboxCommands(cli),
  bounce: async (cli) => (await import('./commands/bounce.ts')).bounceCommands(cli),
  suppression: async (cli) => (await import('./commands/suppression.ts')).suppressionCommands(cli),
  token: async (cli) => (await import('./commands/token.ts')).tokenCommands(cli),
  queue: async (cli) => (await import('./commands/queue.ts')).queueCommands(cli),
  evaluate: async (cli) => (await import('./commands/evaluate.ts')).evaluateCommands(cli),
  admin: async (cli) => (await import('./commands/admin.ts')).adminCommands(cli),
  backup: async (cli) => (await import('./commands/backup.ts')).backupCommand(cli),
  restore: async (cli) => (await import('./commands/restore.ts')).restoreCommand(cli),
  openapi: async (cli) => (await import('./commands/openapi.ts')).openapiCommand(cli),
  completion: async (cli) =>
    (await import('./commands/completion.ts')).completionCommand(cli, () => buildProgram(cli)),
  config: async (cli) => (await import('./commands/config.ts')).configCommands(cli),
};

/** Runs one command line (without program name) and gives its exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runPaperboy(args: readonly string[], context: CliContext): Promise<number> {
  const cli = new Cli(context);
  try {
    const program = await buildProgram(cli, args[0]);
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
    if (error !== undefined) cli.fail(error, wantsJson(args) ? { json: true } : {});
  }
  return cli.exitCode;
}

/**
 * The command that a line begins with, or every one where it begins with none of them, with their options. Cheap: what
 * a command works with is loaded when it runs.
 */
export async function buildProgram(cli: Cli, word = ''): Promise<Command> {
  const program = new Command('paperboy')
    .description('Your papers, delivered: listing pages in, digests out.')
    .version(version(), '--version')
    .helpCommand(false)
    .addHelpText('after', OVERVIEW);
  const wanted = Object.hasOwn(COMMANDS, word) ? [COMMANDS[word]] : Object.values(COMMANDS);
  for (const load of wanted) if (load) program.addCommand(await load(cli));
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
