import { type Strictness, THRESHOLDS } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

interface FollowOptions extends CommonOptions {
  readonly name?: string;
  readonly strictness?: Strictness;
}

/** `paperboy subscriber follow` */
export function followCommand(cli: Cli): Command {
  return commandWith(
    'follow <address> <slug|query>',
    'Let a subscriber follow a topic, or change how they follow it',
    'subscriber follow ada@example.com interpretability --strictness strict',
    `subscriber follow ada@example.com '"state space model" OR SSM' --name "State spaces"`,
  )
    .addOption(
      new Option(
        '--strictness <strictness>',
        'what is sent without a word of the topic in the title',
      ).choices(Object.keys(THRESHOLDS)),
    )
    .option('--name <name>', 'what the subscriber calls it')
    .action((address: string, topic: string, { json, ...how }: FollowOptions) =>
      cli.withShared(async ({ db }) => {
        const { followTopic } = await import('../../following.ts');
        const { sayPast } = await import('../../past-line.ts');
        const { subscriber, followed } = await followTopic(db, address, topic, how);
        const output = cli.output({ json });
        const { name, strictness, query } = followed;
        output.fact(
          { address: subscriber.address, ...followed },
          `${subscriber.address} follows ${name} (${strictness}): ${query}`,
        );
        await sayPast(output, db, subscriber.id);
        output.next(`digest preview --subscriber ${subscriber.address}`);
      }),
    );
}
