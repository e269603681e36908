import { type Command, Option } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { limitOption, wholeNumber } from '../option-values.ts';
import { explainCommand } from './explain-topic.ts';

/** `paperboy topic …`: what subscribers follow. */
export function topicCommands(cli: Cli): Command {
  return commandGroup('topic', 'What subscribers follow', [
    list(cli),
    preview(cli),
    explainCommand(cli),
    add(cli),
  ]);
}

function list(cli: Cli): Command {
  return commandWith(
    'list',
    'The catalogue, with how many papers and followers each topic has',
    'topic list',
  ).action((options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { listCatalogue } = await import('@paperboy/store');
      cli.output(options).table(
        await listCatalogue(db),
        [
          ['TOPIC', ({ slug }) => slug],
          ['NAME', ({ name }) => name],
          ['PAPERS', ({ papers }) => Number(papers)],
          ['FOLLOWERS', ({ followers }) => Number(followers)],
          ['QUERY', ({ query }) => query],
        ],
        'No topics yet. Add one with: paperboy topic add',
      );
    }),
  );
}

interface PreviewOptions extends CommonOptions {
  readonly days: number;
  readonly limit: number;
}

function preview(cli: Cli): Command {
  return commandWith(
    'preview <query>',
    'What a query would have found in the days up to the newest page, with reasons',
    `topic preview '"sparse autoencoder" OR transcoders'`,
    "topic preview '+vision +language -medical' --days 7",
  )
    .addOption(new Option('--days <days>', 'how far back').argParser(wholeNumber).default(30))
    .addOption(limitOption(20))
    .action(async (query: string, { days, limit, json }: PreviewOptions) => {
      const { requireQuery } = await import('@paperboy/topics');
      const parsed = requireQuery(query);
      await cli.withShared(async ({ db, settings }) => {
        const { RecentPapers } = await import('@paperboy/ingest');
        const { embeddingOptions } = await import('../embedding-options.ts');
        const { previewTopic } = await import('../preview-topic.ts');
        const { foundLine, previewLines } = await import('../preview-lines.ts');
        const recent = new RecentPapers(db, { days, embeddings: embeddingOptions(settings) });
        const preview = await previewTopic(recent, parsed);
        const { found, ...facts } = preview;
        const output = cli.output({ json });
        for (const match of found.slice(0, limit)) output.fact(match, foundLine(match));
        output.fact({ ...facts, found: found.length }, previewLines(preview).join('\n'));
        if (found.length > limit)
          output.say(`${found.length - limit} more: --limit ${found.length}`);
        output.next(
          `subscriber add <address> --topic '${query.replaceAll("'", String.raw`'\''`)}'`,
        );
      });
    });
}

interface AddOptions extends CommonOptions {
  readonly name: string;
  readonly about?: string;
  readonly field?: string;
}

function add(cli: Cli): Command {
  return commandWith(
    'add <slug> <query>',
    'Add a topic to the catalogue, to be matched with the papers of the last 30 days too',
    `topic add interpretability '"mechanistic interpretability" OR "circuit analysis"' --name Interpretability`,
  )
    .requiredOption('--name <name>', 'its name as readers see it')
    .option('--about <sentence>', 'what it is about')
    .option('--field <field>', 'the heading of the catalogue it stands under')
    .action((slug: string, query: string, { name, about, field, json }: AddOptions) =>
      cli.withShared(async (shared) => {
        const { addCatalogueTopic } = await import('../preview-topic.ts');
        const { sayPast } = await import('../past-line.ts');
        const topic = await addCatalogueTopic(shared.db, { slug, query, name, about, field });
        const output = cli.output({ json });
        output.fact(topic, `added topic ${slug}: ${topic.query}`);
        await sayPast(output, shared.db);
        output.next(`subscriber add <address> --topic ${slug}`);
      }),
    );
}
