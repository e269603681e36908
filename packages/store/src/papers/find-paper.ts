import type { PaperId, PaperKey } from '@paperboy/core';
import type { Db } from '../connection/database.ts';

/** The paper that a key names; undefined when none has been seen. */
export async function findPaperByKey(db: Db, key: PaperKey): Promise<PaperId | undefined> {
  const found = await db
    .selectFrom('paper_key')
    .select('paper_id')
    .where('key', '=', key)
    .executeTakeFirst();
  return found?.paper_id;
}
