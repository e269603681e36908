import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

interface DeclareOptions extends CommonOptions {
  readonly page?: string;
  readonly force?: true;
}

/** `paperboy source declare` */
export function declareCommand(cli: Cli): Command {
  return commandWith(
    'declare <name> <file>',
    'Read the later pages of a source by the selectors in a YAML file',
    'source declare lab lab.yaml',
  )
    .option('--page <page>', 'try it on this saved page or address first')
    .option('--force', 'store it although the page is away')
    .action((name: string, file: string, { json, page, force }: DeclareOptions) =>
      cli.withShared(async ({ db }) => {
        const { declareSource, findSource } = await import('@paperboy/store');
        const { checkSource } = await import('../../declarations.ts');
        const { describePage, previewDeclaration } = await import('../../declaration-file.ts');
        const { url, zone } = await findSource(db, name);
        const described = await describePage(cli, file);
        const address = described.address ?? url;
        const { declaration } = described;
        const declared = await checkSource({
          ...{ name, title: name, zone, declaration },
          ...(address !== null && { url: address }),
        });
        const output = cli.output({ json });
        if (!force) await previewDeclaration(cli, output, declared, page);
        output.fact(await declareSource(db, name, declared), `source ${name} is read by ${file}`);
      }),
    );
}
