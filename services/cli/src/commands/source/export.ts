import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

interface ExportOptions extends CommonOptions {
  readonly out?: string;
}

/** `paperboy source export` */
export function exportCommand(cli: Cli): Command {
  return commandWith(
    'export',
    'The sources that are feeds, as a reading list (OPML) for feed readers and other installations',
    'source export --out feeds.opml',
  )
    .option('--out <file>', 'write to this file; an existing one is replaced')
    .action((options: ExportOptions) =>
      cli.withShared(async ({ db }) => {
        const { writeFile } = await import('node:fs/promises');
        const { exportReadingList } = await import('../../reading-list.ts');
        const { fileIn } = await import('../../page-files.ts');
        const { workingFolder } = await import('../../working-folder.ts');
        const { opml, feeds, others } = await exportReadingList(db, cli.context.now());
        const output = cli.output(options);
        if (options.out === undefined) {
          output.fact({ opml, feeds, others }, opml.trimEnd());
          return;
        }
        await writeFile(fileIn(workingFolder(cli.context.env), options.out).path, opml);
        const left = others.length === 0 ? '' : `; not feeds: ${others.join(', ')}`;
        output.fact(
          { file: options.out, feeds, others },
          `wrote ${feeds} feeds to ${options.out}${left}`,
        );
      }),
    );
}
