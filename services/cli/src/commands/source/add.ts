import { PAGE_FORMATS, type PageFormat } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { wholeNumber } from '../../option-values.ts';
import { essentialOption, publishesOption } from './options.ts';

interface AddOptions extends CommonOptions {
  readonly title?: string;
  readonly url?: string;
  readonly format?: PageFormat;
  readonly cron?: string;
  readonly zone: string;
  readonly priority: number;
  readonly declaration?: string;
  readonly page?: string;
  readonly force?: true;
  readonly publishes?: string;
  readonly essential?: boolean;
}

/** `paperboy source add` */
export function addCommand(cli: Cli): Command {
  return commandWith(
    'add <name>',
    'Add a source; without an address it is fed with saved pages',
    'source add lab-list --title "Reading list of the lab"',
    "source add lab --declaration lab.yaml --cron '30 6 * * *'",
    "source add hf --url 'https://huggingface.co/api/daily_papers?date={date}' --cron '0 8,16 * * mon-fri'",
  )
    .option('--title <title>', 'its name as readers see it')
    .option('--url <url>', 'the address of its list; {date} stands for the day in its zone')
    .addOption(
      new Option('--format <format>', 'its format, where the content does not tell').choices(
        PAGE_FORMATS,
      ),
    )
    .option('--declaration <file>', 'read its pages by the selectors in this YAML file')
    .option('--page <page>', 'try the declaration on this saved page or address first')
    .option('--force', 'add a declared source although its page is away')
    .option('--cron <fields>', 'when it is fetched: minute hour day month weekday')
    .option('--zone <zone>', 'the time zone of its days and of --cron', 'UTC')
    .addOption(
      new Option('--priority <number>', 'whose wording of a paper is shown, higher first')
        .argParser(wholeNumber)
        .default(50),
    )
    .addOption(publishesOption())
    .addOption(essentialOption())
    .action((name: string, { priority, json, declaration, page, force, ...options }: AddOptions) =>
      cli.withShared(async ({ db }) => {
        const { addSource } = await import('@paperboy/store');
        const { checkSource } = await import('../../declarations.ts');
        const { describePage, previewDeclaration } = await import('../../declaration-file.ts');
        const described =
          declaration === undefined ? undefined : await describePage(cli, declaration);
        const declared = await checkSource({
          ...(described && { declaration: described.declaration }),
          ...(described?.address !== undefined && { url: described.address }),
          ...options,
          name,
          title: options.title ?? name,
          textPriority: priority,
        });
        const output = cli.output({ json });
        if (described && !force) await previewDeclaration(cli, output, declared, page);
        const source = await addSource(db, declared);
        output.fact(source, `added source ${source.name}`);
        output.next(source.url === null ? `ingest <path> --source ${name}` : 'start');
      }),
    );
}
