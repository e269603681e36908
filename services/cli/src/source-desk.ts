import {
  addSource,
  changeSource,
  type Db,
  findSource,
  type Source,
  type SourceDeclaration,
} from '@paperboy/store';
import type { SourceDesk } from '@paperboy/web';
import { checkSource } from './declarations.ts';
import { notedChange } from './noted-change.ts';

/** How sources are added and changed, by the command and by the web alike. */
export const sourceDesk: SourceDesk = {
  add: async (db, source) => addSource(db, await checkSource(source)),
  async change(db, name, change) {
    const source = await findSource(db, name);
    await checkSource(declarationOf({ ...source, ...change }));
    return changeSource(db, source.id, change);
  },
};

/** Adds a source that was checked, by the command. */
export function addByCommand(db: Db, source: SourceDeclaration): Promise<Source> {
  return notedChange(db, async (tx, note) => {
    await note('add', `source ${source.name}`);
    return addSource(tx, source);
  });
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
