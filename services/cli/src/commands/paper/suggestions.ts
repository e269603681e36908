import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { limitOption, wholeNumber } from '../../option-values.ts';

interface SuggestionsOptions extends CommonOptions {
  readonly limit: number;
  readonly skip?: number;
}

const WHY = { 'one-entry': 'one entry named both', 'same-title': 'same title' } as const;

/** `paperboy paper suggestions` */
export function suggestionsCommand(cli: Cli): Command {
  return commandWith(
    'suggestions',
    'Pairs of papers that may be one work, newest first, each with what speaks for it',
    'paper suggestions --limit 10',
    'paper suggestions --json | jq .merge',
  )
    .addOption(limitOption(20))
    .option('--skip <count>', 'leave out so many first', wholeNumber)
    .action(({ limit, skip = 0, json }: SuggestionsOptions) =>
      cli.withShared(async ({ db }) => {
        const { contradictingKinds } = await import('@paperboy/core');
        const { countPairs, listPairs } = await import('@paperboy/store');
        const { agreement } = await import('./join-papers.ts');
        const pairs = await listPairs(db, { limit, skip });
        const output = cli.output({ json });
        for (const { why, earlier, later } of pairs) {
          const ids = `${later.id} ${earlier.id}`;
          const percent = agreement(earlier, later);
          const force = contradictingKinds(earlier, later).length > 0 ? ' --force' : '';
          const commands = {
            merge: `paperboy paper merge ${ids}${force}`,
            keepApart: `paperboy paper keep-apart ${ids}`,
          };
          const sides = [earlier, later].map(({ abstract: _, ...facts }) => facts);
          output.card({ why, papers: sides, abstractsAgreePercent: percent ?? null, ...commands }, [
            ['why', WHY[why]],
            ...sides.map(({ id, title, keys, firstSeenOn }): [string, string] => {
              const names = keys.filter((key) => !key.startsWith('title:')).join(', ');
              return [
                'paper',
                `${id}  ${title}\nfirst seen ${firstSeenOn}${names && `, ${names}`}`,
              ];
            }),
            [
              'abstracts',
              percent === undefined ? 'one is missing' : `${percent}% of the words agree`,
            ],
            ['merge', commands.merge],
            ['or', commands.keepApart],
          ]);
          output.say('');
        }
        const all = await countPairs(db);
        if (pairs.length === 0)
          output.say(all === 0 ? 'No suggestions.' : 'No further suggestions.');
        else if (skip + pairs.length < all)
          output.next(`paper suggestions --skip ${skip + pairs.length}`);
      }),
    );
}
