import type { Cadence, EditionId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

/** An edition as the planner holds it. */
export interface OpenEdition {
  readonly id: EditionId;
  /** Pages up to this number are in it. */
  readonly throughNo: string;
  /** False when an earlier plan made it: then only subscribers who missed that plan are added. */
  readonly fresh: boolean;
}

/** The highest number a page that is ready for digests has; `0` before the first. */
export async function lastReadyNo(db: Db): Promise<string> {
  const { no } = await db
    .selectFrom('listing_page')
    .select(sql<string>`coalesce(max(ready_no), 0)`.as('no'))
    .executeTakeFirstOrThrow();
  return no;
}

/** Makes the edition of a cadence and hour, or gives the one that is there, open again. */
export async function openEdition(
  tx: Tx,
  edition: { cadence: Cadence; windowEnd: Date; throughNo: string; notes: readonly string[] },
): Promise<OpenEdition> {
  const { cadence, windowEnd, throughNo, notes } = edition;
  const made = await tx
    .insertInto('edition')
    .values({ cadence, window_end: windowEnd, through_no: throughNo, notes: [...notes] })
    .onConflict((conflict) => conflict.columns(['cadence', 'window_end']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return { id: made.id, throughNo, fresh: true };
  const found = await tx
    .updateTable('edition')
    .where('cadence', '=', cadence)
    .where('window_end', '=', windowEnd)
    .set({ state: 'planned' })
    .returning(['id', 'through_no as throughNo'])
    .executeTakeFirstOrThrow();
  return { ...found, fresh: false };
}

/** Whether the edition of a cadence and hour has been planned. */
export async function hasEdition(
  db: Db,
  { cadence, windowEnd }: { readonly cadence: Cadence; readonly windowEnd: Date },
): Promise<boolean> {
  const found = await db
    .selectFrom('edition')
    .where('cadence', '=', cadence)
    .where('window_end', '=', windowEnd)
    .select('id')
    .executeTakeFirst();
  return found !== undefined;
}

/** Closes editions of which nothing is left to send; how many. */
export async function finishEditions(db: Db): Promise<number> {
  const finished = await db
    .updateTable('edition')
    .where('state', 'in', ['planned', 'rendered'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('delivery')
            .whereRef('edition_id', '=', 'edition.id')
            .where('delivery.state', 'in', ['ready', 'deferred', 'sending']),
        ),
      ),
    )
    .set({ state: 'done' })
    .executeTakeFirst();
  return Number(finished.numUpdatedRows);
}

/** Editions with deliveries that are due now and how many each has: what a lost queue forgot. */
export async function editionsWithDueDeliveries(
  db: Db,
): Promise<{ editionId: EditionId; due: number }[]> {
  const rows = await db
    .selectFrom('delivery')
    .where('state', 'in', ['ready', 'deferred'])
    .where('next_at', '<=', sql<Date>`now()`)
    .groupBy('edition_id')
    .orderBy('edition_id')
    .select(['edition_id as editionId', (row) => row.fn.countAll<string>().as('due')])
    .execute();
  return rows.map(({ editionId, due }) => ({ editionId, due: Number(due) }));
}

/** Editions, newest first, with their deliveries counted by state. */
export async function listEditions(db: Db, { limit = 50 }: { readonly limit?: number } = {}) {
  return db
    .selectFrom('edition')
    .select(['id', 'cadence', 'window_end as windowEnd', 'state', 'notes'])
    .select(['planned_at as plannedAt', 'through_no as throughNo'])
    .select(
      sql<Readonly<Record<string, number>>>`(
        select coalesce(jsonb_object_agg(state, n), '{}') from (
          select state, count(*)::int as n from delivery where edition_id = edition.id group by state) counted)`.as(
        'deliveries',
      ),
    )
    .orderBy('window_end', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
