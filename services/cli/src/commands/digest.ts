import type { Command } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { instant } from '../option-values.ts';
import { progressFor } from '../progress.ts';
import { explainCommand } from './digest/explain.ts';

/** `paperboy digest …`: what subscribers get. */
export function digestCommands(cli: Cli): Command {
  return commandGroup('digest', 'What subscribers get', [
    preview(cli),
    explainCommand(cli),
    run(cli),
  ]);
}

interface PreviewOptions extends CommonOptions {
  readonly subscriber: string;
  readonly at?: Date;
  readonly out?: string;
}

function preview(cli: Cli): Command {
  return commandWith(
    'preview',
    'The next digest of a subscriber as it would be sent; nothing is planned or mailed',
    'digest preview --subscriber ada@example.com',
    'digest preview --subscriber ada@example.com --out digest.html',
  )
    .requiredOption('--subscriber <address>', 'whose digest')
    .option('--at <when>', 'as if it were this moment', instant)
    .option('--out <file>', 'write it as .html, .txt or .eml instead of printing its text')
    .action((options: PreviewOptions) =>
      cli.withShared(async (shared) => {
        const { previewTo } = await import('../digest-files.ts');
        const output = cli.output(options);
        const { subscriber, at, out } = options;
        const digest = await previewTo(shared, { subscriber, at, out }, cli.context);
        if (!digest) {
          output.fact({ subscriber, empty: true }, `Nothing to send to ${subscriber} now.`);
          output.next(`digest explain --subscriber ${subscriber}`);
          return;
        }
        const { subject, newPapers, recurringPapers, text } = digest;
        const fact = { subscriber, subject, newPapers, recurringPapers, out: out ?? null };
        output.fact(
          out ? fact : { ...fact, text },
          out ? `wrote ${out}: ${subject}` : `Subject: ${subject}\n\n${text}`,
        );
      }),
    );
}

interface RunOptions extends CommonOptions {
  readonly at?: Date;
}

function run(cli: Cli): Command {
  return commandWith(
    'run',
    'Plan every digest that is due and deliver it, here and now',
    'digest run',
    'digest run --at 2026-06-05T18:00:00Z',
  )
    .option('--at <when>', 'plan as if it were this moment', instant)
    .action(({ at, json }: RunOptions) =>
      cli.withShared(async (shared) => {
        const { runDigests } = await import('../run-digests.ts');
        const progress = progressFor(cli.context, { json });
        progress.show('planning and delivering');
        const report = await runDigests(shared, at ?? cli.context.now());
        progress.clear();
        const { editions, digests, accepted, failed, uncertain, waiting } = report;
        const output = cli.output({ json });
        const parts = [
          `${editions} editions`,
          `${digests} digests`,
          `${accepted} delivered`,
          `${failed} failed`,
          `${uncertain} uncertain`,
          `${waiting} waiting`,
        ];
        output.fact(report, parts.join('   '));
        if (!shared.settings.sending)
          output.say('Sending is off: PAPERBOY_SENDING=on delivers what waits.');
        if (failed + uncertain > 0) {
          cli.exitWith(1);
          output.next(`delivery list --state ${uncertain > 0 ? 'uncertain' : 'rejected'}`);
        }
      }),
    );
}
