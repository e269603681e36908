import type { Db } from '@paperboy/store';
import { requireQuery } from '@paperboy/topics';
import type { TopicDesk } from '@paperboy/web';
import { resolveTopic } from './declarations.ts';
import { matchPast, previewTopic } from './preview-topic.ts';

/** How far back a query is tried while it is written. */
const PREVIEW_DAYS = 7;

/** What the web may ask about topics; it cannot reach the matcher, which is another service's. */
export function topicDesk(db: Db): TopicDesk {
  return {
    find: (slugOrQuery) => resolveTopic(db, slugOrQuery),
    async preview(query) {
      const { wider, ...preview } = await previewTopic(db, requireQuery(query), PREVIEW_DAYS);
      return {
        ...preview,
        ...(wider && {
          wider: [...wider.acronyms.map(({ acronym }) => acronym), ...wider.related],
        }),
      };
    },
    matchPast: async (topics) => {
      await matchPast(
        db,
        topics.map(({ topicId, query }) => ({ id: topicId, query })),
      );
    },
  };
}
