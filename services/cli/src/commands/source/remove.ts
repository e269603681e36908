import { PaperboyError } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { notedChange } from '../../noted-change.ts';

interface RemoveOptions extends CommonOptions {
  readonly keepPapers?: true;
}

/** `paperboy source remove` */
export function removeCommand(cli: Cli): Command {
  return commandWith(
    'remove <name>',
    'Take a source out of use; one that has pages is archived, as its papers and their history stay',
    'source remove lab-list',
    'source remove hf-trending --keep-papers',
  )
    .option('--keep-papers', 'archive a source that has pages: never asked again, nothing is lost')
    .action((name: string, { keepPapers, ...options }: RemoveOptions) =>
      cli.withShared(async ({ db }) => {
        const { changeSource, deleteSource, findSource } = await import('@paperboy/store');
        const source = await notedChange(db, async (tx, note) => {
          const found = await findSource(tx, name);
          if (await deleteSource(tx, found.id)) {
            await note('remove', `source ${name}`, { was: found.state });
            return { ...found, removed: 'deleted' };
          }
          if (!keepPapers) {
            throw new PaperboyError(
              'USAGE',
              `source ${name} has pages, and papers are never unlearnt; add --keep-papers to archive it`,
            );
          }
          await note('remove', `source ${name}`, { was: found.state, became: 'archived' });
          const archived = await changeSource(tx, found.id, { state: 'archived' });
          return { ...archived, removed: 'archived' };
        });
        const output = cli.output(options);
        if (source.removed === 'deleted') {
          output.fact(source, `removed source ${name}; it had no page`);
          return;
        }
        output.fact(source, `archived source ${name}; its papers and pages stay`);
        output.next(`source resume ${name}`);
      }),
    );
}
