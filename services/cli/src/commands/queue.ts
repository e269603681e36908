import { JOB_STATES, type JobState, QUEUE_NAMES, type QueueName } from '@paperboy/core';
import { type Command, Option } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { notedChange } from '../noted-change.ts';
import { limitOption } from '../option-values.ts';
import { drainCommand } from './queue/drain.ts';
import { pauseCommand, resumeCommand } from './queue/pause.ts';

/** `paperboy queue …`: the work that waits, runs or failed. */
export function queueCommands(cli: Cli): Command {
  return commandGroup('queue', 'The jobs that wait, run or failed', [
    list(cli),
    show(cli),
    retry(cli),
    pauseCommand(cli),
    resumeCommand(cli),
    drainCommand(cli),
  ]);
}

interface ListOptions extends CommonOptions {
  readonly state?: JobState;
  readonly queue?: QueueName;
  readonly limit: number;
}

function list(cli: Cli): Command {
  return commandWith(
    'list',
    'Jobs counted by queue and state; with --state the jobs themselves',
    'queue list',
    'queue list --state failed',
  )
    .addOption(new Option('--state <state>', 'list the jobs in this state').choices(JOB_STATES))
    .addOption(new Option('--queue <queue>', 'of this queue alone').choices(QUEUE_NAMES))
    .addOption(limitOption())
    .action(({ state, queue, limit, json }: ListOptions) =>
      cli.withShared(async (shared) => {
        const queues = await shared.queues();
        const output = cli.output({ json });
        const names = queue ? [queue] : QUEUE_NAMES;
        if (state) {
          const jobs = await Promise.all(
            names.map((name) => queues.listJobs(name, state, { limit })),
          );
          output.table(
            jobs.flat(),
            [
              ['JOB', ({ id }) => id],
              ['WORK', ({ job }) => job],
              ['PAYLOAD', ({ payload }) => JSON.stringify(payload)],
              ['ATTEMPT', ({ attempt, attempts }) => `${attempt}/${attempts}`],
              ['ADDED', ({ addedAt }) => addedAt.toISOString()],
              ['REASON', ({ failedReason }) => failedReason],
            ],
            `No ${state} jobs.`,
          );
          return;
        }
        const counts = await queues.queueCounts();
        output.table(
          counts.filter((count) => names.some((name) => name === count.queue)),
          [
            ['QUEUE', (count) => count.queue],
            ['WAITING', ({ waiting }) => waiting],
            ['ACTIVE', ({ active }) => active],
            ['DELAYED', ({ delayed }) => delayed],
            ['FAILED', ({ failed }) => failed],
            ['COMPLETED', ({ completed }) => completed],
            ['WORKERS', ({ workers }) => workers],
            ['', ({ paused }) => (paused ? 'paused' : '')],
          ],
          'No queues.',
        );
        if (counts.some(({ failed }) => failed > 0)) output.next('queue list --state failed');
      }),
    );
}

function show(cli: Cli): Command {
  return commandWith(
    'show <job>',
    'A job with its payload and last failure',
    'queue show ingest/12',
  ).action((id: string, options: CommonOptions) =>
    cli.withShared(async (shared) => {
      const queues = await shared.queues();
      const job = await queues.showJob(id);
      const output = cli.output(options);
      output.card(job, [
        ['job', job.id],
        ['work', job.job],
        ['payload', JSON.stringify(job.payload)],
        ['state', job.state],
        ['attempt', `${job.attempt} of ${job.attempts}`],
        ['added', job.addedAt.toISOString()],
        ['ran', job.ranAt?.toISOString()],
        ['took', job.tookMs === undefined ? undefined : `${job.tookMs} ms`],
        ['reason', job.failedReason],
      ]);
      if (job.state === 'failed') output.next(`queue retry ${job.id}`);
    }),
  );
}

interface RetryOptions extends CommonOptions {
  readonly failed?: QueueName;
}

function retry(cli: Cli): Command {
  return commandWith(
    'retry [job]',
    'Run a failed job again, or all failed jobs of a queue',
    'queue retry ingest/12',
    'queue retry --failed mailer',
  )
    .addOption(new Option('--failed <queue>', 'all failed jobs of this queue').choices(QUEUE_NAMES))
    .action(async (id: string | undefined, { failed, json }: RetryOptions) => {
      const { PaperboyError } = await import('@paperboy/core');
      if ((id === undefined) === (failed === undefined)) {
        throw new PaperboyError('USAGE', 'name either a job or a queue with --failed');
      }
      await cli.withShared(async (shared) => {
        const queues = await shared.queues();
        const retried = await notedChange(shared.db, async (_, note) => {
          await note('retry', id === undefined ? `queue ${failed}` : `job ${id}`);
          if (id !== undefined) await queues.retryJob(id);
          return failed === undefined ? 1 : queues.retryFailed(failed);
        });
        const output = cli.output({ json });
        output.fact({ retried, job: id ?? null, queue: failed ?? null }, `retried ${retried}`);
      });
    });
}
