import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { byOption } from './by-option.ts';

interface KeepApartOptions extends CommonOptions {
  readonly reason?: string;
  readonly by: string;
}

/** `paperboy paper keep-apart` */
export function keepApartCommand(cli: Cli): Command {
  return commandWith(
    'keep-apart <paper> <other>',
    'Note for good that two papers are two works; they are not suggested again',
    'paper keep-apart 12 7 --reason "a survey and its erratum"',
  )
    .option('--reason <text>', 'why, kept with the decision')
    .addOption(byOption())
    .action((one: string, other: string, { json, by, reason }: KeepApartOptions) =>
      cli.withShared(async ({ db }) => {
        const { PaperboyError } = await import('@paperboy/core');
        const { keepApart } = await import('@paperboy/store');
        const { paperNamed } = await import('./paper-named.ts');
        const ids = [await paperNamed(db, one), await paperNamed(db, other)] as const;
        if (ids[0] === ids[1]) throw new PaperboyError('USAGE', `both are paper ${ids[0]}`);
        await keepApart(db, { ids, by, reason });
        cli
          .output({ json })
          .fact({ keptApart: ids }, `papers ${ids[0]} and ${ids[1]} stay two papers`);
      }),
    );
}
