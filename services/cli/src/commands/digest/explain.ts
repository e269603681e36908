import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { instant, limitOption } from '../../option-values.ts';

interface ExplainOptions extends CommonOptions {
  readonly subscriber: string;
  readonly at?: Date;
  readonly limit: number;
}

/** `paperboy digest explain`: why papers are in somebody's next digest, or out of it. */
export function explainCommand(cli: Cli): Command {
  return commandWith(
    'explain',
    'Why each paper that a subscriber’s topics found is in their next digest, or out of it',
    'digest explain --subscriber ada@example.com',
    'digest explain --subscriber ada@example.com --at 2026-06-05T07:00:00Z --json',
  )
    .requiredOption('--subscriber <address>', 'whose digest')
    .option('--at <when>', 'as if it were this moment', instant)
    .addOption(limitOption(200))
    .action(({ subscriber, at, limit, json }: ExplainOptions) =>
      cli.withShared(async ({ db }) => {
        const { findSubscriber } = await import('@paperboy/store');
        const { explainDigest } = await import('@paperboy/mailer');
        const { printExplanation } = await import('../../print-explanation.ts');
        const { id } = await findSubscriber(db, subscriber);
        const moment = at ?? cli.context.now();
        const explained = await explainDigest({ db }, { subscriberId: id, at: moment });
        printExplanation(cli.output({ json }), explained, limit);
      }),
    );
}
