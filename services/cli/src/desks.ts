import type { EmbeddingPart } from '@paperboy/ingest';
import type { Db } from '@paperboy/store';
import type { WebDeps } from '@paperboy/web';
import { once } from './once.ts';

/**
 * What the web asks of parts that it cannot reach: for whoever starts it. `matchPast` wakes the matcher. They are loaded
 * when somebody asks, as they bring the readers and the matcher along.
 */
export function desks(
  db: Db,
  matchPast: () => Promise<unknown>,
  embeddings?: EmbeddingPart,
): Pick<WebDeps, 'topics' | 'sources'> {
  const topics = once(async () => {
    const { topicDesk } = await import('./topic-desk.ts');
    return topicDesk(db, embeddings);
  });
  const sources = once(async () => (await import('./source-desk.ts')).sourceDesk);
  return {
    topics: {
      find: async (slugOrQuery) => (await topics()).find(slugOrQuery),
      findQuery: async (query) => (await topics()).findQuery(query),
      preview: async (query) => (await topics()).preview(query),
      add: async (within, topic) => (await topics()).add(within, topic),
      matchPast: async () => void (await matchPast()),
    },
    sources: {
      add: async (within, source) => (await sources()).add(within, source),
      change: async (within, name, change) => (await sources()).change(within, name, change),
    },
  };
}
