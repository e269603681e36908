import type { Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy topic explain` */
export function explainCommand(cli: Cli): Command {
  return commandWith(
    'explain <slug|query> <paper>',
    'Why a topic sends a paper (an id, key or title) or does not, and what would change it',
    'topic explain interpretability arxiv:2410.13859',
    `topic explain '"mixture of experts" -vision' "Scaling MLPs: A Tale of Inductive Bias"`,
  ).action((topic: string, paper: string, options: CommonOptions) =>
    cli.withShared(async ({ db, settings }) => {
      const { embeddingOptions } = await import('../embedding-options.ts');
      const { explainTopic, explanationLines } = await import('../explain-topic.ts');
      const explained = await explainTopic(db, topic, paper, embeddingOptions(settings));
      cli.output(options).card(explained, explanationLines(explained));
    }),
  );
}
