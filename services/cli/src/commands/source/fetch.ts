import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import type { FetchedSource } from '../../fetch-source.ts';
import { moment } from '../../moments.ts';
import { notedChange } from '../../noted-change.ts';
import type { Output } from '../../output.ts';
import { progressFor } from '../../progress.ts';
import { pageLine } from '../ingest.ts';

/** `paperboy source fetch`: asks a source here and now, whether services run or not. */
export function fetchCommand(cli: Cli): Command {
  return commandWith(
    'fetch <name>',
    'Ask a source now, whatever its schedule, and record what it lists; exits 1 when there is no list to read',
    'source fetch hf-daily',
  ).action((name: string, options: CommonOptions) =>
    cli.withShared(async (shared) => {
      const { fetchSource } = await import('../../fetch-source.ts');
      const { findSource } = await import('@paperboy/store');
      await notedChange(shared.db, async (tx, note) => {
        await findSource(tx, name);
        await note('fetch', `source ${name}`);
      });
      const progress = progressFor(cli.context, options);
      progress.show(name);
      const fetched = await fetchSource(shared, name, cli.context.now).finally(() =>
        progress.clear(),
      );
      printFetched(cli.output(options), fetched);
      if (['blocked', 'failed', 'broken'].includes(fetched.verdict)) cli.exitWith(1);
    }),
  );
}

function printFetched(output: Output, fetched: FetchedSource): void {
  const { verdict, note, nextAskAt, nextAskWhy } = fetched;
  const lines = [
    fetched.outcome === 'stored' ? pageLine(fetched) : verdict,
    ...(note === null ? [] : [`  ${note}`]),
    ...(nextAskAt ? [`  asked next ${moment(nextAskAt)}: ${nextAskWhy}`] : []),
  ];
  output.fact(fetched, lines.join('\n'));
}
