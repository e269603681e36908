import { PaperboyError } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

interface ImportOptions extends CommonOptions {
  readonly agreed?: true;
  readonly dryRun?: true;
}

/** As one file on the admin page has at most. */
const MAX_BYTES = 2 * 2 ** 20;

/** `paperboy subscriber import` */
export function importCommand(cli: Cli): Command {
  return commandWith(
    'import <file>',
    'Add the subscribers of a CSV file with a heading row, such as an export; all of them or nobody',
    'subscriber import readers.csv --dry-run',
    'subscriber import readers.csv --agreed',
  )
    .option('--dry-run', 'only tell, row by row, what would happen')
    .option('--agreed', 'all of them have agreed to be mailed, and you can show it')
    .action(async (file: string, { agreed, dryRun, ...options }: ImportOptions) => {
      if ((agreed === undefined) === (dryRun === undefined))
        throw new PaperboyError(
          'USAGE',
          'only people who agreed may be mailed: say so with --agreed, or look first with --dry-run',
        );
      await cli.withShared(async (shared) => {
        const { loadReaderLists } = await import('@paperboy/web');
        const { notedChange } = await import('../../noted-change.ts');
        const { fileIn, readPageFile } = await import('../../page-files.ts');
        const { sayPast } = await import('../../past-line.ts');
        const { resolveTopic } = await import('../../declarations.ts');
        const { workingFolder } = await import('../../working-folder.ts');
        const { judgeReaders, takeInReaders } = await loadReaderLists();
        const { db } = shared;
        const bytes = await readPageFile(fileIn(workingFolder(cli.context.env), file), MAX_BYTES);
        const links = await shared.links();
        const csv = textOf(file, bytes);
        const { fates, added } = await notedChange(db, async (tx, note) => {
          const judged = await judgeReaders(tx, links, csv);
          if (dryRun) return { fates: judged, added: 0 };
          const topics = { find: (text: string) => resolveTopic(tx, text) };
          const count = await takeInReaders(tx, { links, topics }, judged);
          await note('import', `${count} subscribers`, { became: 'active' });
          return { fates: judged, added: count };
        });
        const output = cli.output(options);
        output.table(
          fates.map(({ kind, row: { line, address, ...row } }) => ({
            line,
            address,
            outcome: kind === 'add' ? (dryRun ? 'would be added' : 'added') : kind,
            why: 'problem' in row ? row.problem : null,
          })),
          [
            ['LINE', ({ line }) => line],
            ['ADDRESS', ({ address }) => address],
            ['OUTCOME', ({ outcome }) => outcome],
            ['WHY', ({ why }) => why],
          ],
          'The file has no rows.',
        );
        const wouldBe = fates.filter(({ kind }) => kind === 'add').length;
        output.say(
          `${fates.length} rows, ${dryRun ? `${wouldBe} would be added` : `${added} added`}`,
        );
        if (added > 0) await sayPast(output, db);
        if (dryRun && wouldBe > 0) output.next(`subscriber import ${file} --agreed`);
      });
    });
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PaperboyError('USAGE', `${name} is not UTF-8`, { cause });
  }
}
