import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

interface ExportOptions extends CommonOptions {
  readonly out?: string;
}

/** `paperboy subscriber export` */
export function exportCommand(cli: Cli): Command {
  return commandWith(
    'export',
    'All subscribers with topics and wishes as CSV, which import takes in again',
    'subscriber export --out readers.csv',
  )
    .option('--out <file>', 'write to this file; an existing one is replaced')
    .action((options: ExportOptions) =>
      cli.withShared(async ({ db }) => {
        const { writeFile } = await import('node:fs/promises');
        const { loadReaderLists } = await import('@paperboy/web');
        const { notedChange } = await import('../../noted-change.ts');
        const { fileIn } = await import('../../page-files.ts');
        const { workingFolder } = await import('../../working-folder.ts');
        const { exportReaders } = await loadReaderLists();
        const { csv, subscribers } = await exportReaders(db);
        // Whoever takes all addresses along is to be written down.
        await notedChange(db, (_, note) => note('export', `${subscribers} subscribers`));
        const output = cli.output(options);
        if (options.out === undefined) {
          output.fact({ csv, subscribers }, csv.trimEnd());
          return;
        }
        await writeFile(fileIn(workingFolder(cli.context.env), options.out).path, csv, {
          mode: 0o600,
        });
        output.fact(
          { file: options.out, subscribers },
          `wrote ${subscribers} subscribers to ${options.out}`,
        );
      }),
    );
}
