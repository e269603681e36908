import type { PageFormat } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import type { IngestedPage } from '../ingest-pages.ts';
import { instant } from '../option-values.ts';
import type { Output } from '../output.ts';
import { pace } from '../pace.ts';
import { progressFor } from '../progress.ts';
import { workingFolder } from '../working-folder.ts';
import { formatOption } from './read.ts';

interface IngestOptions extends CommonOptions {
  readonly source: string;
  readonly format?: PageFormat;
  readonly fetchedAt?: Date;
}

/** `paperboy ingest`: records saved pages, here and now. */
export function ingestCommand(cli: Cli): Command {
  return commandWith(
    'ingest <path...>',
    'Record saved pages (files or folders, .gz too) in order; what is stored already is skipped',
    'ingest seeds/listing-pages --source demo-listing',
    'ingest monday.html.gz --source hf-daily --fetched-at 2026-06-05T18:00:00Z',
  )
    .requiredOption('--source <name>', 'the source whose pages these are')
    .addOption(formatOption())
    .option(
      '--fetched-at <when>',
      'when the pages were fetched; else the date in the file name, else its time of writing',
      instant,
    )
    .action((paths: string[], options: IngestOptions) =>
      cli.withShared(async (shared) => {
        const { ingestPages } = await import('../ingest-pages.ts');
        const output = cli.output(options);
        const progress = progressFor(cli.context, options);
        let recorded = 0;
        let told: ReturnType<typeof pace> | undefined;
        const folder = workingFolder(cli.context.env);
        await ingestPages(
          shared,
          paths,
          { ...options, folder },
          {
            start: (page, done, total) => {
              told ??= pace(total);
              progress.show(total > 1 ? `${told(done)}: ${page}` : page);
            },
            end: (page) => {
              progress.clear();
              recorded += page.verdict === 'new-batch' ? 1 : 0;
              printPage(output, page);
            },
            failed: (thrown) => {
              progress.clear();
              cli.fail(thrown, options);
            },
          },
        );
        if (recorded > 0) output.next(`source show ${options.source}`);
      }),
    );
}

function printPage(output: Output, page: IngestedPage): void {
  const { note, ...fact } = page;
  const isSound = ['new-batch', 'grew', 'unchanged'].includes(page.verdict);
  const text = pageLine(page);
  if (isSound) output.fact(fact, text);
  else output.fact({ ...fact, note }, `${text}\n  ${page.page}: ${note}`);
}

/** `Jun 5   new-batch   73 entries   47 new   26 recurring   0 repeated   0 revised   38 ms` */
export function pageLine(
  page: Pick<
    IngestedPage,
    'listedOn' | 'entries' | 'new' | 'recurring' | 'repeated' | 'revised' | 'ms'
  > & {
    readonly verdict: string;
  },
): string {
  const { listedOn, verdict, entries, recurring, repeated, revised, ms } = page;
  const day = listedOn ? shortDay.format(new Date(`${listedOn}T00:00:00Z`)) : 'no date';
  const counts = [
    `${entries} entries`,
    `${page.new} new`,
    `${recurring} recurring`,
    `${repeated} repeated`,
    `${revised} revised`,
  ];
  return [day.padEnd(7), verdict.padEnd(9), ...counts, `${ms} ms`].join('   ');
}

const shortDay = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });
