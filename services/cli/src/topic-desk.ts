import { type EmbeddingPart, RecentPapers } from '@paperboy/ingest';
import type { Db } from '@paperboy/store';
import { requireQuery } from '@paperboy/topics';
import type { TopicDesk } from '@paperboy/web';
import { resolveTopic, topicOfQuery } from './declarations.ts';
import { keepCatalogueTopic, previewTopic } from './preview-topic.ts';

/** How far back a query is tried while it is written. */
const PREVIEW_DAYS = 7;

/** What the web may ask about topics; it cannot reach the matcher, which is another service's. */
export function topicDesk(db: Db, embeddings?: EmbeddingPart): Omit<TopicDesk, 'matchPast'> {
  const recent = keptWhileUsed(() => new RecentPapers(db, { days: PREVIEW_DAYS, embeddings }));
  return {
    find: (slugOrQuery) => resolveTopic(db, slugOrQuery),
    findQuery: (query) => topicOfQuery(db, query),
    preview: (query) => previewTopic(recent(), requireQuery(query)),
    async add(within, topic) {
      await keepCatalogueTopic(within, topic);
    },
  };
}

/** Papers that nobody tried a query on for so long are forgotten: they take as much memory as all else of the web. */
const IDLE_MS = 15 * 60_000;

function keptWhileUsed<Kept>(make: () => Kept): () => Kept {
  let kept: Kept | undefined;
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      kept = undefined;
    }, IDLE_MS);
    timer.unref();
    kept ??= make();
    return kept;
  };
}
