import {
  CADENCES,
  type Cadence,
  MAIL_FORMATS,
  type MailFormat,
  QUIET_DAYS,
  type QuietDays,
  RECURRING_POLICIES,
  type RecurringPolicy,
  SUBSCRIBER_STATES,
  type SubscriberState,
} from '@paperboy/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { notedChange } from '../noted-change.ts';
import { collect, limitOption, wholeNumber } from '../option-values.ts';
import { eraseCommand } from './subscriber/erase.ts';
import { exportCommand } from './subscriber/export.ts';
import { followCommand } from './subscriber/follow.ts';
import { importCommand } from './subscriber/import.ts';
import { unfollowCommand } from './subscriber/unfollow.ts';

/** `paperboy subscriber …`: who gets digests. */
export function subscriberCommands(cli: Cli): Command {
  return commandGroup('subscriber', 'Who gets digests, of what and when', [
    list(cli),
    add(cli),
    show(cli),
    followCommand(cli),
    unfollowCommand(cli),
    importCommand(cli),
    exportCommand(cli),
    eraseCommand(cli),
  ]);
}

interface ListOptions extends CommonOptions {
  readonly state?: SubscriberState;
  readonly limit: number;
}

function list(cli: Cli): Command {
  return commandWith(
    'list',
    'Subscribers by address',
    'subscriber list',
    'subscriber list --state left',
  )
    .addOption(new Option('--state <state>', 'in this state').choices(SUBSCRIBER_STATES))
    .addOption(limitOption(1_000))
    .action(({ state, limit, json }: ListOptions) =>
      cli.withShared(async ({ db }) => {
        const { listSubscribers } = await import('@paperboy/store');
        const { printSchedule } = await import('../print-schedule.ts');
        cli.output({ json }).table(
          await listSubscribers(db, { limit, ...(state && { state }) }),
          [
            ['ID', ({ id }) => Number(id)],
            ['ADDRESS', ({ address }) => address],
            ['STATE', (row) => row.suppressedFor ?? row.state],
            ['DIGEST', ({ schedule }) => printSchedule(schedule)],
            ['RECURRING', ({ recurringPolicy }) => recurringPolicy],
            ['TOPICS', ({ topics }) => topics.map(({ name }) => name).join(', ')],
          ],
          'No subscribers yet. Add one with: paperboy subscriber add',
        );
      }),
    );
}

interface AddOptions extends CommonOptions {
  readonly topic: readonly string[];
  readonly cadence: Cadence;
  readonly weekdays?: string;
  readonly hour: number;
  readonly zone: string;
  readonly recurring: RecurringPolicy;
  readonly quietDays: QuietDays;
  readonly mailFormat: MailFormat;
  readonly max: number;
}

function add(cli: Cli): Command {
  return commandWith(
    'add <address>',
    'Add somebody who has agreed to be mailed',
    'subscriber add ada@example.com --topic interpretability --topic \'"state space model"\' --zone Europe/London',
    'subscriber add bob@example.com --topic agents --cadence weekly --weekdays fri --hour 16',
  )
    .requiredOption('--topic <slug|query>', 'a topic to follow; repeat for more', collect)
    .addOption(new Option('--cadence <cadence>', 'how often').choices(CADENCES).default('daily'))
    .option('--weekdays <days>', 'such as daily, mon-fri or mon,thu; one day for weekly')
    .addOption(new Option('--hour <hour>', 'local hour, 0 to 23').argParser(hour).default(7))
    .option('--zone <zone>', 'time zone', 'UTC')
    .addOption(
      new Option('--recurring <policy>', 'papers seen before')
        .choices(RECURRING_POLICIES)
        .default('trending'),
    )
    .addOption(
      new Option('--quiet-days <choice>', 'without a paper: no mail, or one line that says so')
        .choices(QUIET_DAYS)
        .default('silence'),
    )
    .addOption(
      new Option('--mail-format <format>', 'HTML with text beside it, or text alone')
        .choices(MAIL_FORMATS)
        .default('html'),
    )
    .addOption(
      new Option('--max <papers>', 'papers shown in one mail').argParser(wholeNumber).default(20),
    )
    .action((address: string, { topic, max, weekdays, json, ...rest }: AddOptions) =>
      cli.withShared(async (shared) => {
        const { addSubscriber, findSubscriber } = await import('@paperboy/store');
        const { declareSubscriber } = await import('../declarations.ts');
        const { sayPast } = await import('../past-line.ts');
        const { printSchedule } = await import('../print-schedule.ts');
        const { db } = shared;
        const declared = await declareSubscriber(db, await shared.links(), {
          ...rest,
          address,
          topics: topic,
          maxPapers: max,
          weekdays: weekdays ?? (rest.cadence === 'weekly' ? 'mon' : 'daily'),
        });
        const id = await notedChange(db, async (tx, note) => {
          const one = await addSubscriber(tx, declared);
          await note('add', `subscriber ${one}`, { became: 'active' });
          return one;
        });
        const added = await findSubscriber(db, id);
        const output = cli.output({ json });
        output.fact(added, `added ${added.address}: ${printSchedule(added.schedule)}`);
        await sayPast(output, db, id);
        output.next(`digest preview --subscriber ${added.address}`);
      }),
    );
}

function show(cli: Cli): Command {
  return commandWith(
    'show <address>',
    'A subscriber with topics and the latest deliveries',
    'subscriber show ada@example.com',
  ).action((address: string, options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { findSubscriber, listDeliveries } = await import('@paperboy/store');
      const { readableAddress } = await import('@paperboy/email');
      const { printSchedule } = await import('../print-schedule.ts');
      const { nextDueAt } = await import('@paperboy/core');
      const subscriber = await findSubscriber(db, address);
      const latest = await listDeliveries(db, { subscriberId: subscriber.id, limit: 10 });
      const nextDigestAt = nextDueAt(subscriber.schedule, cli.context.now());
      const output = cli.output(options);
      output.card({ ...subscriber, nextDigestAt, latestDeliveries: latest }, [
        ['subscriber', subscriber.id],
        ['address', subscriber.address],
        ['reads', readableAddress(subscriber.address) ?? null],
        ['state', subscriber.state],
        ['suppressed', subscriber.suppressedFor],
        ['digest', printSchedule(subscriber.schedule)],
        ['next', subscriber.state === 'active' ? nextDigestAt.toISOString() : null],
        ['recurring', subscriber.recurringPolicy],
        ['quiet days', subscriber.quietDays],
        ['mail format', subscriber.mailFormat],
        ['papers', `at most ${subscriber.maxPapers}`],
        ['topics', topicLines(subscriber.topics)],
      ]);
      if (output.json) return;
      output.say('');
      output.table(
        latest,
        [
          ['DELIVERY', ({ id }) => id],
          ['EDITION', ({ windowEnd }) => windowEnd.toISOString().slice(0, 16)],
          ['STATE', ({ state }) => state],
          ['NEW', ({ newPapers }) => newPapers],
          ['RECURRING', ({ recurringPapers }) => recurringPapers],
        ],
        'No deliveries yet.',
      );
      output.next(`digest preview --subscriber ${subscriber.address}`);
    }),
  );
}

function topicLines(
  topics: readonly { name: string; query: string; strictness: string }[],
): string {
  return topics
    .map(({ name, query, strictness }) => `${name} (${strictness}): ${query}`)
    .join('\n');
}

function hour(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < 0 || number > 23) {
    throw new InvalidArgumentError('Expected an hour from 0 to 23.');
  }
  return number;
}
