import { type Db, pastProgress } from '@paperboy/store';
import { type Waiting, waitFor } from './wait.ts';

export interface AwaitPastParts extends Waiting {
  readonly db: Db;
  readonly show: (step: string) => void;
}

/** Waits for new topics to be matched with past papers, so that pages and digests after it find the same on every run. */
export async function awaitPast(parts: AwaitPastParts, isMatching: boolean): Promise<void> {
  if (!isMatching) return;
  await waitFor(parts, 'past papers', async () => {
    const { topics, done, papers } = await pastProgress(parts.db);
    if (topics === 0) return { done: true };
    const state = `${topics} new topics, ${done} of ${papers} past papers`;
    parts.show(state);
    return { state };
  });
}
