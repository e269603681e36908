import type { SendSchedule } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { heldDeliveries } from '../deliveries/claims.ts';
import { plannedUntil } from '../deliveries/shared-windows.ts';

/** What an installation holds, in numbers. */
export interface Totals {
  /** Pages whose entries were recorded. */
  readonly pages: number;
  readonly entries: number;
  readonly new: number;
  readonly recurring: number;
  readonly subscribers: number;
}

/** Counts over everything there is; one walk over the pages, none over their papers. */
export async function installationTotals(db: Db): Promise<Totals> {
  const found = await sql<Totals>`
    select count(*)::int as pages, coalesce(sum(entry_count), 0)::int as entries,
      coalesce(sum(new_count), 0)::int as new, coalesce(sum(recurring_count), 0)::int as recurring,
      (select count(*)::int from subscriber where state = 'active') as subscribers
    from listing_page where verdict in ('new-batch', 'grew', 'partial', 'cut')`.execute(db);
  const [totals] = found.rows;
  if (!totals) throw new Error('a query without grouping gave no row');
  return totals;
}

/** When the newest page that digests are made of was seen; undefined before the first. */
export async function newestPageSeenAt(db: Db): Promise<Date | undefined> {
  const { at } = await db
    .selectFrom('listing_page')
    .where('ready_no', 'is not', null)
    .select((row) => row.fn.max('seen_at').as('at'))
    .executeTakeFirstOrThrow();
  return at ?? undefined;
}

/** On how many days papers were listed since a moment, by pages that digests are made of. */
export async function listingDaysSince(db: Db, since: Date): Promise<number> {
  const { days } = await db
    .selectFrom('listing_page')
    .where('ready_no', 'is not', null)
    .where('seen_at', '>=', since)
    .select(
      sql<number>`count(distinct coalesce(listed_on, (seen_at at time zone 'UTC')::date))::int`.as(
        'days',
      ),
    )
    .executeTakeFirstOrThrow();
  return days;
}

/** The schedules that active subscribers have, with the earliest hour up to which one of them is planned. */
export async function schedulesPlannedUntil(
  db: Db,
): Promise<{ schedule: SendSchedule; plannedUntil: Date }[]> {
  const rows = await db
    .selectFrom('subscriber')
    .where('state', '=', 'active')
    .groupBy(['cadence', 'weekdays', 'send_hour', 'zone'])
    .select(['cadence', 'weekdays', 'send_hour as hour', 'zone'])
    .select(sql<Date>`min(${plannedUntil})`.as('plannedUntil'))
    .execute();
  return rows.map(({ plannedUntil, ...schedule }) => ({ schedule, plannedUntil }));
}

/** Whether nobody works on an open delivery. */
const isWaiting = sql<boolean>`(state <> 'sending' and delivery.id not in ${heldDeliveries})`;

/** Deliveries that somebody works on, or could right now; of editions up to an hour, or of all. */
export async function countOpenDeliveries(
  db: Db,
  { until }: { readonly until?: Date } = {},
): Promise<{ readonly due: number; readonly sending: number }> {
  let open = db
    .selectFrom('delivery')
    .where('delivery.state', 'in', ['ready', 'deferred', 'sending']);
  if (until) {
    open = open.where('edition_id', 'in', (edition) =>
      edition.selectFrom('edition').select('edition.id').where('edition.window_end', '<=', until),
    );
  }
  return open
    .select([
      sql<number>`count(*) filter (where ${isWaiting} and next_at <= now())::int`.as('due'),
      sql<number>`count(*) filter (where not ${isWaiting})::int`.as('sending'),
    ])
    .executeTakeFirstOrThrow();
}

/** Digests accepted of the editions that end with the page of this number. */
export async function countAcceptedThrough(db: Db, readyNo: string): Promise<number> {
  const { accepted } = await db
    .selectFrom('delivery')
    .innerJoin('edition', 'edition.id', 'delivery.edition_id')
    .where('edition.through_no', '=', readyNo)
    .where('delivery.state', '=', 'accepted')
    .select((row) => row.fn.countAll<string>().as('accepted'))
    .executeTakeFirstOrThrow();
  return Number(accepted);
}

/** Sessions of this database that are in the middle of something, other than the one that asks. */
export async function countBusySessions(db: Db): Promise<number> {
  const found = await sql<{ busy: number }>`
    select count(*)::int as busy from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and backend_type = 'client backend' and state <> 'idle'`.execute(db);
  return found.rows[0]?.busy ?? 0;
}
