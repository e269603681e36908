import { setTimeout as sleep } from 'node:timers/promises';
import { asPaperboyError, type PaperboyError } from '@paperboy/core';
import { checkDatabase, type Store } from '@paperboy/store';

const EVERY_MS = 2_000;
/** A busy machine may miss one answer; a server that is gone misses all. */
const MISSES = 2;

/** Resolves when `stopping` is aborted, or with the failure when the database has gone away for good. */
export async function watchDatabase(
  store: Store,
  stopping: AbortSignal,
): Promise<PaperboyError | undefined> {
  for (let misses = 0; !stopping.aborted; ) {
    try {
      await checkDatabase(store);
      misses = 0;
    } catch (thrown) {
      misses += 1;
      if (misses >= MISSES) return asPaperboyError(thrown);
    }
    await sleep(EVERY_MS, undefined, { signal: stopping }).catch(() => {});
  }
  return undefined;
}
