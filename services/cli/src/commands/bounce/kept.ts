import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { limitOption } from '../../option-values.ts';

interface KeptOptions extends CommonOptions {
  readonly limit: number;
}

/** `paperboy bounce kept`: mail that changed nothing, for a person to look at. */
export function keptCommand(cli: Cli): Command {
  return commandWith(
    'kept [id]',
    'Mail at the address of bounces that changed nothing; with its id, the message',
    'bounce kept',
    'bounce kept 12',
  )
    .addOption(limitOption())
    .action((id: string | undefined, { limit, json }: KeptOptions) =>
      cli.withShared(async ({ db }) => {
        const { findStray, listStrays } = await import('@paperboy/store');
        const output = cli.output({ json });
        if (id !== undefined) {
          const raw = (await findStray(db, id)).toString('utf8');
          // A terminal obeys what some senders write.
          output.fact({ id, raw }, raw.replace(/[^\P{Cc}\n\t]/gu, ''));
          return;
        }
        output.table(
          await listStrays(db, { limit }),
          [
            ['ID', (row) => row.id],
            ['AT', ({ receivedAt }) => receivedAt.toISOString().slice(0, 16)],
            ['VIA', ({ via }) => via],
            ['KIND', ({ kind }) => kind],
            ['REASON', ({ reason }) => reason],
          ],
          'Nothing is kept.',
        );
      }),
    );
}
