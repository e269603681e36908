import type { Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

interface DoctorOptions extends CommonOptions {
  readonly dns?: string;
  readonly spam?: true;
  readonly all?: true;
}

/** `paperboy doctor`: what stands between us and the readers' inboxes. */
export function doctorCommand(cli: Cli): Command {
  return commandWith(
    'doctor',
    'Look at settings, system, DNS, relay and a sample digest, each with what to do; exits 1 when a required rule fails. Sends nothing',
    'doctor',
    'doctor --dns 9.9.9.9 --spam',
    'doctor --json',
  )
    .option('--dns <server>', 'ask this DNS server, such as 9.9.9.9 or 127.0.0.1:5353')
    .option('--spam', 'ask SpamAssassin for its score of the sample too, if it is installed')
    .option('--all', 'show too what the sample digest passes')
    .action(async ({ dns, spam, all, json }: DoctorOptions) => {
      const { runDoctor } = await import('../doctor/run-doctor.ts');
      const { printFindings } = await import('../findings.ts');
      const findings = await runDoctor(cli.context, { dns, withSpam: spam === true });
      const output = cli.output({ json });
      const failed = printFindings(output, findings, {
        shows: ({ area }) => all === true || area !== 'message',
      });
      if (failed) cli.exitWith(1);
      else output.next('mail test <address>');
    });
}
