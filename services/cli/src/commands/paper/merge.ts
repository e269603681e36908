import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { byOption } from './by-option.ts';

interface MergeOptions extends CommonOptions {
  readonly reason?: string;
  readonly by: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** `paperboy paper merge` */
export function mergeCommand(cli: Cli): Command {
  return commandWith(
    'merge <paper> <other>',
    'Make one paper of two; the one seen first keeps its id, the other redirects to it',
    'paper merge 12 7 --reason "preprint and journal"',
    'paper merge arxiv:2510.15349 arxiv:2506.03197 --force --dry-run',
  )
    .option('--reason <text>', 'why, kept with the merge')
    .addOption(byOption())
    .option('--force', 'also where two ids or an earlier decision speak against it')
    .option('--dry-run', 'show what would move, and change nothing')
    .action((one: string, other: string, { json, dryRun, ...choice }: MergeOptions) =>
      cli.withShared(async ({ db }) => {
        const { inTransaction, previewTransaction } = await import('@paperboy/store');
        const { joinPapers } = await import('./join-papers.ts');
        const run = dryRun ? previewTransaction : inTransaction;
        const joined = await run(db, (tx) => joinPapers(tx, { names: [one, other], ...choice }));
        const { survivor, absorbed, moved } = joined;
        const output = cli.output({ json });
        const fact = { ...joined, dryRun: dryRun === true };
        output.card(fact, [
          [dryRun ? 'would stay' : 'stays', `${survivor.id}  ${survivor.title}`],
          [dryRun ? 'would redirect' : 'redirects', `${absorbed.id}  ${absorbed.title}`],
          ['keys moved', moved.keys.join('\n')],
          [
            'appearances',
            `${moved.pages.length} moved, ${moved.appearances.length} on a page that had both`,
          ],
          ['wordings', moved.texts.length],
          [
            'matches',
            `${moved.topics.length} moved, ${moved.matches.length} of a topic that had both`,
          ],
        ]);
        if (dryRun) output.say('nothing was changed');
        else output.say(`undo: paperboy paper split ${survivor.id}`);
      }),
    );
}
