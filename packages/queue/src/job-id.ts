import { PaperboyError, QUEUE_NAMES, type QueueName } from '@paperboy/core';

/** A job's id as people and logs see it: BullMQ counts per queue, so the queue stands before it (`ingest/12`). */
export function jobIdOf(queue: QueueName, id: string | undefined): string {
  return `${queue}/${id ?? ''}`;
}

/** Queue and BullMQ's id of `ingest/12`. Throws NOT_FOUND on anything else. */
export function readJobId(jobId: string): { readonly queue: QueueName; readonly id: string } {
  const slash = jobId.indexOf('/');
  const queue = QUEUE_NAMES.find((name) => name === jobId.slice(0, slash));
  const id = jobId.slice(slash + 1);
  if (slash < 0 || queue === undefined || id === '') {
    throw new PaperboyError('NOT_FOUND', `no job ${jobId.slice(0, 80)}; ids look like ingest/12`);
  }
  return { queue, id };
}
