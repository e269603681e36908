import { setTimeout as sleep } from 'node:timers/promises';
import { PaperboyError } from '@paperboy/core';
import type { SharedPostgres } from '@paperboy/runtime';

const EVERY_MS = 1_000;

/**
 * Resolves when `stopping` is aborted; throws POSTGRES_UNAVAILABLE when the embedded server has ended. Its process is
 * looked at and no answer waited for: on a busy machine one may take longer than any limit, and comes.
 */
export async function watchServer(
  postgres: Pick<SharedPostgres, 'isRunning'>,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    if (!postgres.isRunning()) {
      throw new PaperboyError('POSTGRES_UNAVAILABLE', 'the embedded server has ended');
    }
    await sleep(EVERY_MS, undefined, { signal: stopping }).catch(() => {});
  }
}
