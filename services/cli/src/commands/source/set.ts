import { PaperboyError } from '@paperboy/core';
import type { SourceChange } from '@paperboy/store';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { notedChange } from '../../noted-change.ts';
import { wholeNumber } from '../../option-values.ts';
import { essentialOption, publishesOption } from './options.ts';

interface SetOptions extends CommonOptions {
  readonly title?: string;
  readonly url?: string;
  readonly cron?: string;
  readonly zone?: string;
  readonly priority?: number;
  readonly publishes?: string;
  readonly essential?: boolean;
}

/** `paperboy source set` */
export function setCommand(cli: Cli): Command {
  return commandWith(
    'set <name>',
    'Change a source; what is not named stays. "none" takes a schedule away',
    "source set hf-daily --cron '0 7,19 * * mon-fri' --zone Europe/Berlin",
    "source set arxiv-cs-cl --publishes '0 20 * * sun-thu' --zone America/New_York",
  )
    .option('--title <title>', 'its name as readers see it')
    .option('--url <url>', 'the address of its list; {date} stands for the day in its zone')
    .option('--cron <fields>', 'when it is fetched: minute hour day month weekday')
    .option('--zone <zone>', 'the time zone of its days, of --cron and of --publishes')
    .option('--priority <number>', 'whose wording of a paper is shown, higher first', wholeNumber)
    .addOption(publishesOption())
    .addOption(essentialOption())
    .action((name: string, { json, ...options }: SetOptions) =>
      cli.withShared(async ({ db }) => {
        const { sourceDesk } = await import('../../source-desk.ts');
        const change = changeOf(options);
        if (Object.keys(change).length === 0) {
          throw new PaperboyError('USAGE', 'nothing to change was named');
        }
        const changed = await notedChange(db, async (tx, note) => {
          await note('change', `source ${name}`, { became: JSON.stringify(change) });
          return sourceDesk.change(tx, name, change);
        });
        const output = cli.output({ json });
        output.fact(changed, `changed source ${name}: ${Object.keys(change).join(', ')}`);
        output.next(`source show ${name}`);
      }),
    );
}

function changeOf({ priority, cron, publishes, ...rest }: Omit<SetOptions, 'json'>): SourceChange {
  return {
    ...rest,
    ...(cron !== undefined && { cron: orNone(cron) }),
    ...(publishes !== undefined && { publishes: orNone(publishes) }),
    ...(priority !== undefined && { textPriority: priority }),
  };
}

const orNone = (text: string) => (text === 'none' ? null : text);
