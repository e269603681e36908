import { PAUSE_REASONS, PaperboyError, SUPPRESSION_REASONS } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { notedChange } from '../noted-change.ts';
import { limitOption } from '../option-values.ts';
import type { Shared } from '../shared.ts';

/** `paperboy suppression …`: addresses that are not mailed, and the operator's word on them. */
export function suppressionCommands(cli: Cli): Command {
  return commandGroup('suppression', 'Addresses that are not mailed', [
    list(cli),
    add(cli),
    remove(cli),
  ]);
}

interface ListOptions extends CommonOptions {
  readonly reason?: string;
  readonly limit: number;
}

function list(cli: Cli): Command {
  return commandWith(
    'list',
    'Who is not mailed and why: readers paused by bounces, then suppressed addresses, newest first',
    'suppression list',
    'suppression list --reason complaint',
  )
    .addOption(
      new Option('--reason <reason>', 'for this reason').choices([
        ...SUPPRESSION_REASONS,
        ...PAUSE_REASONS,
      ]),
    )
    .addOption(limitOption())
    .action(({ reason, limit, json }: ListOptions) =>
      cli.withShared(async ({ db }) => {
        const { listSuppressions } = await import('@paperboy/store');
        cli.output({ json }).table(
          await listSuppressions(db, { limit, ...(reason && { reason }) }),
          [
            ['ADDRESS', ({ address, hash }) => address ?? `nobody known (${hash})`],
            ['REASON', (row) => row.reason],
            ['SINCE', ({ since }) => since?.toISOString().slice(0, 16)],
            ['TRIED AGAIN', ({ probeAt }) => probeAt?.toISOString().slice(0, 10)],
          ],
          'Everybody may be mailed.',
        );
      }),
    );
}

function add(cli: Cli): Command {
  return commandWith(
    'add <address>',
    'Never mail an address, whether anybody subscribed it or not',
    'suppression add ada@example.com',
  ).action((address: string, options: CommonOptions) =>
    cli.withShared(async (shared) => {
      const { suppress } = await import('@paperboy/store');
      const hash = await hashOf(shared, address);
      await notedChange(shared.db, async (tx, note) => {
        await suppress(tx, hash, 'operator');
        await note('suppress', `address ${shortHash(hash)}`);
      });
      const output = cli.output(options);
      output.fact({ address, reason: 'operator' }, `${address} is not mailed any more`);
      output.next(`suppression remove ${address}`);
    }),
  );
}

function remove(cli: Cli): Command {
  return commandWith(
    'remove <address>',
    'Take back that an address is not mailed, whatever bounces and complaints said',
    'suppression remove ada@example.com',
  ).action((address: string, options: CommonOptions) =>
    cli.withShared(async (shared) => {
      const { liftSuppression } = await import('@paperboy/store');
      const hash = await hashOf(shared, address);
      const { ended, ...lifted } = await notedChange(shared.db, async (tx, note) => {
        const found = await liftSuppression(tx, hash);
        const was = [found.suppression, found.pause].filter(Boolean).join(' and ');
        await note('lift suppression', `address ${shortHash(hash)}`, { was });
        return { ...found, ended: was };
      });
      const now = lifted.isMailed
        ? 'digests go there again'
        : 'nobody is mailed there: they left, or never subscribed';
      cli.output(options).fact({ address, ...lifted }, `${address}: ended ${ended}; ${now}`);
    }),
  );
}

/** As `suppression list` names an address that was erased. */
const shortHash = (hash: Buffer) => hash.toString('hex').slice(0, 12);

async function hashOf(shared: Shared, text: string): Promise<Buffer> {
  const { parseAddress } = await import('@paperboy/email');
  const read = parseAddress(text);
  if ('problem' in read) {
    throw new PaperboyError('ADDRESS_INVALID', `${text}: ${read.problem}`);
  }
  return (await shared.links()).addressHash(read.address);
}
