import type { PageDeclaration } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { limitOption } from '../../option-values.ts';
import type { Output } from '../../output.ts';

/** `paperboy source show` */
export function showCommand(cli: Cli): Command {
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
        printDeclaration(output, source.declaration);
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

function printDeclaration(output: Output, declaration: PageDeclaration | null): void {
  if (declaration === null) return;
  output.say('declaration');
  for (const [field, value] of Object.entries(declaration)) output.say(`  ${field}: ${value}`);
}

const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
