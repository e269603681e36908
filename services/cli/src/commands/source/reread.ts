import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { instant } from '../../option-values.ts';
import type { Output } from '../../output.ts';
import { progressFor } from '../../progress.ts';
import type { RereadTotals } from '../../reread-source.ts';

interface RereadOptions extends CommonOptions {
  readonly since?: Date;
  readonly dryRun?: boolean;
}

/** `paperboy source reread` */
export function rereadCommand(cli: Cli): Command {
  return commandWith(
    'reread <name>',
    'Read the stored pages of a source again, after its reader improved',
    'source reread hf-daily --dry-run',
    'source reread hf-daily --since 2026-06-01',
  )
    .option('--since <when>', 'only pages seen since', instant)
    .option('--dry-run', 'say what would change; recording waits while it looks')
    .action((name: string, options: RereadOptions) =>
      cli.withShared(async (shared) => {
        const { rereadSource } = await import('../../reread-source.ts');
        const output = cli.output(options);
        const progress = progressFor(cli.context, options);
        const totals = await rereadSource(shared, name, options, {
          progress: (text) => progress.show(text),
          page: (page) => {
            progress.clear();
            const { listingPageId, before, verdict, recurring, worded } = page;
            const judged = before === verdict ? verdict : `${before} → ${verdict}`;
            const found = `${page.new} new   ${recurring} recurring   ${worded} wordings`;
            output.fact(page, `page ${listingPageId}   ${judged}   ${found}`);
          },
        });
        progress.clear();
        printTotals(output, totals, options);
      }),
    );
}

function printTotals(
  output: Output,
  totals: RereadTotals,
  { dryRun = false }: RereadOptions,
): void {
  const { read, pages, changed, recorded, recurring, worded, stopped } = totals;
  const facts = [
    `${read} of ${pages} pages read again`,
    `${changed} with something more`,
    `${recorded} recorded that could not be read before`,
    `${totals.new} papers that no page had shown`,
    `${recurring} other papers that were missed`,
    `${worded} wordings`,
  ];
  const kind = dryRun ? 'would change' : stopped ? 'stopped; the same command goes on' : 'done';
  output.fact({ ...totals, dryRun }, `${kind}: ${facts.join(', ')}`);
}
