import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { moment } from '../../moments.ts';

/** `paperboy source list` */
export function listCommand(cli: Cli): Command {
  return commandWith(
    'list',
    'Every source: how it stands (! needs a look), its last page, when it is asked next',
    'source list',
  ).action((options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { listSources } = await import('@paperboy/store');
      const { healthWord } = await import('../../describe-source.ts');
      cli.output(options).table(
        await listSources(db),
        [
          ['SOURCE', ({ name }) => name],
          [
            'HEALTH',
            ({ state, health }) =>
              healthWord(state, health?.outcome ?? null, health?.isAlert ?? false),
          ],
          ['PAGES', ({ pages }) => Number(pages)],
          ['LAST PAGE', ({ lastPage }) => lastPage?.listedOn ?? lastPage?.seenAt.slice(0, 10)],
          ['VERDICT', ({ lastPage }) => lastPage?.verdict],
          ['LAST GOOD', ({ health }) => health?.lastGoodAt && moment(health.lastGoodAt)],
          [
            'NEXT',
            ({ state, health }) =>
              state === 'active' && health?.nextAskAt ? moment(health.nextAskAt) : null,
          ],
          ['SCHEDULE', ({ cron, zone }) => (cron === null ? null : `${cron} ${zone}`)],
        ],
        'No sources yet. Add one with: paperboy source add',
      );
    }),
  );
}
