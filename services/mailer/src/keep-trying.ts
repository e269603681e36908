import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@paperboy/runtime';

const WAITS_MS = [100, 500, 2_000, 5_000, 10_000, 10_000, 10_000];

/**
 * Writes what cannot be asked for again: the answer of a relay. Repeats while the database is away, for some 40
 * seconds; after that the row's lease has lapsed, and it is told by the relay's records or counts as uncertain.
 */
export async function keepTrying<Result>(write: () => Promise<Result>, log: Log): Promise<Result> {
  for (const waitMs of WAITS_MS) {
    try {
      return await write();
    } catch (error) {
      log.warn('results.unwritten', { error, waitMs });
      await wait(waitMs);
    }
  }
  return write();
}
