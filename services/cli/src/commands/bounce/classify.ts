import { resolve } from 'node:path';
import type { Finding } from '@paperboy/email';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { workingFolder } from '../../working-folder.ts';

/** `paperboy bounce classify`: what messages are read as, without a database. */
export function classifyCommand(cli: Cli): Command {
  return commandWith(
    'classify <file...>',
    'What saved bounces, complaints and automatic replies are read as; nothing is changed',
    'bounce classify bounce.eml',
    'bounce classify --json Maildir archive.mbox',
  ).action(async (files: string[], options: CommonOptions) => {
    const { readReport } = await import('@paperboy/email');
    const { mailFiles } = await import('@paperboy/mailer');
    const output = cli.output(options);
    const folder = workingFolder(cli.context.env);
    for (const file of files) {
      try {
        for await (const { name, raw } of mailFiles(resolve(folder, file), file)) {
          const { findings } = await readReport(raw);
          for (const finding of findings) output.fact(factOf(name, finding), lineOf(name, finding));
        }
      } catch (thrown) {
        cli.fail(thrown, options);
      }
    }
  });
}

function factOf(file: string, { kind, recipient, status, reason }: Finding) {
  return { file, kind, recipient: recipient ?? null, status: status ?? null, reason };
}

function lineOf(file: string, { kind, recipient, status, reason }: Finding): string {
  return [file, kind.padEnd(12), reason, status, recipient].filter(Boolean).join('   ');
}
