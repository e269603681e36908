import type { Db } from '@paperboy/store';
import { requireQuery } from '@paperboy/topics';
import type { TopicDesk } from '@paperboy/web';
import { resolveTopic } from './declarations.ts';
import { keepCatalogueTopic, previewTopic } from './preview-topic.ts';

/** How far back a query is tried while it is written. */
const PREVIEW_DAYS = 7;

/** What the web may ask about topics; it cannot reach the matcher, which is another service's and woken by `matchPast`. */
export function topicDesk(db: Db, matchPast: () => Promise<unknown>): TopicDesk {
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
    async add(topic) {
      await keepCatalogueTopic(db, topic);
      await matchPast();
    },
    matchPast: async () => {
      await matchPast();
    },
  };
}
