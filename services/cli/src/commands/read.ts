import { type Entry, keysOf, type Listing, PAGE_FORMATS, type PageFormat } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import type { Output } from '../output.ts';

interface ReadOptions extends CommonOptions {
  readonly format?: PageFormat;
  readonly allPages?: boolean;
}

/** `paperboy read`: what stands on a page, without a database. */
export function readCommand(cli: Cli): Command {
  return commandWith(
    'read <page...>',
    'The entries of saved pages or web addresses; nothing is stored',
    'read seeds/listing-pages/2026-03-11.txt',
    "read --json 'https://huggingface.co/api/daily_papers?date=2026-03-11' | jq .title",
  )
    .addOption(formatOption())
    .option(
      '--all-pages',
      'follow the next pages of a list on the web, with the pauses that its host wants',
    )
    .action(async (pages: string[], options: ReadOptions) => {
      const { createPageReader } = await import('../read-any-page.ts');
      const reader = createPageReader(cli.context.env);
      const output = cli.output(options);
      for (const page of pages) {
        try {
          printListing(output, page, await reader.read(page, options));
        } catch (thrown) {
          cli.fail(thrown, options);
        }
      }
      await reader.close();
    });
}

/** `--format`, for a page whose content leaves its format open. */
export function formatOption(): Option {
  return new Option(
    '--format <format>',
    'read as this format instead of telling it by content',
  ).choices(PAGE_FORMATS);
}

/** What `read` prints of an entry. */
function entryRow(entry: Entry) {
  const { position, title, abstract, authors, links, upvotes } = entry;
  return {
    rank: position,
    title,
    abstract: abstract ?? null,
    authors: authors ?? [],
    keys: keysOf(entry),
    links,
    upvotes: upvotes ?? null,
  };
}

function printListing(output: Output, page: string, listing: Listing): void {
  const { format, date, entries, claimed, warnings, cutBecause } = listing;
  const day = date ? [date.year, pad(date.month), pad(date.day)].filter(Boolean).join('-') : '';
  const count = claimed === undefined ? `${entries.length}` : `${entries.length} of ${claimed}`;
  output.say([page, format, day, `${count} entries`].filter(Boolean).join('   '));
  if (cutBecause !== undefined) output.say(`  not all of it: ${cutBecause}`);
  for (const warning of warnings) output.say(`  note: ${warning}`);
  for (const entry of entries) {
    const row = entryRow(entry);
    output.fact(row, `${String(row.rank).padStart(5)}  ${row.title}`);
  }
}

const pad = (number: number) => String(number).padStart(2, '0');
