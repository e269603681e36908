import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { limitOption } from '../../option-values.ts';
import { clipped } from '../../output.ts';

/** `paperboy paper merges` */
export function mergesCommand(cli: Cli): Command {
  return commandWith(
    'merges',
    'Which papers were merged, newest first, and how to undo it',
    'paper merges',
  )
    .addOption(limitOption())
    .action(({ limit, json }: CommonOptions & { readonly limit: number }) =>
      cli.withShared(async ({ db }) => {
        const { listMerges } = await import('@paperboy/store');
        cli.output({ json }).table(
          await listMerges(db, { limit }),
          [
            ['MERGED', ({ mergedAt }) => mergedAt.toISOString().slice(0, 10)],
            ['BY', ({ mergedBy }) => mergedBy],
            ['PAPER', ({ survivorId }) => survivorId],
            ['TITLE', ({ survivorTitle }) => clipped(survivorTitle, 40)],
            ['OTHER', ({ otherId }) => otherId],
            ['ITS TITLE', ({ otherTitle }) => clipped(otherTitle, 40)],
            ['REASON', ({ reason }) => reason],
            [
              'UNDO',
              ({ undoneAt, undoneBy, isLast, survivorId }) => {
                if (undoneAt) return `undone ${undoneAt.toISOString().slice(0, 10)} by ${undoneBy}`;
                return isLast ? `paperboy paper split ${survivorId}` : 'after the later merge';
              },
            ],
          ],
          'No papers were merged.',
        );
      }),
    );
}
