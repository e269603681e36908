import { PAGE_FORMATS, type PageFormat } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { limitOption, wholeNumber } from '../option-values.ts';

/** `paperboy source …`: the places that list papers. */
export function sourceCommands(cli: Cli): Command {
  return commandGroup('source', 'The places that list papers', [list(cli), add(cli), show(cli)]);
}

function list(cli: Cli): Command {
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

interface AddOptions extends CommonOptions {
  readonly title?: string;
  readonly url?: string;
  readonly format?: PageFormat;
  readonly cron?: string;
  readonly zone: string;
  readonly priority: number;
}

function add(cli: Cli): Command {
  return commandWith(
    'add <name>',
    'Add a source; without an address it is fed with saved pages',
    'source add lab-list --title "Reading list of the lab"',
    "source add hf --url 'https://huggingface.co/api/daily_papers?date={date}' --cron '0 8,16 * * mon-fri'",
  )
    .option('--title <title>', 'its name as readers see it')
    .option('--url <url>', 'the address of its list; {date} stands for the day in its zone')
    .addOption(
      new Option('--format <format>', 'its format, where the content does not tell').choices(
        PAGE_FORMATS,
      ),
    )
    .option('--cron <fields>', 'when it is fetched: minute hour day month weekday')
    .option('--zone <zone>', 'the time zone of its days and of --cron', 'UTC')
    .addOption(
      new Option('--priority <number>', 'whose wording of a paper is shown, higher first')
        .argParser(wholeNumber)
        .default(50),
    )
    .action((name: string, { priority, json, ...options }: AddOptions) =>
      cli.withShared(async ({ db }) => {
        const { addSource } = await import('@paperboy/store');
        const { checkSource } = await import('../declarations.ts');
        const declared = await checkSource({
          ...options,
          name,
          title: options.title ?? name,
          textPriority: priority,
        });
        const source = await addSource(db, declared);
        const output = cli.output({ json });
        output.fact(source, `added source ${source.name}`);
        output.next(source.url === null ? `ingest <path> --source ${name}` : 'start');
      }),
    );
}

function show(cli: Cli): Command {
  return commandWith(
    'show <name>',
    'A source with its latest pages and fetches',
    'source show demo-listing',
  )
    .addOption(limitOption(10))
    .action((name: string, options: CommonOptions & { readonly limit: number }) =>
      cli.withShared(async ({ db }) => {
        const { findSource, listFetches, listPages } = await import('@paperboy/store');
        const source = await findSource(db, name);
        const choice = { sourceId: source.id, limit: options.limit };
        const pages = await listPages(db, choice);
        const fetches = await listFetches(db, choice);
        const output = cli.output(options);
        output.card({ ...source, latestPages: pages, latestFetches: fetches }, [
          ['source', source.name],
          ['title', source.title],
          ['address', source.url],
          ['format', source.format ?? 'told by content'],
          ['schedule', source.cron && `${source.cron} ${source.zone}`],
          ['state', source.state],
          ['priority', source.textPriority],
        ]);
        if (output.json) return;
        output.say('');
        output.table(
          pages,
          [
            ['PAGE', ({ id }) => id],
            ['SEEN', ({ seenAt }) => minute(seenAt)],
            ['LISTED ON', ({ listedOn }) => listedOn],
            ['VERDICT', ({ verdict }) => verdict ?? 'unread'],
            ['ENTRIES', ({ entries }) => entries],
            ['NEW', (page) => page.new],
            ['RECURRING', ({ recurring }) => recurring],
            ['NOTE', ({ note }) => note],
          ],
          'No pages yet.',
        );
        if (fetches.length === 0) return;
        output.say('');
        output.table(
          fetches,
          [
            ['FETCHED', ({ startedAt }) => minute(startedAt)],
            ['OUTCOME', ({ outcome }) => outcome],
            ['STATUS', ({ httpStatus }) => httpStatus],
            ['BYTES', ({ bodyBytes }) => bodyBytes],
            ['MS', ({ durationMs }) => durationMs],
            ['DETAIL', ({ detail }) => detail],
          ],
          '',
        );
      }),
    );
}

const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
