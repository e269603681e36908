import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

/** `paperboy source list` */
export function listCommand(cli: Cli): Command {
  return commandWith(
    'list',
    'Every source with its last page and how the last fetch went',
    'source list',
  ).action((options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { listSources } = await import('@paperboy/store');
      cli.output(options).table(
        await listSources(db),
        [
          ['SOURCE', ({ name }) => name],
          ['STATE', ({ state }) => state],
          ['PAGES', ({ pages }) => Number(pages)],
          ['LAST PAGE', ({ lastPage }) => lastPage?.listedOn ?? lastPage?.seenAt.slice(0, 10)],
          ['VERDICT', ({ lastPage }) => lastPage?.verdict],
          ['LAST FETCH', ({ lastFetch }) => lastFetch?.outcome],
          ['SCHEDULE', ({ cron, zone }) => (cron === null ? null : `${cron} ${zone}`)],
        ],
        'No sources yet. Add one with: paperboy source add',
      );
    }),
  );
}
