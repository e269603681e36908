import type { Command } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy evaluate …`: how good the choice of papers is, on a set of your own. */
export function evaluateCommands(cli: Cli): Command {
  return commandGroup('evaluate', 'How good the choice of papers is, on papers of your own', [
    topics(cli),
  ]);
}

interface EvaluateOptions extends CommonOptions {
  readonly papers: string;
  readonly topics: string;
  readonly likes?: string;
  readonly sent: string;
  readonly ranking: string;
}

function topics(cli: Cli): Command {
  return commandWith(
    'topics',
    'Walk through days of papers and write what each topic would have been sent; no database',
    'evaluate topics --papers papers.jsonl --topics topics.jsonl --sent sent.jsonl --ranking ranking.jsonl',
  )
    .requiredOption('--papers <file>', 'lines {id, day, split: train | test, title, abstract}')
    .requiredOption('--topics <file>', 'lines {topic_id, query}')
    .option('--likes <file>', 'lines {topic_id, liked, disliked} with paper ids')
    .requiredOption('--sent <file>', 'where to write what is sent, at most 10 a topic and day')
    .requiredOption('--ranking <file>', 'where to write every paper with a score above 0')
    .action(async ({ papers, topics, likes, sent, ranking, json }: EvaluateOptions) => {
      const { readEvaluationSet } = await import('../evaluate/evaluation-set.ts');
      const { writeEvaluation } = await import('../evaluate/write-evaluation.ts');
      const { workingFolder } = await import('../working-folder.ts');
      const { progressFor } = await import('../progress.ts');
      const { env } = cli.context;
      const folder = workingFolder(env);
      const files = { papers, topics, ...(likes !== undefined && { likes }) };
      const set = await readEvaluationSet(folder, files);
      const progress = progressFor(cli.context, { json });
      const summary = await writeEvaluation(set, folder, { sent, ranking }, progress);
      const output = cli.output({ json });
      const { days, pairsSent, quietTopicDays, topicDays } = summary;
      output.fact(
        summary,
        `${days} days, ${summary.topics} topics: ${pairsSent} papers sent, nothing on ${quietTopicDays} of ${topicDays} topic days`,
      );
    });
}
