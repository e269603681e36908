import type { PageDeclaration } from '@paperboy/core';
import type { listFetches, listPages } from '@paperboy/store';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { moment } from '../../moments.ts';
import { limitOption } from '../../option-values.ts';
import type { Output } from '../../output.ts';

/** `paperboy source show` */
export function showCommand(cli: Cli): Command {
  return commandWith(
    'show <name>',
    'How a source stands, when it is asked next, and its latest pages and fetches',
    'source show demo-listing',
  )
    .addOption(limitOption(10))
    .action((name: string, options: CommonOptions & { readonly limit: number }) =>
      cli.withShared(async ({ db }) => {
        const store = await import('@paperboy/store');
        const { mannersOf } = await import('@paperboy/ingest');
        const describe = await import('../../describe-source.ts');
        const source = await store.findSource(db, name);
        const health = await store.sourceHealth(db, source.id);
        const now = cli.context.now();
        const rhythm = await describe.rhythmOf(db, source, { health, now });
        const manners = await mannersOf(db, source, now);
        const choice = { sourceId: source.id, limit: options.limit };
        const pages = await store.listPages(db, choice);
        const fetches = await store.listFetches(db, choice);
        const output = cli.output(options);
        const fact = { ...source, health: health ?? null, rhythm, manners: manners ?? null };
        output.card({ ...fact, latestPages: pages, latestFetches: fetches }, [
          ['source', source.name],
          ['title', source.title],
          ['address', source.url],
          ['format', source.format ?? 'told by content'],
          ['state', source.state],
          ['stands', describe.standsText(health)],
          ['last good', health?.lastGoodAt && moment(health.lastGoodAt)],
          ['last list', describe.foundText(health)],
          ['usual', rhythm.usualPapers === null ? null : `${rhythm.usualPapers} papers`],
          ['schedule', describe.scheduleText(source.cron, source.zone)],
          ['next', describe.nextText(source, health)],
          ['publishes', describe.rhythmText(rhythm, source.zone)],
          ['awaits', describe.awaitedText(rhythm)],
          ['pace', describe.paceText(manners)],
          ['robots.txt', describe.robotsText(manners)],
          ['changes', describe.changeText(manners)],
          ['priority', source.textPriority],
          ['essential', source.essential ? null : 'no: digests never wait for it'],
        ]);
        if (output.json) return;
        printDeclaration(output, source.declaration);
        printPages(output, pages);
        printFetches(output, fetches);
      }),
    );
}

/** The database keeps no order. */
const DECLARED = [
  ...(['list', 'span', 'title', 'link', 'abstract', 'authors', 'date', 'id'] as const),
  ...(['claimed', 'next', 'empty', 'minEntries'] as const),
];

function printDeclaration(output: Output, declaration: PageDeclaration | null): void {
  if (declaration === null) return;
  output.say('declaration');
  for (const field of DECLARED)
    if (declaration[field] !== undefined) output.say(`  ${field}: ${declaration[field]}`);
}

function printPages(output: Output, pages: Awaited<ReturnType<typeof listPages>>): void {
  output.say('');
  output.table(
    pages,
    [
      ['PAGE', ({ id }) => id],
      ['SEEN', ({ seenAt }) => moment(seenAt)],
      ['LISTED ON', ({ listedOn }) => listedOn],
      ['VERDICT', ({ verdict }) => verdict ?? 'unread'],
      ['ENTRIES', ({ entries }) => entries],
      ['NEW', (page) => page.new],
      ['RECURRING', ({ recurring }) => recurring],
      ['NOTE', ({ note }) => note],
    ],
    'No pages yet.',
  );
}

function printFetches(output: Output, fetches: Awaited<ReturnType<typeof listFetches>>): void {
  if (fetches.length === 0) return;
  output.say('');
  output.table(
    fetches,
    [
      ['FETCHED', ({ startedAt }) => moment(startedAt)],
      ['OUTCOME', ({ outcome }) => outcome],
      ['STATUS', ({ httpStatus }) => httpStatus],
      ['BYTES', ({ bodyBytes }) => bodyBytes],
      ['MS', ({ durationMs }) => durationMs],
      ['DETAIL', ({ detail }) => detail],
    ],
    '',
  );
}
