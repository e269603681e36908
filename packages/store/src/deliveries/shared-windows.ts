/**
 * Where the digests of readers have come to. Readers of one schedule who were planned together share one row of
 * `shared_window`, so that a plan moves one row for all of them; who shares none has it in the row of `subscriber`.
 * The database takes a reader out, with what is shared at that moment, when their state, schedule or window changes.
 */
import type { SendSchedule } from '@paperboy/core';
import { sql } from 'kysely';
import type { Tx } from '../connection/database.ts';

/** The hour up to which the digests of the row `subscriber` are planned. */
export const plannedUntil = sql<Date>`coalesce((select shared_window.planned_until from shared_window
  where shared_window.id = subscriber.shared_window_id), subscriber.planned_until)`;

/** The number of the last page that they cover. */
export const plannedThrough = sql<string>`coalesce((select shared_window.planned_through from shared_window
  where shared_window.id = subscriber.shared_window_id), subscriber.planned_through)`;

/** The SQL condition "is planned only up to before that hour" for the row `subscriber`. */
export function isPlannedBefore(windowEnd: Date) {
  return sql<boolean>`(case when subscriber.shared_window_id is null then subscriber.planned_until < ${windowEnd}
    else subscriber.shared_window_id in (select id from shared_window where planned_until < ${windowEnd}) end)`;
}

/** The SQL condition that a row with the columns of a schedule has one of these. */
export function hasSchedule(row: string, schedules: readonly SendSchedule[]) {
  const [zone, hour, weekdays] = ['zone', 'send_hour', 'weekdays'].map((name) =>
    sql.ref(`${row}.${name}`),
  );
  const days = schedules.map((schedule) => `{${schedule.weekdays.join(',')}}`);
  return sql<boolean>`((${zone}, ${hour}, ${weekdays}) in (
    select zone, hour, weekdays::smallint[] from unnest(
      ${schedules.map((schedule) => schedule.zone)}::text[], ${schedules.map((schedule) => schedule.hour)}::smallint[],
      ${days}::text[]) as due(zone, hour, weekdays)))`;
}

/** Whether anybody shares the row `shared_window`. */
export const isShared = sql<boolean>`exists (select from subscriber where shared_window_id = shared_window.id)`;

/** An hour of a cadence, and the schedules that are due then. */
interface Due {
  readonly cadence: SendSchedule['cadence'];
  readonly windowEnd: Date;
  readonly schedules: readonly SendSchedule[];
}

/** A window that several readers share, as it stands. */
export interface SharedWindow {
  readonly id: string;
  readonly plannedThrough: string;
  readonly plannedUntil: Date;
}

/** The shared windows that a plan is to move. Nobody goes in or out of them until the transaction ends. */
export async function lockSharedWindows(tx: Tx, due: Due): Promise<SharedWindow[]> {
  const found = await sql<SharedWindow>`
    select id, planned_through as "plannedThrough", planned_until as "plannedUntil" from shared_window
    where cadence = ${due.cadence} and planned_until < ${due.windowEnd} and ${hasSchedule('shared_window', due.schedules)}
      and ${isShared}
    order by id for no key update`.execute(tx);
  return found.rows;
}

/**
 * Moves the windows of these schedules, in a plan that holds `lockReadyPagesExclusive`, and makes those that are missing,
 * for readers who are planned the first time. One that nobody shares any more begins anew.
 */
export async function moveSharedWindows(
  tx: Tx,
  { cadence, windowEnd, schedules }: Due,
  throughNo: string,
): Promise<void> {
  await sql`
    insert into shared_window (cadence, zone, send_hour, weekdays, planned_through, planned_until)
    select ${cadence}, zone, hour, weekdays::smallint[], ${throughNo}::bigint, ${windowEnd}::timestamptz from unnest(
      ${schedules.map(({ zone }) => zone)}::text[], ${schedules.map(({ hour }) => hour)}::smallint[],
      ${schedules.map(({ weekdays }) => `{${weekdays.join(',')}}`)}::text[]) as due(zone, hour, weekdays)
    order by zone, hour, weekdays
    on conflict (cadence, zone, send_hour, weekdays) do update set planned_until = excluded.planned_until,
      planned_through = case when ${isShared} then greatest(shared_window.planned_through, excluded.planned_through)
        else excluded.planned_through end
      where shared_window.planned_until < excluded.planned_until or not ${isShared}`.execute(tx);
}
