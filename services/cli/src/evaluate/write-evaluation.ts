import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { PaperboyError } from '@paperboy/core';
import { bandOf, describeReason } from '@paperboy/topics';
import { fileIn } from '../page-files.ts';
import type { Progress } from '../progress.ts';
import { type EvaluatedPair, evaluateTopics, type SentPair } from './evaluate-topics.ts';
import type { EvaluationSet } from './evaluation-set.ts';

export interface EvaluationSummary {
  readonly papers: number;
  readonly topics: number;
  readonly days: number;
  readonly topicDays: number;
  readonly pairsSent: number;
  readonly pairsRanked: number;
  /** Topics and days on which nothing was sent. */
  readonly quietTopicDays: number;
}

/** Evaluates a set and writes lines {topic_id, paper_id, score}, with reasons for what is sent. Throws USAGE where a file cannot be written. */
export async function writeEvaluation(
  set: EvaluationSet,
  folder: string,
  files: { readonly sent: string; readonly ranking: string },
  progress: Progress,
): Promise<EvaluationSummary> {
  if (fileIn(folder, files.sent).path === fileIn(folder, files.ranking).path)
    throw new PaperboyError('USAGE', '--sent and --ranking name the same file');
  const [sent, ranking] = [openLines(folder, files.sent), openLines(folder, files.ranking)];
  const counts = { days: 0, pairsSent: 0, pairsRanked: 0, quietTopicDays: 0 };
  for (const day of evaluateTopics(set)) {
    await Promise.all([sent.write(day.sent.map(sentRow)), ranking.write(day.ranking.map(row))]);
    counts.days++;
    counts.pairsSent += day.sent.length;
    counts.pairsRanked += day.ranking.length;
    const served = new Set(day.sent.map(({ topicId }) => topicId)).size;
    counts.quietTopicDays += set.topics.length - served;
    progress.show(`${day.day}: ${day.papers} papers, ${day.sent.length} sent`);
  }
  await Promise.all([sent.close(), ranking.close()]);
  progress.clear();
  const [papers, topics] = [set.papers.length, set.topics.length];
  return { papers, topics, topicDays: topics * counts.days, ...counts };
}

function openLines(folder: string, name: string) {
  const stream = createWriteStream(fileIn(folder, name).path);
  // Kept as a value until somebody waits for it: a failure must not end the process.
  const done = finished(stream).then(
    () => undefined,
    (cause: unknown) => new PaperboyError('USAGE', `${name} cannot be written`, { cause }),
  );
  const throwFailure = async (step: Promise<unknown>) => {
    const failure = await Promise.race([step, done]);
    if (failure instanceof PaperboyError) throw failure;
  };
  return {
    write: (rows: readonly object[]) =>
      throwFailure(
        new Promise((resolve) =>
          stream.write(rows.map((one) => `${JSON.stringify(one)}\n`).join(''), () =>
            resolve(undefined),
          ),
        ),
      ),
    close: () => {
      stream.end();
      return throwFailure(done);
    },
  };
}

function row({ topicId, paperId, score }: EvaluatedPair) {
  return { topic_id: topicId, paper_id: paperId, score };
}

/** What is sent says why, as its reader would see it. */
function sentRow(pair: SentPair) {
  return { ...row(pair), band: bandOf(pair.score), reasons: pair.reasons.map(describeReason) };
}
