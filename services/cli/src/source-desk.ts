import { addSource, changeSource, type Db, findSource, type Source } from '@paperboy/store';
import type { SourceDesk } from '@paperboy/web';
import { checkSource } from './declarations.ts';

/** How sources are added and changed, by the command and by the web alike. */
export function sourceDesk(db: Db): SourceDesk {
  return {
    add: async (source) => addSource(db, await checkSource(source)),
    async change(name, change) {
      const source = await findSource(db, name);
      await checkSource(declarationOf({ ...source, ...change }));
      return changeSource(db, source.id, change);
    },
  };
}

function declarationOf({ name, title, url, cron, zone, publishes }: Source) {
  return {
    name,
    title,
    zone,
    ...(url !== null && { url }),
    ...(cron !== null && { cron }),
    ...(publishes !== null && { publishes }),
  };
}
