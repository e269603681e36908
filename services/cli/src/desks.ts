import type { EmbeddingPart } from '@paperboy/ingest';
import type { Db } from '@paperboy/store';
import type { WebDeps } from '@paperboy/web';
import { sourceDesk } from './source-desk.ts';
import { topicDesk } from './topic-desk.ts';

/** What the web asks of parts that it cannot reach: for whoever starts it. `matchPast` wakes the matcher. */
export function desks(
  db: Db,
  matchPast: () => Promise<unknown>,
  embeddings?: EmbeddingPart,
): Pick<WebDeps, 'topics' | 'sources'> {
  return { topics: topicDesk(db, matchPast, embeddings), sources: sourceDesk };
}
