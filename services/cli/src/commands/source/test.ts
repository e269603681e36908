import { type Entry, judgePage, keysOf, type Listing, PaperboyError } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { clipped, type Output } from '../../output.ts';
import type { TestedPage, TestedSource } from '../../test-page.ts';

/** Entries that are shown. */
const SHOWN = 10;

/** `paperboy source test` */
export function testCommand(cli: Cli): Command {
  return commandWith(
    'test <declaration-or-name>',
    'What a declaration (a YAML file) or a source reads on its page, and what to change; nothing is stored',
    'source test lab.yaml --page saved.html',
    'source test hf-daily',
  )
    .option('--page <page>', 'read this saved page or address in place of its own')
    .action(async (subject: string, { json, page }: CommonOptions & { readonly page?: string }) => {
      const output = cli.output({ json });
      const { testPage } = await import('../../test-page.ts');
      const test = async (source: TestedSource) =>
        printTest(output, await testPage(cli.context, source, page));
      if (/\.ya?ml$/i.test(subject)) {
        const { describePage } = await import('../../declaration-file.ts');
        const { address, declaration } = await describePage(cli, subject);
        await test({
          declaration,
          format: 'declared',
          ...(address !== undefined && { url: address }),
        });
        return;
      }
      await cli.withShared(async ({ db }) => {
        const { findSource } = await import('@paperboy/store');
        await test(await findSource(db, subject));
      });
    });
}

function printTest(output: Output, tested: TestedPage): void {
  const { reading, advice } = tested;
  if (reading.kind === 'listing') printListing(output, tested, reading);
  else for (const line of advice) output.say(`try: ${line}`);
  if (reading.kind === 'unreadable') {
    const detail = [
      `${tested.page}: ${reading.reason}: ${reading.detail}`,
      ...(output.json ? advice : []),
    ];
    throw new PaperboyError('PAGE_UNREADABLE', detail.join('\n'));
  }
}

function printListing(output: Output, tested: TestedPage, listing: Listing): void {
  const { page, fields, advice } = tested;
  const { format, shape, entries, unreadableEntries, claimed, nextPages, warnings } = listing;
  const { verdict, note } = verdictOfFirst(listing);
  const shown = entries.slice(0, SHOWN).map(shownEntry);
  if (output.json) {
    const counts = { entries: entries.length, unreadableEntries, claimed: claimed ?? null };
    const facts = { page, format, shape, verdict, note, ...counts, date: listing.date ?? null };
    output.fact({ ...facts, nextPages, fields, warnings, advice, firstEntries: shown }, '');
    return;
  }
  output.card({}, [
    ['page', page],
    ['format', `${format}, ${shape}`],
    ['entries', claimed === undefined ? entries.length : `${entries.length} of ${claimed} claimed`],
    ['no title', unreadableEntries === 0 ? null : unreadableEntries],
    ['verdict', `${verdict}: ${note}`],
    ['next', nextPages.join('\n') || null],
  ]);
  output.say('');
  output.table(
    shown,
    [
      ['RANK', ({ rank }) => rank],
      ['TITLE', ({ title }) => clipped(title, 60)],
      ['IDS', ({ ids }) => clipped(ids.join(' '), 40)],
      ['DATE', ({ date }) => date],
      ['ABSTRACT', ({ abstractLength }) => abstractLength],
    ],
    'No entries.',
  );
  output.say('');
  output.table(
    fields,
    [
      ['FIELD', ({ field }) => field],
      ['FOUND', ({ found }) => found],
      ['OF', ({ of }) => of],
    ],
    '',
  );
  for (const warning of warnings) output.say(`note: ${warning}`);
  for (const line of advice) output.say(`try: ${line}`);
}

function shownEntry({ position, title, ids, publishedAt, abstract }: Entry) {
  const keys = keysOf({ title, ids }).filter((key) => !key.startsWith('title:'));
  return {
    rank: position,
    title,
    ids: keys,
    date: publishedAt?.slice(0, 10) ?? null,
    abstractLength: abstract?.length ?? 0,
  };
}

/** What the judge would say if this were the source's first page; what next pages hold is not missing yet. */
function verdictOfFirst(page: Listing) {
  const { claimed, ...rest } = page;
  const listing = page.nextPages.length > 0 || claimed === undefined ? rest : page;
  const papers = new Set(listing.entries.map((entry) => keysOf(entry)[0])).size;
  return judgePage(
    listing,
    undefined,
    { papers, sharedWithLast: 0 },
    { batchSizes: [], coverage: {}, due: 'unknown' },
  );
}
