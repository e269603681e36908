import { PaperboyError } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { notedChange } from '../../noted-change.ts';

/** `paperboy source pause` */
export function pauseCommand(cli: Cli): Command {
  return commandWith(
    'pause <name>',
    'Leave a source alone until it is resumed; what it brought stays',
    'source pause hf-trending',
  ).action((name: string, options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { changeSource, findSource } = await import('@paperboy/store');
      const source = await notedChange(db, async (tx, note) => {
        const { id, state } = await findSource(tx, name);
        if (state === 'archived') throw new PaperboyError('USAGE', `source ${name} was removed`);
        await note('pause', `source ${name}`, { was: state, became: 'paused' });
        return changeSource(tx, id, { state: 'paused' });
      });
      const output = cli.output(options);
      output.fact(source, `paused source ${name}`);
      output.next(`source resume ${name}`);
    }),
  );
}

/** `paperboy source resume` */
export function resumeCommand(cli: Cli): Command {
  return commandWith(
    'resume <name>',
    'Ask a source again that was paused or removed; what it missed is made up for once',
    'source resume hf-trending',
  ).action((name: string, options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { changeSource, findSource } = await import('@paperboy/store');
      const source = await notedChange(db, async (tx, note) => {
        const { id, state } = await findSource(tx, name);
        await note('resume', `source ${name}`, { was: state, became: 'active' });
        return changeSource(tx, id, { state: 'active' });
      });
      cli.output(options).fact(source, `resumed source ${name}`);
    }),
  );
}
