import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

interface ImportOptions extends CommonOptions {
  readonly dryRun?: true;
}

/** `paperboy source import` */
export function importCommand(cli: Cli): Command {
  return commandWith(
    'import <file>',
    'Add the feeds of a reading list (OPML), as feed readers export it; nothing is fetched yet',
    'source import feeds.opml --dry-run',
  )
    .option('--dry-run', 'only tell what would be added')
    .action((file: string, { dryRun, ...options }: ImportOptions) =>
      cli.withShared(async ({ db, settings }) => {
        const { fileIn, readPageFile } = await import('../../page-files.ts');
        const { importReadingList } = await import('../../reading-list.ts');
        const { workingFolder } = await import('../../working-folder.ts');
        const named = fileIn(workingFolder(cli.context.env), file);
        const bytes = await readPageFile(named, settings.fetchMaxBytes);
        const { outlines, warnings } = await importReadingList(db, file, bytes, dryRun === true);
        const output = cli.output(options);
        for (const warning of warnings) output.say(`note: ${warning}`);
        output.table(
          outlines,
          [
            ['OUTLINE', ({ title }) => title],
            ['BECAME', ({ outcome }) => outcome],
            ['SOURCE', ({ source }) => source],
            ['WHY', ({ why }) => why],
          ],
          'The list has no feeds.',
        );
        const added = outlines.filter(({ outcome }) => outcome === 'added').length;
        const verb = dryRun ? 'would be added' : 'added';
        output.say(`${outlines.length} outlines, ${added} ${verb}`);
        if (added > 0 && !dryRun) output.next('start');
      }),
    );
}
