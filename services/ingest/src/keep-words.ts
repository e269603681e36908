import type { Log } from '@paperboy/runtime';
import { type Db, gatherWords } from '@paperboy/store';

export interface WordsKeeper {
  /** Says that pages may have brought papers. Returns at once; what comes while it works is taken up after it. */
  wake(): void;
  /** Ends after the page under way. */
  stop(): Promise<void>;
}

/**
 * Keeps the search's words in step with the papers, beside the jobs: no page waits for it, and a failure costs nothing,
 * as the rows say what is missing and the next wake finds it.
 */
export function keepWords(db: Db, log: Pick<Log, 'warn'>): WordsKeeper {
  const stopping = new AbortController();
  let isWanted = false;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (isWanted && !stopping.signal.aborted) {
      isWanted = false;
      await gatherWords(db, stopping.signal).catch((error: unknown) =>
        log.warn('words.gathering-failed', { error }),
      );
    }
    working = undefined;
  }

  return {
    wake() {
      isWanted = true;
      working ??= work();
    },
    async stop() {
      stopping.abort();
      await working;
    },
  };
}
