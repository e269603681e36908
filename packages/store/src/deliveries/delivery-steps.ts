/**
 * The history of a delivery. The steps of its attempt (claimed, staged, taken) stand in its own row: they are read from
 * there, and written down as events by whatever ends the attempt otherwise or overwrites the relay's yes. So a message
 * that goes well costs no row of history, and the same can be told of it.
 */
import type { DeliveryId } from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';

/** One thing that happened to a delivery. */
export interface DeliveryEvent {
  readonly happenedAt: Date;
  readonly kind: string;
  readonly detail: unknown;
}

/**
 * The statement that writes ended attempts down, each with how it ended. `ended` selects them from the update that
 * ended them: id, claimed_at, staged_at and worker as they were before, kind and detail of the end.
 */
export function insertSteps(ended: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`insert into delivery_event (delivery_id, happened_at, kind, detail)
    select id, happened_at, step.kind, step.detail from (${ended}) as ended
    cross join lateral (values
      (claimed_at, 'claim', jsonb_build_object('worker', worker)),
      (staged_at, 'stage', '{}'::jsonb),
      (now(), ended.kind, ended.detail)) as step(happened_at, kind, detail)
    where happened_at is not null`;
}

/** The relay's yes as an event, from the row of `delivery`. */
const acceptance = sql`jsonb_strip_nulls(jsonb_build_object('state', 'accepted', 'smtpCode', smtp_code,
  'enhancedCode', enhanced_code, 'reply', reply))`;

/** The steps that the row of a delivery tells of, oldest first. */
function stepsInRow(id: DeliveryId) {
  return sql`select happened_at, kind, detail, null::bigint as id from delivery
    cross join lateral (values
      (claimed_at, 'claim', jsonb_build_object('worker', coalesce(lease_owner, staged_by))),
      (staged_at, 'stage', '{}'::jsonb),
      (case when state = 'accepted' and claimed_at is not null then accepted_at end, 'result', ${acceptance}))
      as step(happened_at, kind, detail)
    where delivery.id = ${id} and happened_at is not null`;
}

/** All that happened to a delivery, oldest first. */
export async function deliveryHistory(db: Db, id: DeliveryId): Promise<DeliveryEvent[]> {
  const found = await sql<DeliveryEvent>`
    select happened_at as "happenedAt", kind, detail from (
      select happened_at, kind, detail, id from delivery_event where delivery_id = ${id}
      union all ${stepsInRow(id)}) as told
    order by happened_at, id nulls first`.execute(db);
  return found.rows;
}

/** Writes down how a delivery was taken, before its row tells of something else. */
export async function keepSteps(tx: Tx, id: DeliveryId): Promise<void> {
  await sql`insert into delivery_event (delivery_id, happened_at, kind, detail)
    select ${id}::bigint, happened_at, kind, detail from (${stepsInRow(id)}) as told`.execute(tx);
  await sql`update delivery set claimed_at = null, staged_at = null where id = ${id}`.execute(tx);
}
