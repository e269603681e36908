import type { SourceHealth, SourceId, SourceOutcome } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';
import { together } from '../connection/pipeline.ts';

/** What decides when a source is asked. */
export interface SourceTimes {
  readonly name: string;
  readonly cron: string | null;
  readonly zone: string;
  /** Declared publishing times; null: learnt. */
  readonly publishes: string | null;
  /** Days of the week on which its feed asked not to be read when it was last read, 0 for Sunday, in UTC. */
  readonly skipDays: readonly number[] | null;
}

/** A source as it stands, locked for whoever is about to change that. */
export interface SourceStanding extends SourceTimes {
  readonly health: SourceHealth;
  readonly nextAskAt: Date | null;
  readonly repeats: number;
}

const timesColumns = [
  'source.name',
  'source.cron',
  'source.zone',
  'source.publishes',
  'source_health.skip_days as skipDays',
] as const;

/** Reads and locks how a source stands. */
export async function lockStanding(tx: Tx, sourceId: SourceId): Promise<SourceStanding> {
  const isThere = tx
    .insertInto('source_health')
    .values({ source_id: sourceId })
    .onConflict((conflict) => conflict.column('source_id').doNothing())
    .execute();
  const standing = tx
    .selectFrom('source_health')
    .innerJoin('source', 'source.id', 'source_health.source_id')
    .where('source_id', '=', sourceId)
    .select(timesColumns)
    .select(['next_ask_at as nextAskAt', 'repeats', 'outcome', 'judged_at', 'since'])
    .select(['last_good_at', 'batch_at', 'trouble_since', 'trouble_count', 'alert'])
    .forUpdate('source_health')
    .executeTakeFirstOrThrow();
  const [, row] = await together([isThere, standing]);
  const { name, cron, zone, publishes, skipDays, nextAskAt, repeats } = row;
  const health: SourceHealth = {
    troubleCount: row.trouble_count,
    ...(row.outcome && { outcome: row.outcome }),
    ...(row.judged_at && { judgedAt: row.judged_at }),
    ...(row.since && { since: row.since }),
    ...(row.last_good_at && { lastGoodAt: row.last_good_at }),
    ...(row.batch_at && { batchAt: row.batch_at }),
    ...(row.trouble_since && { troubleSince: row.trouble_since }),
    ...(row.alert && { alert: row.alert }),
  };
  return { name, cron, zone, publishes, skipDays, nextAskAt, repeats, health };
}

/** What was read last, beside the health itself. */
export interface LastSign {
  readonly note: string;
  readonly entries: number | null;
  readonly claimed: number | null;
  readonly skipDays: readonly number[] | null;
}

/** Writes down how a source stands. */
export async function saveHealth(
  tx: Tx,
  sourceId: SourceId,
  health: SourceHealth,
  { note, entries, claimed, skipDays }: LastSign,
): Promise<void> {
  await tx
    .updateTable('source_health')
    .where('source_id', '=', sourceId)
    .set({
      outcome: health.outcome ?? null,
      note,
      entries,
      claimed,
      skip_days: skipDays && [...skipDays],
      judged_at: health.judgedAt ?? null,
      since: health.since ?? null,
      last_good_at: health.lastGoodAt ?? null,
      batch_at: health.batchAt ?? null,
      trouble_since: health.troubleSince ?? null,
      trouble_count: health.troubleCount,
      alert: health.alert ?? null,
    })
    .execute();
}

/** Says when a source is asked next; without a time not by itself. */
export async function saveNextAsk(
  db: Db,
  sourceId: SourceId,
  next: { readonly at?: Date; readonly why: string; readonly repeats: number },
): Promise<void> {
  const values = { next_ask_at: next.at ?? null, next_ask_why: next.why, repeats: next.repeats };
  await db
    .insertInto('source_health')
    .values({ source_id: sourceId, ...values })
    .onConflict((conflict) => conflict.column('source_id').doUpdateSet(values))
    .execute();
}

/** The first time a source is asked; one that is there already stays. */
export async function planAsk(
  db: Db,
  sourceId: SourceId,
  next: { readonly at: Date; readonly why: string },
): Promise<void> {
  const values = { next_ask_at: next.at, next_ask_why: next.why };
  await db
    .insertInto('source_health')
    .values({ source_id: sourceId, ...values })
    .onConflict((conflict) =>
      conflict
        .column('source_id')
        .doUpdateSet(values)
        .where('source_health.next_ask_at', 'is', null),
    )
    .execute();
}

/** Asks a source at another time, for the same reason as before; one that is not asked by itself stays so. */
export async function moveAsk(db: Db, sourceId: SourceId, at: Date): Promise<void> {
  await db
    .updateTable('source_health')
    .where('source_id', '=', sourceId)
    .where('next_ask_at', 'is not', null)
    .set({ next_ask_at: at })
    .execute();
}

/** Asks a source now, whatever its schedule says; its fetch then plans the next time. */
export async function askNow(db: Db, sourceId: SourceId, now: Date): Promise<void> {
  await moveAsk(db, sourceId, now);
  await planAsk(db, sourceId, { at: now, why: 'asked for' });
}

/**
 * Takes a source's turn to be asked: true for one of all who try while it is due. Should the asker die, it is due
 * again after `leaseMs`.
 */
export async function claimAsk(
  db: Db,
  sourceId: SourceId,
  { now, leaseMs }: { readonly now: Date; readonly leaseMs: number },
): Promise<boolean> {
  const claimed = await db
    .updateTable('source_health')
    .from('source')
    .whereRef('source.id', '=', 'source_health.source_id')
    .where('source_id', '=', sourceId)
    .where('source.state', '=', 'active')
    .where('next_ask_at', '<=', now)
    .set({ next_ask_at: new Date(now.getTime() + leaseMs) })
    .executeTakeFirst();
  return claimed.numUpdatedRows > 0n;
}

/** Active sources that are due; not those of which a page still waits to be read. */
export async function dueSources(db: Db, now: Date): Promise<SourceId[]> {
  const rows = await sql<{ id: SourceId }>`
    select source_id as id from source_health join source on source.id = source_id
    where next_ask_at <= ${now} and source.state = 'active' and source.url is not null
      and not exists (select from listing_page where listing_page.source_id = source.id and read_at is null)
    order by next_ask_at`.execute(db);
  return rows.rows.map(({ id }) => id);
}

/** Sources with a schedule of which nobody has said yet when they are asked, and whether they ever were. */
export async function unplannedSources(
  db: Db,
): Promise<(SourceTimes & { readonly id: SourceId; readonly wasFetched: boolean })[]> {
  return db
    .selectFrom('source')
    .leftJoin('source_health', 'source_health.source_id', 'source.id')
    .where('source.state', '=', 'active')
    .where('source.url', 'is not', null)
    .where('source.cron', 'is not', null)
    .where('source_health.next_ask_at', 'is', null)
    .select(timesColumns)
    .select('source.id')
    .select((row) =>
      row
        .exists(
          row.selectFrom('fetch').whereRef('fetch.source_id', '=', 'source.id').select('fetch.id'),
        )
        .$castTo<boolean>()
        .as('wasFetched'),
    )
    .orderBy('source.id')
    .execute();
}

/** What an operator is told when a source is in trouble, or no longer. */
export interface SourceAlert {
  readonly kind: 'due' | 'over';
  readonly source: string;
  readonly outcome: SourceOutcome;
  readonly note: string | null;
  readonly troubleSince: Date | null;
  readonly times: number;
  readonly lastGoodAt: Date | null;
  readonly nextAskAt: Date | null;
}

/** Takes the alerts that are to be told; each is given to one of all who ask. */
export async function takeAlerts(db: Db): Promise<SourceAlert[]> {
  const taken = await sql<SourceAlert>`
    with pending as (
      select source_id, alert as kind from source_health where alert in ('due', 'over') for update skip locked
    )
    update source_health set alert = case kind when 'due' then 'told' end
    from pending join source on source.id = pending.source_id
    where source_health.source_id = pending.source_id
    returning pending.kind, source.name as source, outcome, note, trouble_since as "troubleSince",
      trouble_count as times, last_good_at as "lastGoodAt", next_ask_at as "nextAskAt"`.execute(db);
  return taken.rows;
}
