import type { DeliveryId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from './database.ts';

export const SUPPRESSION_REASONS = ['left', 'hard-bounce', 'complaint', 'operator'] as const;
/** Why an address must not be mailed. `left` ends when its owner comes back, the others by the operator alone. */
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** Keeps an address from being mailed. A standing suppression stays as it is: `left` never softens a complaint. */
export async function suppress(
  db: Db,
  addressHash: Buffer,
  reason: SuppressionReason,
): Promise<void> {
  await db
    .insertInto('suppression')
    .values({ address_hash: addressHash, reason })
    .onConflict((conflict) => conflict.column('address_hash').doNothing())
    .execute();
}

/** Ends a suppression of this reason; one of another reason stands. */
export async function endSuppression(
  db: Db,
  addressHash: Buffer,
  reason: SuppressionReason,
): Promise<void> {
  await db
    .deleteFrom('suppression')
    .where('address_hash', '=', addressHash)
    .where('reason', '=', reason)
    .execute();
}

/** The SQL condition "may be mailed" for the row that `subscriber` names; one text for plan, claim and stage. */
export function mayBeMailed(subscriber: string) {
  const row = sql.ref(subscriber);
  return sql<boolean>`(${row}.state = 'active' and not exists (
    select from suppression where suppression.address_hash = ${row}.address_hash))`;
}

/** Suppresses the addresses of deliveries that were refused because nobody is there. */
export async function suppressBounced(db: Db, deliveries: readonly DeliveryId[]): Promise<void> {
  if (deliveries.length === 0) return;
  await sql`
    insert into suppression (address_hash, reason)
    select address_hash, 'hard-bounce' from delivery join subscriber on subscriber.id = subscriber_id
    where delivery.id = any(${deliveries}::bigint[])
    on conflict do nothing`.execute(db);
}
