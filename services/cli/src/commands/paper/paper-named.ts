import { idOf, keysOf, PaperboyError, type PaperId, parseKey } from '@paperboy/core';
import { currentPaper, type Db, findPaperByKey } from '@paperboy/store';

/** The paper that a row id, a key, an address or a title stands for today. Throws NOT_FOUND. */
export async function paperNamed(db: Db, name: string): Promise<PaperId> {
  if (/^[1-9]\d{0,17}$/.test(name)) return currentPaper(db, idOf('paper', name));
  const byTitle = keysOf({ title: name, ids: {} })[0];
  const key = parseKey(name) ?? byTitle;
  const found = key && (await findPaperByKey(db, key));
  if (!found) throw new PaperboyError('NOT_FOUND', `no paper "${name}" has been seen`);
  return found;
}
