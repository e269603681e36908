import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { limitOption } from '../../option-values.ts';

interface ListOptions extends CommonOptions {
  readonly subscriber?: string;
  readonly reason?: string;
  readonly limit: number;
}

/** `paperboy bounce list`: what came back, and what followed from it. */
export function listCommand(cli: Cli): Command {
  return commandWith(
    'list',
    'Bounces and complaints on record, newest first',
    'bounce list --reason mailbox-full',
    'bounce list --subscriber ada@example.com',
  )
    .option('--subscriber <address>', 'of this subscriber')
    .option('--reason <reason>', 'for this reason, such as unknown-user or abuse')
    .addOption(limitOption())
    .action(({ subscriber, reason, limit, json }: ListOptions) =>
      cli.withShared(async ({ db }) => {
        const { findSubscriber, listReturns } = await import('@paperboy/store');
        const subscriberId = subscriber && (await findSubscriber(db, subscriber)).id;
        const returns = await listReturns(db, {
          limit,
          ...(reason && { reason }),
          ...(subscriberId && { subscriberId }),
        });
        cli.output({ json }).table(
          returns,
          [
            ['AT', ({ happenedAt }) => happenedAt.toISOString().slice(0, 16)],
            ['DELIVERY', ({ deliveryId }) => deliveryId],
            ['SUBSCRIBER', ({ address }) => address],
            ['KIND', ({ kind }) => kind],
            ['REASON', (row) => row.reason],
            ['STATUS', ({ status }) => status],
            ['VIA', ({ via }) => via],
            ['EFFECT', ({ effect }) => effect],
          ],
          'Nothing came back.',
        );
      }),
    );
}
