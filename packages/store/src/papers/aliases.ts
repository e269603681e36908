import { PaperboyError, type PaperId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** The paper that an id stands for today: itself, or the one it was merged into. Throws NOT_FOUND. */
export async function currentPaper(db: Db, id: PaperId): Promise<PaperId> {
  const found = await db
    .selectFrom('paper')
    .where('id', '=', id)
    .select((paper) => paper.fn.coalesce('merged_into', 'id').as('id'))
    .executeTakeFirst();
  if (!found) throw new PaperboyError('NOT_FOUND', `no paper ${id}`);
  return found.id;
}

/** Which of these papers were merged into which; almost always none. */
export async function mergedAmong(
  db: Db,
  ids: readonly PaperId[],
): Promise<ReadonlyMap<PaperId, PaperId>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: PaperId; into: PaperId }>`
    select id, merged_into as into from paper
    where merged_into is not null and id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.rows.map(({ id, into }) => [id, into]));
}

/** The ids that redirect to a paper. */
export async function aliasesOf(db: Db, id: PaperId): Promise<PaperId[]> {
  const rows = await db
    .selectFrom('paper')
    .where('merged_into', '=', id)
    .select('id')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}
