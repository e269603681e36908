import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';

/** `paperboy subscriber unfollow` */
export function unfollowCommand(cli: Cli): Command {
  return commandWith(
    'unfollow <address> <slug|query|name>',
    'Let a subscriber follow a topic no more',
    'subscriber unfollow ada@example.com interpretability',
  ).action((address: string, topic: string, options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { unfollowTopic } = await import('../../following.ts');
      const { subscriber, followed } = await unfollowTopic(db, address, topic);
      const output = cli.output(options);
      output.fact(
        { address: subscriber.address, ...followed },
        `${subscriber.address} no longer follows ${followed.name}: ${followed.query}`,
      );
      output.next(`subscriber show ${subscriber.address}`);
    }),
  );
}
