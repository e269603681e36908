import { DELIVERY_STATES, type DeliveryState } from '@paperboy/core';
import type { DeliveryDetail } from '@paperboy/store';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { limitOption } from '../option-values.ts';
import { resolveCommand } from './delivery/resolve.ts';

/** `paperboy delivery …`: the ledger of what was owed to whom and what became of it. */
export function deliveryCommands(cli: Cli): Command {
  return commandGroup('delivery', 'Digests on their way to addresses', [
    list(cli),
    show(cli),
    resolveCommand(cli),
  ]);
}

interface ListOptions extends CommonOptions {
  readonly state?: DeliveryState;
  readonly subscriber?: string;
  readonly domain?: string;
  readonly edition?: string;
  readonly limit: number;
}

function list(cli: Cli): Command {
  return commandWith(
    'list',
    'Deliveries, newest first',
    'delivery list --state uncertain',
    'delivery list --subscriber ada@example.com',
    'delivery list --domain example.com --edition 12',
  )
    .addOption(new Option('--state <state>', 'in this state').choices(DELIVERY_STATES))
    .option('--subscriber <address>', 'to this subscriber')
    .option('--domain <domain>', 'to addresses of this domain')
    .option('--edition <id>', 'of this edition', wholeId)
    .addOption(limitOption())
    .action(({ state, subscriber, domain, edition, limit, json }: ListOptions) =>
      cli.withShared(async ({ db }) => {
        const { findSubscriber, listDeliveries } = await import('@paperboy/store');
        const { idOf } = await import('@paperboy/core');
        const subscriberId = subscriber && (await findSubscriber(db, subscriber)).id;
        const deliveries = await listDeliveries(db, {
          limit,
          ...(state && { state }),
          ...(subscriberId && { subscriberId }),
          ...(domain && { domain: domain.toLowerCase() }),
          ...(edition && { editionId: idOf('edition', edition) }),
        });
        const output = cli.output({ json });
        output.table(
          deliveries,
          [
            ['DELIVERY', ({ id }) => id],
            ['EDITION', ({ editionId }) => editionId],
            ['', ({ cadence, windowEnd }) => `${cadence} ${minute(windowEnd)}`],
            ['SUBSCRIBER', ({ address }) => address],
            ['STATE', (delivery) => delivery.state],
            ['NEW', ({ newPapers }) => newPapers],
            ['RECURRING', ({ recurringPapers }) => recurringPapers],
            ['REPLY', ({ smtpCode, reply }) => reply ?? smtpCode],
          ],
          'No deliveries.',
        );
        if (deliveries.length === limit)
          output.say(`These are the newest ${limit}; --limit ${limit * 10} shows more.`);
      }),
    );
}

function show(cli: Cli): Command {
  return commandWith(
    'show <id>',
    'A delivery with its papers and everything that happened to it',
    'delivery show 12',
  ).action((id: string, options: CommonOptions) =>
    cli.withShared(async ({ db, settings }) => {
      const { showDelivery } = await import('@paperboy/store');
      const { tellStep } = await import('@paperboy/core');
      const delivery = await showDelivery(db, id);
      const output = cli.output(options);
      output.card(delivery, [
        ['delivery', delivery.id],
        ['subscriber', delivery.address],
        ['edition', `${delivery.editionId}, ${delivery.cadence} ${minute(delivery.windowEnd)}`],
        ['state', delivery.state],
        ['attempt', delivery.attempt],
        ['next', nextOf(delivery, settings.uncertainPolicy)],
        ['accepted', delivery.acceptedAt?.toISOString()],
        ['sent again', delivery.resentAt?.toISOString()],
        ['relay id', delivery.relayId],
        ['reply', delivery.reply ?? delivery.smtpCode],
        ['message', delivery.messageId],
      ]);
      if (output.json) return;
      output.say('');
      output.table(
        delivery.papers,
        [
          ['PAPER', ({ paperId }) => paperId],
          ['SECTION', ({ section }) => section],
          ['TITLE', ({ title }) => title],
        ],
        'No papers.',
      );
      output.say('');
      output.table(
        delivery.events,
        [
          ['AT', ({ happenedAt }) => happenedAt.toISOString()],
          ['EVENT', ({ kind }) => kind],
          ['DETAIL', tellStep],
        ],
        'Nothing happened yet.',
      );
      if (delivery.state === 'uncertain') {
        output.next(`delivery resolve ${delivery.id} --as accepted --yes`);
      }
    }),
  );
}

/** What happens to it by itself, and when; nothing for one at its end. */
function nextOf(
  { state, nextAt, resentAt }: Pick<DeliveryDetail, 'state' | 'nextAt' | 'resentAt'>,
  policy: 'resend' | 'hold',
): string | undefined {
  if (state === 'ready' || state === 'deferred') return nextAt.toISOString();
  if (state !== 'uncertain') return undefined;
  return policy === 'resend' && resentAt === null
    ? `${nextAt.toISOString()}, sent once more unless the answer is known by then`
    : 'nothing by itself: it waits for your word';
}

function wholeId(text: string): string {
  if (/^[1-9]\d{0,18}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the number of an edition.');
}

const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
