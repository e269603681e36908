import type { Cadence, EditionId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';
import { heldDeliveries } from './claims.ts';

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
  edition: {
    cadence: Cadence;
    windowEnd: Date;
    throughNo: string;
    notes: readonly string[];
    /** How long from now it may be sent, in milliseconds. */
    lifeMs: number;
  },
): Promise<OpenEdition> {
  const { cadence, windowEnd, throughNo, notes, lifeMs } = edition;
  const sendUntil = sql<Date>`now() + ${lifeMs} * interval '1 millisecond'`;
  const made = await tx
    .insertInto('edition')
    .values({
      cadence,
      window_end: windowEnd,
      through_no: throughNo,
      notes: [...notes],
      send_until: sendUntil,
    })
    .onConflict((conflict) => conflict.columns(['cadence', 'window_end']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return { id: made.id, throughNo, fresh: true };
  const found = await tx
    .updateTable('edition')
    .where('cadence', '=', cadence)
    .where('window_end', '=', windowEnd)
    .set({ state: 'planned', send_until: sql`greatest(send_until, ${sendUntil})` })
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

/** Deliveries counted per edition; more would not be worked on at once. */
const MOST_COUNTED = 10_000;

/**
 * Editions with deliveries that are due now and how many each has, 10,000 at most: what a lost queue forgot. Steps
 * from edition to edition through the index, so that a million waiting rows cost no more than a few.
 */
export async function editionsWithDueDeliveries(
  db: Db,
): Promise<{ editionId: EditionId; due: number }[]> {
  const found = await sql<{ editionId: EditionId; due: number }>`
    with recursive open as (
      (select edition_id from delivery where state in ('ready', 'deferred') order by edition_id limit 1)
      union all
      select (select delivery.edition_id from delivery
        where state in ('ready', 'deferred') and delivery.edition_id > open.edition_id order by delivery.edition_id limit 1)
      from open where edition_id is not null
    )
    select edition_id as "editionId", due from open cross join lateral (
      select count(*)::int as due from (select from delivery where delivery.edition_id = open.edition_id
        and state in ('ready', 'deferred') and next_at <= now() and id not in ${heldDeliveries} limit ${MOST_COUNTED}) counted) counts
    where edition_id is not null and due > 0 order by edition_id`.execute(db);
  return found.rows;
}

/** Milliseconds until the next delivery is due, of those that wait and nobody holds; undefined when none does. */
export async function nextDueInMs(db: Db): Promise<number | undefined> {
  const { waitMs } = await db
    .selectFrom('delivery')
    .where('state', 'in', ['ready', 'deferred'])
    .where(sql<boolean>`id not in ${heldDeliveries}`)
    .select(
      sql<number | null>`extract(epoch from min(next_at) - now())::float8 * 1000`.as('waitMs'),
    )
    .executeTakeFirstOrThrow();
  return waitMs ?? undefined;
}

/** Editions that wait for a person's word or a better page. */
export async function countHeldEditions(db: Db): Promise<number> {
  const { held } = await db
    .selectFrom('edition')
    .where('state', '=', 'held')
    .select(sql<number>`count(*)::int`.as('held'))
    .executeTakeFirstOrThrow();
  return held;
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
