import { PaperboyError } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

interface EraseOptions extends CommonOptions {
  readonly yes?: true;
}

/** `paperboy subscriber erase` */
export function eraseCommand(cli: Cli): Command {
  return commandWith(
    'erase <address>',
    'Erase all that is kept about a subscriber, for good; nothing is sent to the address any more',
    'subscriber erase ada@example.com --yes',
  )
    .option('--yes', 'do it; it cannot be taken back')
    .action((address: string, { yes, ...options }: EraseOptions) =>
      cli.withShared(async ({ db }) => {
        const { eraseReader, findSubscriber } = await import('@paperboy/store');
        const { notedChange } = await import('../../noted-change.ts');
        const { id, state } = await findSubscriber(db, address);
        if (!yes)
          throw new PaperboyError(
            'USAGE',
            `all about subscriber ${id} (${state}) would be erased for good; with --yes it is`,
          );
        await notedChange(db, async (tx, note) => {
          if (!(await eraseReader(tx, id)))
            throw new PaperboyError('NOT_FOUND', `subscriber ${id} is gone`);
          await note('erase', `subscriber ${id}`, { was: state });
        });
        cli
          .output(options)
          .fact(
            { id, erased: true },
            `erased subscriber ${id}; the digest of the address stays suppressed`,
          );
      }),
    );
}
