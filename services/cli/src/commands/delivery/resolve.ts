import { PaperboyError, RESOLUTIONS, type Resolution } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { notedChange } from '../../noted-change.ts';

interface ResolveOptions extends CommonOptions {
  readonly as?: Resolution;
  readonly undo?: true;
  readonly yes?: true;
}

/** What each word makes of an uncertain delivery. */
const MEANS = {
  accepted: 'it arrived: it is not sent again, and its papers count as shown',
  ready:
    'it is sent once more, with the same Message-ID and date; if it had arrived, it arrives twice',
  rejected: 'it did not arrive and is not sent again; its papers count as not shown',
} as const;

/** `paperboy delivery resolve`: what became of an uncertain delivery, by the operator's word. */
export function resolveCommand(cli: Cli): Command {
  return commandWith(
    'resolve <id>',
    'Settle an uncertain delivery by your word; --undo takes it back while nothing else has happened',
    'delivery resolve 12 --as accepted --yes',
    'delivery resolve 12 --undo',
  )
    .addOption(new Option('--as <state>', 'what became of it').choices(RESOLUTIONS))
    .option('--undo', 'make it uncertain again, as it was')
    .option('--yes', 'do it; without this only what it would mean is told')
    .action(async (id: string, { as, undo, yes, json }: ResolveOptions) => {
      if ((as === undefined) === (undo === undefined)) {
        throw new PaperboyError('USAGE', 'say what became of it with --as, or --undo');
      }
      await cli.withShared(async ({ db }) => {
        const { resolveDelivery, showDelivery, unresolveDelivery } = await import(
          '@paperboy/store'
        );
        const output = cli.output({ json });
        if (as !== undefined && !yes) {
          const { address, state, subscriberId } = await showDelivery(db, id);
          if (state !== 'uncertain')
            throw new PaperboyError(
              'USAGE',
              `delivery ${id} is ${state}: only an uncertain delivery can be resolved`,
            );
          const fact = { id, subscriberId, state, as, means: MEANS[as], done: false };
          output.fact(fact, `delivery ${id} to ${address} is ${state}; as ${as}: ${MEANS[as]}`);
          throw new PaperboyError('USAGE', 'nothing was changed; with --yes it is');
        }
        const resolved = await notedChange(db, async (tx, note) => {
          const word = await (as === undefined
            ? unresolveDelivery(tx, id)
            : resolveDelivery(tx, id, as));
          const [was, became] = [word.from, word.to];
          await note(as === undefined ? 'undo' : 'resolve', `delivery ${id}`, { was, became });
          return word;
        });
        const means = as === undefined ? 'as it was before' : MEANS[as];
        output.fact({ ...resolved, done: true }, `delivery ${id}: ${resolved.to}, ${means}`);
        if (as === 'ready') output.next('digest run');
        if (as !== undefined) output.next(`delivery resolve ${id} --undo`);
      });
    });
}
