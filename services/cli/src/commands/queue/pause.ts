import { QUEUE_NAMES, type QueueName } from '@paperboy/core';
import { Argument, type Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { notedChange } from '../../noted-change.ts';

/** `paperboy queue pause` */
export function pauseCommand(cli: Cli): Command {
  return turning(cli, {
    word: 'pause',
    about:
      'Let a queue give out no jobs, in every process, until it is resumed; running ones go on',
    said: (queue) => `${queue} gives out no jobs; running ones go on`,
    next: (queue) => `queue resume ${queue}`,
  });
}

/** `paperboy queue resume` */
export function resumeCommand(cli: Cli): Command {
  return turning(cli, {
    word: 'resume',
    about: 'Let a paused queue give out jobs again',
    said: (queue) => `${queue} gives out jobs again`,
    next: () => 'queue list',
  });
}

interface Turn {
  readonly word: 'pause' | 'resume';
  readonly about: string;
  readonly said: (queue: QueueName) => string;
  readonly next: (queue: QueueName) => string;
}

function turning(cli: Cli, { word, about, said, next }: Turn): Command {
  return commandWith(word, about, `queue ${word} mailer`)
    .addArgument(queueArgument())
    .action((queue: QueueName, options: CommonOptions) =>
      cli.withShared(async (shared) => {
        const queues = await shared.queues();
        await notedChange(shared.db, async (_, note) => {
          await note(word, `queue ${queue}`);
          await queues[word](queue);
        });
        const output = cli.output(options);
        output.fact({ queue, paused: word === 'pause' }, said(queue));
        output.next(next(queue));
      }),
    );
}

/** Which queue; others are wrong usage. */
export function queueArgument(): Argument {
  return new Argument('<queue>', 'which queue').choices(QUEUE_NAMES);
}
