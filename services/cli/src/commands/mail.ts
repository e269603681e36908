import type { RelayGate } from '@paperboy/store';
import type { Command } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { moment } from '../moments.ts';
import { notedChange } from '../noted-change.ts';

/** `paperboy mail …`: a mail by hand, and the word that lets all go on. */
export function mailCommands(cli: Cli): Command {
  return commandGroup('mail', 'A mail by hand, and going on after trouble', [
    test(cli),
    retry(cli),
  ]);
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

function retry(cli: Cli): Command {
  return commandWith(
    'retry',
    'Have a relay that waits for a person tried again with one message, once you mended what it was stopped for',
    'mail retry',
  ).action((options: CommonOptions) =>
    cli.withShared(async ({ db, queues }) => {
      const { relayGate, retryHeldRelay } = await import('@paperboy/store');
      const { gate, retried } = await notedChange(db, async (tx, note) => {
        const gate = await relayGate(tx);
        const retried = await retryHeldRelay(tx);
        if (retried) await note('retry', 'relay', { was: 'held', became: 'open' });
        return { gate, retried };
      });
      const output = cli.output(options);
      const { kind: was, ...trouble } = gate;
      output.fact({ was, retried, ...trouble }, wordsOf(gate));
      if (!retried) return;
      // Only wakes; should the queue be away, the next plan is a minute off.
      const wake = async () => (await queues()).add('plan-editions', {}, { jobKey: 'plan' });
      await wake().catch(() => undefined);
      output.next('status');
    }),
  );
}

/** What a retry means where the relay stands so. */
function wordsOf(gate: RelayGate): string {
  if (gate.kind === 'held')
    return `the relay is tried with one message; if it takes it, the others follow. It was stopped for ${gate.code}: ${gate.detail}`;
  if (gate.kind !== 'open') return 'the relay does not wait for anybody: nothing was changed';
  return `the relay does not wait for anybody: it is tried by itself at ${moment(gate.until)}, after ${gate.code}: ${gate.detail}`;
}
