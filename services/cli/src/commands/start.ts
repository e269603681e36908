import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import { SERVICE_NAMES, type ServiceName, type StartOptions } from '../start/options.ts';

/** `paperboy start`: services in this process, with all that they need. */
export function startCommand(cli: Cli): Command {
  return commandWith(
    'start',
    'Load the seeds, then run services in this process until stopped',
    'start',
    'start --once --json',
    'start --services ingest,mailer',
  )
    .addOption(
      new Option('--services <names>', `some of ${SERVICE_NAMES.join(', ')}`)
        .argParser(serviceNames)
        .default(SERVICE_NAMES, 'all'),
    )
    .option('--once', 'load the seeds, deliver what is due, print a summary and exit')
    .action(async (options: StartOptions) => {
      const { runStart } = await import('../start/run-start.ts');
      await runStart(cli, options);
    });
}

function serviceNames(text: string): ServiceName[] {
  return text.split(',').map((name) => {
    const found = SERVICE_NAMES.find((known) => known === name.trim());
    if (found) return found;
    throw new InvalidArgumentError(`"${name}" is none of ${SERVICE_NAMES.join(', ')}.`);
  });
}
