import { resolve } from 'node:path';
import type { DkimRecord } from '@paperboy/email';
import type { Command } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import type { Output } from '../output.ts';
import { workingFolder } from '../working-folder.ts';

/** `paperboy dkim …`: the key that signs every mail, and what DNS has to say of it. */
export function dkimCommands(cli: Cli): Command {
  return commandGroup('dkim', 'The key that signs every mail', [key(cli), record(cli)]);
}

function key(cli: Cli): Command {
  return commandWith(
    'key <file>',
    'Make a key that signs every mail, and show the DNS record to publish for it',
    'dkim key dkim.pem',
  ).action(async (name: string, options: CommonOptions) => {
    const { makeKeyFile } = await import('../dkim-key-file.ts');
    const file = resolve(workingFolder(cli.context.env), name);
    const made = await makeKeyFile(file, cli.context.env);
    const output = cli.output(options);
    output.fact({ file, ...made }, `wrote ${file}, readable by you alone`);
    tell(output, made);
    output.say(`and when it can be seen there: DKIM_KEY_FILE=${file}`);
  });
}

function record(cli: Cli): Command {
  return commandWith('record', 'Show the DNS record of the key in DKIM_KEY', 'dkim record').action(
    async (options: CommonOptions) => {
      const { recordInForce } = await import('../dkim-key-file.ts');
      const found = recordInForce(cli.context.env);
      const output = cli.output(options);
      if (output.json) output.fact(found, '');
      tell(output, found);
    },
  );
}

/** As one value, as web forms take it, and in the strings of up to 255 that zone files take (RFC 1035 3.3). */
function tell(output: Output, { name, text }: DkimRecord): void {
  const strings = text.match(/.{1,250}/g)?.map((part) => `"${part}"`) ?? [];
  output.say(`publish as TXT of ${name}:`);
  output.say(`  ${text}`);
  output.say('or in a zone file:');
  output.say(`  ${name}. IN TXT ( ${strings.join(' ')} )`);
}
