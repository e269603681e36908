import type { Command } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy mail …`: a mail by hand. */
export function mailCommands(cli: Cli): Command {
  return commandGroup('mail', 'A mail by hand', [test(cli)]);
}

interface TestOptions extends CommonOptions {
  readonly dns?: string;
  readonly force?: true;
}

function test(cli: Cli): Command {
  return commandWith(
    'test <address>',
    'Send a digest of made-up papers, marked as a test, by the relay that is set, and tell what it answered',
    'mail test ada@example.com',
    'mail test ada@example.com --force --json',
  )
    .option('--dns <server>', 'ask this DNS server in the checks before')
    .option('--force', 'send it also where a required rule fails')
    .action(async (address: string, { dns, force, json }: TestOptions) => {
      const { sendTestMail } = await import('../send-test-mail.ts');
      await cli.withShared(async (shared) => {
        const output = cli.output({ json });
        const now = cli.context.now();
        const sent = await sendTestMail(shared, { address, now, dns, force: force === true });
        output.card(sent, [
          ['test mail', sent.outcome],
          ['to', sent.to],
          ['message', sent.messageId],
          ['relay', sent.relay],
          ['answer', sent.answer],
          ['relay id', sent.relayId],
          ['means', sent.means],
        ]);
        if (sent.outcome !== 'accepted') cli.exitWith(1);
        if (sent.isInbox) output.next('inbox list');
        else if (sent.outcome !== 'accepted') output.next('doctor');
      });
    });
}
