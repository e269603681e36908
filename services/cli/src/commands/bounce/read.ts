import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { workingFolder } from '../../working-folder.ts';

/** `paperboy bounce read`: takes in what a mailbox has gathered. */
export function readCommand(cli: Cli): Command {
  return commandWith(
    'read <path...>',
    'Take in the bounces of a maildir, an mbox or files; twice changes nothing more',
    'bounce read /var/mail/bounces',
    'bounce read Maildir',
  ).action((paths: string[], options: CommonOptions) =>
    cli.withShared(async (shared) => {
      const { mailFiles, receiveReport } = await import('@paperboy/mailer');
      const { db, log, stopping } = shared;
      const parts = { db, log, links: await shared.links() };
      const output = cli.output(options);
      const folder = workingFolder(cli.context.env);
      const effects = new Map<string, number>();
      for (const path of paths) {
        for await (const { name, raw } of mailFiles(resolve(folder, path), path)) {
          if (stopping.aborted) break;
          const received = await receiveReport(parts, { raw, via: 'file' });
          const { kind, reason, effect, deliveryId } = received;
          effects.set(effect, (effects.get(effect) ?? 0) + 1);
          output.fact(
            { file: name, deliveryId: deliveryId ?? null, kind, reason, effect },
            [name, kind.padEnd(12), reason, effect, deliveryId && `delivery ${deliveryId}`]
              .filter(Boolean)
              .join('   '),
          );
        }
      }
      const told = [...effects].map(([effect, count]) => `${count} ${effect}`).join(', ');
      output.say(told === '' ? 'No messages.' : told);
      if (effects.has('unproven') || effects.has('none')) output.next('bounce kept');
    }),
  );
}
