import type { DeliveryId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { insertSteps } from './delivery-steps.ts';

/** A delivery whose message may have gone out. */
export interface DoubtfulDelivery {
  readonly id: DeliveryId;
  readonly messageId: string;
  /** Attempts spent before the one in doubt. */
  readonly attempt: number;
  /** The claim it was handed over under, and so the name of the journal that tells of it. */
  readonly stagedBy: string;
}

/** Gives up what lapsed claims held of which no byte can have left; how many deliveries they are. */
export async function releaseUnstaged(db: Db): Promise<number> {
  const released = await sql`
    with gone as (
      update claim set deliveries = '{}' where lease_until < now() and deliveries <> '{}'
      returning owner, claimed_at, old.deliveries
    ), told as (
      select delivery.id, gone.claimed_at, owner from gone cross join lateral unnest(deliveries) as held(id)
      join delivery using (id) where state in ('ready', 'deferred') and next_at <= now()
    ), noted as (
      ${insertSteps(sql`select id, claimed_at, null::timestamptz as staged_at, owner as worker, 'lapse' as kind,
        '{"state": "ready"}'::jsonb as detail from told`)}
    )
    select id from told`.execute(db);
  return released.rows.length;
}

const doubtful = [
  'id',
  'attempt',
  sql<string>`coalesce(message_id, '')`.as('messageId'),
  sql<string>`coalesce(staged_by, '')`.as('stagedBy'),
] as const;

/** Staged deliveries whose worker is gone, oldest lease first, before them those whose claim is gone too. */
export function lapsedDeliveries(
  db: Db,
  { limit }: { readonly limit: number },
): Promise<DoubtfulDelivery[]> {
  return db
    .selectFrom('delivery')
    .leftJoin('claim', 'owner', 'lease_owner')
    .where('state', '=', 'sending')
    .where('stage', '=', 'data')
    .where(sql<boolean>`(owner is null or lease_until < now())`)
    .orderBy('lease_until', (order) => order.asc().nullsFirst())
    .orderBy('id')
    .limit(limit)
    .select(doubtful)
    .execute();
}

/** Uncertain deliveries in order of their ids, for evidence that comes late. */
export function uncertainDeliveries(
  db: Db,
  { after = '0', limit }: { readonly after?: string; readonly limit: number },
): Promise<DoubtfulDelivery[]> {
  return db
    .selectFrom('delivery')
    .where('state', '=', 'uncertain')
    .where('id', '>', sql<DeliveryId>`${after}::bigint`)
    .orderBy('id')
    .limit(limit)
    .select(doubtful)
    .execute();
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
