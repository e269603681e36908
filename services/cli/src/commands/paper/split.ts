import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { byOption } from './by-option.ts';

interface SplitOptions extends CommonOptions {
  readonly by: string;
  readonly dryRun?: boolean;
}

/** `paperboy paper split` */
export function splitCommand(cli: Cli): Command {
  return commandWith(
    'split <paper>',
    'Undo the last merge into a paper; what was listed since goes with the name it came by',
    'paper split 7',
    'paper split 7 --dry-run',
  )
    .addOption(byOption())
    .option('--dry-run', 'show what would part, and change nothing')
    .action((name: string, { json, by, dryRun }: SplitOptions) =>
      cli.withShared(async ({ db }) => {
        const { PaperboyError } = await import('@paperboy/core');
        const store = await import('@paperboy/store');
        const { paperNamed } = await import('./paper-named.ts');
        const run = dryRun ? store.previewTransaction : store.inTransaction;
        const split = await run(db, async (tx) => {
          await store.lockPapers(tx);
          const id = await paperNamed(tx, name);
          const merge = await store.lastMerge(tx, id);
          if (!merge) throw new PaperboyError('NOT_FOUND', `nothing was merged into paper ${id}`);
          const result = await store.splitPapers(tx, merge, by);
          const { survivorId, otherId } = merge;
          const sides = await store.loadSides(tx, [survivorId, otherId]);
          return {
            ...result,
            papers: [survivorId, otherId].flatMap((one) => sides.get(one) ?? []),
          };
        });
        const output = cli.output({ json });
        const papers = split.papers.map(({ abstract: _, ...facts }) => facts);
        output.card({ ...split, papers, dryRun: dryRun === true }, [
          ...papers.map(({ id, title, timesSeen }): [string, string] => [
            'paper',
            `${id}  ${title}, seen ${timesSeen === 1 ? 'once' : `${timesSeen} times`}`,
          ]),
          [
            'listed since',
            `${split.listingsSince} times, ${split.toOther} under the second's names`,
          ],
        ]);
        if (dryRun) output.say('nothing was changed');
      }),
    );
}
