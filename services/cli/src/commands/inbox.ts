import { CHAOS_KINDS, type ChaosKind } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { duration, limitOption, wholeNumber } from '../option-values.ts';

/** `paperboy inbox …`: the development inbox, which stands where a relay would. */
export function inboxCommands(cli: Cli): Command {
  return commandGroup('inbox', 'The development inbox, in place of a relay', [
    list(cli),
    check(cli),
    chaos(cli),
  ]);
}

interface ListOptions extends CommonOptions {
  readonly to?: string;
  readonly limit: number;
}

function list(cli: Cli): Command {
  return commandWith('list', 'Mail that it took, newest first', 'inbox list --to ada@example.com')
    .option('--to <address>', 'to this address')
    .addOption(limitOption(20))
    .action(({ to, limit, json }: ListOptions) =>
      cli.withShared(async ({ db }) => {
        const { listInbox } = await import('../inbox.ts');
        const output = cli.output({ json });
        output.table(
          await listInbox(db, { recipient: to, limit }),
          [
            ['MAIL', ({ id }) => id],
            ['RECEIVED', ({ receivedAt }) => receivedAt.toISOString().slice(0, 16)],
            ['TO', ({ recipients }) => recipients.join(', ')],
            ['KB', ({ bytes }) => Math.ceil(bytes / 1_000)],
            ['SUBJECT', ({ subject }) => subject],
          ],
          'No mail.',
        );
        output.next('inbox check <mail>');
      }),
    );
}

interface CheckOptions extends CommonOptions {
  readonly spam?: true;
  readonly all?: true;
}

function check(cli: Cli): Command {
  return commandWith(
    'check <mail>',
    'Hold a mail to what large receivers ask of bulk senders; exits 1 when a required rule fails',
    'inbox check 12',
    'inbox check 12 --spam --json',
  )
    .option('--spam', 'ask SpamAssassin for its score too, if it is installed')
    .option('--all', 'show what passed too')
    .action((id: string, { spam, all, json }: CheckOptions) =>
      cli.withShared(async ({ db }) => {
        const { checkMail } = await import('../inbox.ts');
        const { printFindings } = await import('../findings.ts');
        const findings = await checkMail(db, id, { withSpam: spam === true });
        const failed = printFindings(cli.output({ json }), findings, { shows: () => all === true });
        if (failed) cli.exitWith(1);
      }),
    );
}

interface ChaosOptions extends CommonOptions {
  readonly kind?: ChaosKind;
  readonly count?: number;
  readonly for: number;
  readonly to?: string;
  readonly off?: true;
}

function chaos(cli: Cli): Command {
  return commandWith(
    'chaos',
    'Let mail to the inbox fail on purpose, see what is on, or end it',
    'inbox chaos --kind greylist --count 3',
    'inbox chaos --kind reject --to ada@example.com --for 30m',
    'inbox chaos --off',
  )
    .addOption(new Option('--kind <kind>', 'what happens').choices(CHAOS_KINDS))
    .addOption(
      new Option('--count <mails>', 'to so many mails; without it until the time is up').argParser(
        wholeNumber,
      ),
    )
    .addOption(
      new Option('--for <time>', 'ends by itself after this, at most 2h')
        .argParser(duration)
        .default(600_000, '10m'),
    )
    .option('--to <address>', 'to mail for this address alone')
    .option('--off', 'end it: of one kind with --kind, else all')
    .action(({ json, off, ...wish }: ChaosOptions) =>
      cli.withShared(async (shared) => {
        const { changeChaos } = await import('../inbox.ts');
        const output = cli.output({ json });
        const on = await changeChaos(shared, { ...wish, off: off === true });
        output.table(
          on,
          [
            ['CHAOS', ({ kind }) => kind],
            ['MAILS', ({ remaining }) => (remaining === null ? 'all' : String(remaining))],
            ['TO', ({ recipient }) => recipient ?? 'all'],
            ['UNTIL', ({ endsAt }) => `${endsAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
          ],
          'No chaos: the inbox takes all mail.',
        );
        if (on.length > 0) output.next('inbox chaos --off');
      }),
    );
}
