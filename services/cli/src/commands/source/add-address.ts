import { type Listing, PaperboyError } from '@paperboy/core';
import type { SourceDeclaration } from '@paperboy/store';
import type { Cli } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import type { Discoverer, Discovery } from '../../discover-source.ts';
import { clipped, type Output } from '../../output.ts';
import type { Shared } from '../../shared.ts';

export interface AddAddressOptions extends CommonOptions {
  readonly name?: string;
  readonly feed?: number;
  readonly dryRun?: true;
  /** What is asked for in place of what was found. */
  readonly wanted: Partial<Omit<SourceDeclaration, 'name' | 'url'>>;
}

/** Titles that are shown of what was found. */
const SHOWN = 5;

/** `paperboy source add <address>`: finds out what is there, shows it, and stores it. */
export async function addAddress(
  cli: Cli,
  { db }: Pick<Shared, 'db'>,
  address: string,
  { name, feed, dryRun, wanted, json }: AddAddressOptions,
): Promise<void> {
  const { discoverSource } = await import('../../discover-source.ts');
  const { knownSources } = await import('../../source-names.ts');
  const { checkSource } = await import('../../declarations.ts');
  const { addByCommand } = await import('../../source-desk.ts');
  const output = cli.output({ json });
  const found = await withDiscoverer(cli, (discoverer) =>
    discoverSource(discoverer, address, feed),
  );
  if (found.kind === 'choice') throw askToChoose(output, address, found.feeds);
  const known = await knownSources(db);
  const existing = known.at(found.source.url) ?? known.at(found.page) ?? known.at(address);
  if (existing !== undefined) {
    throw new PaperboyError('ALREADY_EXISTS', `source ${existing} watches ${found.source.url}`);
  }
  const proposed = { ...found.source, ...wanted };
  const declared = await checkSource({
    ...proposed,
    name: name ?? known.freeName(proposed.name),
  });
  showListing(output, address, found);
  const source = dryRun ? declared : await addByCommand(db, declared);
  const when = `fetched at ${declared.cron} ${declared.zone}`;
  output.fact(
    { ...source, ...listingFacts(found.page, found.listing), added: dryRun !== true },
    dryRun
      ? `would add source ${source.name}, ${when}; nothing is stored`
      : `added source ${source.name}, ${when}`,
  );
  if (!dryRun) output.next('start');
}

async function withDiscoverer<Result>(
  cli: Cli,
  work: (discoverer: Discoverer) => Promise<Result>,
): Promise<Result> {
  const { addressFor } = await import('@paperboy/ingest');
  const { createPageReader } = await import('../../read-any-page.ts');
  const reader = createPageReader(cli.context.env);
  try {
    return await work({
      fetch: (page) => reader.input(page),
      addressToday: (source) => addressFor(source, cli.context.now()).url,
    });
  } finally {
    await reader.close();
  }
}

function askToChoose(
  output: Output,
  address: string,
  feeds: Extract<Discovery, { kind: 'choice' }>['feeds'],
): PaperboyError {
  const rows = feeds.map((feed, index) => ({ number: index + 1, title: null, ...feed }));
  output.table(
    rows,
    [
      ['FEED', ({ number }) => number],
      ['TITLE', ({ title }) => title],
      ['ADDRESS', ({ url }) => url],
    ],
    '',
  );
  return new PaperboyError(
    'USAGE',
    `${address} names ${feeds.length} feeds: choose with --feed <number>`,
  );
}

function showListing(
  output: Output,
  address: string,
  { source, listing }: Extract<Discovery, { kind: 'source' }>,
): void {
  const { entries, statedEmpty, warnings } = listing;
  if (source.url !== address) output.say(`${address} is read as ${source.url}`);
  const count = statedEmpty ? 'the page says that it is empty' : `${entries.length} entries`;
  output.say([listing.format, dayOf(listing), count].filter(Boolean).join('   '));
  for (const warning of warnings) output.say(`  note: ${warning}`);
  for (const { position, title } of entries.slice(0, SHOWN)) {
    output.say(`${String(position).padStart(5)}  ${clipped(title, 100)}`);
  }
}

function listingFacts(page: string, listing: Listing) {
  return {
    page,
    format: listing.format,
    listedOn: dayOf(listing) ?? null,
    entries: listing.entries.length,
    titles: listing.entries.slice(0, SHOWN).map(({ title }) => title),
    warnings: listing.warnings,
  };
}

function dayOf({ date }: Listing): string | undefined {
  if (!date) return undefined;
  const parts = [date.year, date.month, date.day].filter((part) => part !== undefined);
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
