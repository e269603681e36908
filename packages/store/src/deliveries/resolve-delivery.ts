import { idOf, PaperboyError, type Resolution } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A resolution as it stands afterwards. */
export interface Resolved {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Settles an uncertain delivery by a person's word: it arrived, it is to be sent once more, or it was refused. What it
 * was before is kept in its history, for `unresolveDelivery`. Throws NOT_FOUND, and USAGE where it is not uncertain.
 */
export async function resolveDelivery(
  db: Db,
  deliveryId: string,
  to: Resolution,
): Promise<Resolved> {
  const id = readId(deliveryId);
  const resolved = await sql<{ id: string }>`
    with old as (
      select id, next_at, resent_at from delivery where id = ${id} and state = 'uncertain' for update
    ), told as (
      update delivery set state = ${to}::text,
        accepted_at = case when ${to}::text = 'accepted' then now() end,
        next_at = case when ${to}::text = 'ready' then now() else delivery.next_at end,
        -- the one repetition that MAIL_UNCERTAIN=resend allows
        resent_at = case when ${to}::text = 'ready' then now() else delivery.resent_at end
      from old where delivery.id = old.id
      returning delivery.id, old.next_at as was_due, old.resent_at as was_resent
    )
    insert into delivery_event (delivery_id, kind, detail)
    select id, 'resolve', jsonb_build_object('state', ${to}::text, 'by', 'operator',
      'before', jsonb_build_object('nextAt', was_due, 'resentAt', was_resent))
    from told returning delivery_id as id`.execute(db);
  if (resolved.rows.length > 0) return { id, from: 'uncertain', to };
  throw await refusalOf(db, id, 'only an uncertain delivery can be resolved');
}

/**
 * Takes a person's word back: the delivery is uncertain again, as it was. Only while nothing has happened to it since.
 * Throws NOT_FOUND, and USAGE where there is nothing to take back.
 */
export async function unresolveDelivery(db: Db, deliveryId: string): Promise<Resolved> {
  const id = readId(deliveryId);
  const undone = await sql<{ from: string }>`
    with word as (
      select detail from delivery_event where delivery_id = ${id} order by id desc limit 1
    ), old as (
      select delivery.id, delivery.state, detail from delivery cross join word
      where delivery.id = ${id} and detail->>'by' = 'operator' and detail ? 'before'
        and delivery.state = detail->>'state'
      for update of delivery
    ), told as (
      update delivery set state = 'uncertain', accepted_at = null,
        next_at = (old.detail->'before'->>'nextAt')::timestamptz,
        resent_at = (old.detail->'before'->>'resentAt')::timestamptz
      from old where delivery.id = old.id
      returning delivery.id, old.state as was
    ), noted as (
      insert into delivery_event (delivery_id, kind, detail)
      select id, 'resolve', '{"state": "uncertain", "by": "operator", "undo": true}' from told
    )
    select was as "from" from told`.execute(db);
  const [row] = undone.rows;
  if (row) return { id, from: row.from, to: 'uncertain' };
  throw await refusalOf(
    db,
    id,
    'its last event is no word of an operator that could be taken back',
  );
}

function readId(text: string): string {
  if (!/^[1-9]\d{0,18}$/.test(text)) throw new PaperboyError('NOT_FOUND', `no delivery ${text}`);
  return idOf('delivery', text);
}

async function refusalOf(db: Db, id: string, why: string): Promise<PaperboyError> {
  const found = await db
    .selectFrom('delivery')
    .where('id', '=', idOf('delivery', id))
    .select('state')
    .executeTakeFirst();
  if (!found) return new PaperboyError('NOT_FOUND', `no delivery ${id}`);
  return new PaperboyError('USAGE', `delivery ${id} is ${found.state}: ${why}`);
}
