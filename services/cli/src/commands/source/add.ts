import { PAGE_FORMATS, type PageFormat, PaperboyError } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { wholeNumber } from '../../option-values.ts';
import type { Shared } from '../../shared.ts';
import { addAddress } from './add-address.ts';
import { essentialOption, publishesOption } from './options.ts';

interface AddOptions extends CommonOptions {
  readonly name?: string;
  readonly feed?: number;
  readonly dryRun?: true;
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
    'add <name-or-address>',
    'Add a source by its address, or by a name; without an address it is fed with saved pages',
    'source add https://arxiv.org/list/cs.CL/recent',
    'source add https://group.example.org/papers --name group --dry-run',
    'source add lab-list --title "Reading list of the lab"',
    "source add lab --declaration lab.yaml --cron '30 6 * * *'",
    "source add hf --url 'https://huggingface.co/api/daily_papers?date={date}' --cron '0 8,16 * * mon-fri'",
  )
    .option('--name <name>', 'its name here, where an address is given; else made of its title')
    .addOption(
      new Option('--feed <number>', 'which of the feeds that the page names').argParser(
        wholeNumber,
      ),
    )
    .option('--dry-run', 'only show what is at the address')
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
    .action((nameOrAddress: string, options: AddOptions, command: Command) =>
      cli.withShared((shared) => {
        checkTogether(nameOrAddress, options);
        if (!isAddress(nameOrAddress)) return addNamed(cli, shared, nameOrAddress, options);
        const wanted = wantedOf(options, command);
        return addAddress(cli, shared, nameOrAddress, { ...options, wanted });
      }),
    );
}

const isAddress = (text: string) => /^https?:/i.test(text);

function checkTogether(
  nameOrAddress: string,
  { name, feed, dryRun, url, declaration }: AddOptions,
): void {
  const ofAddress = name !== undefined || feed !== undefined || dryRun === true;
  const ofName = url !== undefined || declaration !== undefined;
  if (isAddress(nameOrAddress) ? !ofName : !ofAddress) return;
  const detail = isAddress(nameOrAddress)
    ? '--url and --declaration go with a name in place of an address'
    : '--name, --feed and --dry-run go with an address in place of a name';
  throw new PaperboyError('USAGE', detail);
}

async function addNamed(
  cli: Cli,
  { db }: Pick<Shared, 'db'>,
  name: string,
  { title = name, url, priority, json, declaration, page, force, ...options }: AddOptions,
): Promise<void> {
  const { checkSource } = await import('../../declarations.ts');
  const { describePage, previewDeclaration } = await import('../../declaration-file.ts');
  const { addByCommand } = await import('../../source-desk.ts');
  const described = declaration === undefined ? undefined : await describePage(cli, declaration);
  const address = url ?? described?.address;
  const declared = await checkSource({
    name,
    title,
    zone: options.zone,
    textPriority: priority,
    ...(described && { declaration: described.declaration }),
    ...(address !== undefined && { url: address }),
    ...optionalOf(options),
  });
  const output = cli.output({ json });
  if (described && !force) await previewDeclaration(cli, output, declared, page);
  const source = await addByCommand(db, declared);
  output.fact(source, `added source ${source.name}`);
  output.next(source.url === null ? `ingest <path> --source ${name}` : 'start');
}

/** What was typed, and not what an option is when it is left out. */
function wantedOf(options: AddOptions, command: Command) {
  const { title, zone, priority } = options;
  const isTyped = (option: string) => command.getOptionValueSource(option) === 'cli';
  return {
    ...optionalOf(options),
    ...(title !== undefined && { title }),
    ...(isTyped('zone') && { zone }),
    ...(isTyped('priority') && { textPriority: priority }),
  };
}

function optionalOf({
  format,
  cron,
  publishes,
  essential,
}: Pick<AddOptions, 'format' | 'cron' | 'publishes' | 'essential'>) {
  return {
    ...(format && { format }),
    ...(cron !== undefined && { cron }),
    ...(publishes !== undefined && { publishes }),
    ...(essential !== undefined && { essential }),
  };
}
