import type { DeliveryId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from './database.ts';

/** A staged delivery whose worker is gone: its message may have gone out. */
export interface LapsedDelivery {
  readonly id: DeliveryId;
  readonly messageId: string;
}

/** Gives deliveries back whose worker is gone and which no byte of can have left; how many. */
export async function releaseUnstaged(db: Db): Promise<number> {
  const released = await sql`
    with told as (
      update delivery set state = 'ready', lease_owner = null, lease_until = null
      where state = 'sending' and stage = 'none' and lease_until < now()
      returning id
    )
    insert into delivery_event (delivery_id, kind, detail)
    select id, 'lapse', '{"state": "ready"}' from told`.execute(db);
  return Number(released.numAffectedRows ?? 0n);
}

/** Staged deliveries whose worker is gone, oldest lease first. */
export async function lapsedDeliveries(
  db: Db,
  { limit }: { readonly limit: number },
): Promise<LapsedDelivery[]> {
  const rows = await db
    .selectFrom('delivery')
    .where('state', '=', 'sending')
    .where('stage', '=', 'data')
    .where('lease_until', '<', sql<Date>`now()`)
    .orderBy('lease_until')
    .orderBy('id')
    .limit(limit)
    .select(['id', sql<string>`coalesce(message_id, '')`.as('messageId')])
    .execute();
  return rows;
}

/** What the relay's own records say of a lapsed delivery. */
export type LapseFinding = 'accepted' | 'ready' | 'uncertain';

/**
 * Settles lapsed deliveries by evidence; one that was taken up or settled meanwhile stays as it is. An uncertain one
 * may be sent again after `waitMs`. How many were settled.
 */
export async function settleLapsed(
  db: Db,
  findings: readonly { readonly id: DeliveryId; readonly finding: LapseFinding }[],
  { waitMs }: { readonly waitMs: number },
): Promise<number> {
  if (findings.length === 0) return 0;
  const settled = await sql`
    with given as (
      select * from unnest(${findings.map(({ id }) => id)}::bigint[],
        ${findings.map(({ finding }) => finding)}::text[]) as given(id, finding)
    ), told as (
      update delivery set state = finding, lease_owner = null, lease_until = null, stage = 'none',
        accepted_at = case when finding = 'accepted' then now() end,
        next_at = case when finding = 'uncertain' then now() + ${waitMs} * interval '1 millisecond' else now() end
      from given
      where delivery.id = given.id and state = 'sending' and stage = 'data' and lease_until < now()
      returning delivery.id, finding
    )
    insert into delivery_event (delivery_id, kind, detail)
    select id, 'lapse', jsonb_build_object('state', finding) from told`.execute(db);
  return Number(settled.numAffectedRows ?? 0n);
}

/** Makes uncertain deliveries ready once more, each one time only, when no evidence came in their time; how many. */
export async function resendUncertain(db: Db): Promise<number> {
  const resent = await sql`
    with told as (
      update delivery set state = 'ready', resent_at = now()
      where state = 'uncertain' and next_at <= now() and resent_at is null
      returning id
    )
    insert into delivery_event (delivery_id, kind, detail)
    select id, 'resolve', '{"state": "ready", "by": "resend"}' from told`.execute(db);
  return Number(resent.numAffectedRows ?? 0n);
}

/** Uncertain deliveries with what is known of them, for evidence that comes late. */
export async function uncertainDeliveries(
  db: Db,
  { limit }: { readonly limit: number },
): Promise<LapsedDelivery[]> {
  return db
    .selectFrom('delivery')
    .where('state', '=', 'uncertain')
    .orderBy('id')
    .limit(limit)
    .select(['id', sql<string>`coalesce(message_id, '')`.as('messageId')])
    .execute();
}

/** Settles an uncertain delivery by evidence that came late. How many were. */
export async function acceptUncertain(db: Db, ids: readonly DeliveryId[]): Promise<number> {
  if (ids.length === 0) return 0;
  const accepted = await sql`
    with told as (
      update delivery set state = 'accepted', accepted_at = now()
      where id = any(${ids}::bigint[]) and state = 'uncertain'
      returning id
    )
    insert into delivery_event (delivery_id, kind, detail)
    select id, 'resolve', '{"state": "accepted", "by": "relay"}' from told`.execute(db);
  return Number(accepted.numAffectedRows ?? 0n);
}
