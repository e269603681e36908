import {
  type DeliveryId,
  PaperboyError,
  type PauseReason,
  SUPPRESSION_REASONS,
  type SubscriberId,
  type SuppressionReason,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';

/**
 * Keeps an address from being mailed. A weaker reason leaves a standing one as it is, a stronger one takes its place:
 * `left` never softens a complaint, and ends by itself, which a complaint must not.
 */
export async function suppress(
  db: Db,
  addressHash: Buffer,
  reason: SuppressionReason,
): Promise<void> {
  const weaker = SUPPRESSION_REASONS.slice(0, SUPPRESSION_REASONS.indexOf(reason));
  await sql`
    insert into suppression (address_hash, reason) values (${addressHash}, ${reason})
    on conflict (address_hash) do update set reason = excluded.reason
      where suppression.reason = any(${weaker}::text[])`.execute(db);
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

/**
 * What `isBarred` needs: the row of `suppression`, if there is one, for the row that `subscriber` names. Joined, because
 * a subquery beside each row is run for each row, at 3 µs.
 */
export function joinSuppression(subscriber: string) {
  return sql`left join suppression on suppression.address_hash = ${sql.ref(subscriber)}.address_hash`;
}

/** The SQL condition "must not be mailed", after `joinSuppression`; one text for plan, claim and stage. */
export function isBarred(subscriber: string) {
  return sql<boolean>`(${sql.ref(subscriber)}.state <> 'active' or suppression.address_hash is not null)`;
}

/** A delivery that a server refused for good during the conversation, and why. */
export interface HardRefusal {
  readonly id: DeliveryId;
  readonly reason: string;
}

/** Suppresses the addresses of deliveries that were refused because nobody is there, and notes each as a bounce. */
export async function suppressBounced(db: Db, refusals: readonly HardRefusal[]): Promise<void> {
  if (refusals.length === 0) return;
  await sql`
    with given as (
      select * from unnest(${refusals.map(({ id }) => id)}::bigint[],
        ${refusals.map(({ reason }) => reason)}::text[]) as given(id, reason)
    ), noted as (
      insert into delivery_event (delivery_id, kind, detail)
      select id, 'bounce', jsonb_build_object('reason', reason, 'isHard', true, 'via', 'reply', 'effect', 'suppressed')
      from given
      on conflict (delivery_id, kind, (detail ->> 'reason')) where kind in ('bounce', 'complaint') do nothing
    )
    insert into suppression (address_hash, reason)
    select distinct address_hash, 'hard-bounce' from given join delivery using (id)
    join subscriber on subscriber.id = subscriber_id
    on conflict (address_hash) do update set reason = excluded.reason where suppression.reason = 'left'`.execute(
    db,
  );
}

/** An address that is not mailed. Erased ones are known by their hash alone. */
export interface SuppressionView {
  readonly address: string | null;
  /** Its first 12 hexadecimal digits. */
  readonly hash: string;
  readonly reason: SuppressionReason | PauseReason;
  readonly since: Date | null;
  /** When a paused reader is tried again. */
  readonly probeAt: Date | null;
}

/** Suppressions, newest first, and before them readers whom bounces have paused. */
export async function listSuppressions(
  db: Db,
  filter: { readonly reason?: string; readonly limit: number },
): Promise<SuppressionView[]> {
  const { reason = null, limit } = filter;
  const found = await sql<SuppressionView>`
    select * from (
      select address, substr(encode(address_hash, 'hex'), 1, 12) as hash, paused_for as reason,
        null::timestamptz as since, probe_at as "probeAt"
      from subscriber where state = 'paused' and paused_for is not null
      union all
      select address, substr(encode(suppression.address_hash, 'hex'), 1, 12), reason, since, null
      from suppression left join subscriber using (address_hash)) as barred
    where ${reason}::text is null or reason = ${reason}
    order by since desc nulls first, hash limit ${limit}`.execute(db);
  return found.rows;
}

/** What was taken back for an address. */
export interface Lifted {
  readonly suppression: string | null;
  readonly pause: string | null;
  /** They are mailed again from now on; false for somebody who left, or whom nobody knows. */
  readonly isMailed: boolean;
}

/**
 * The operator's word that an address may be mailed: ends its suppression, whatever the reason, and its pause, and
 * forgives the bounces so far. Who was made to leave by a complaint is back; who left by their own wish stays away.
 * Throws NOT_FOUND where there is nothing to take back.
 */
export function liftSuppression(db: Db, addressHash: Buffer): Promise<Lifted> {
  return inTransaction(db, async (tx) => {
    const ended = await tx
      .deleteFrom('suppression')
      .where('address_hash', '=', addressHash)
      .returning('reason')
      .executeTakeFirst();
    const found = await sql<{
      id: SubscriberId;
      state: string;
      pausedFor: string | null;
      by: string | null;
    }>`
      select id, state, paused_for as "pausedFor", (
        select detail ->> 'by' from consent_event where subscriber_id = subscriber.id order by consent_event.id desc limit 1) as by
      from subscriber where address_hash = ${addressHash} for update`.execute(tx);
    const reader = found.rows[0];
    const wasPaused = reader?.state === 'paused' && reader.pausedFor !== null;
    if (!ended && !wasPaused) {
      throw new PaperboyError(
        'NOT_FOUND',
        'the address is neither suppressed nor paused by bounces',
      );
    }
    if (!reader) return { suppression: ended?.reason ?? null, pause: null, isMailed: false };
    const hadComplained = reader.state === 'left' && reader.by === 'complaint';
    await sql`update subscriber set bounces_from = now(), paused_for = null, probe_at = null, probed_at = null,
      state = case when ${wasPaused || hadComplained} and confirmed_at is not null then 'active' else state end,
      left_at = case when ${hadComplained} then null else left_at end
      where id = ${reader.id}`.execute(tx);
    if (hadComplained) {
      await sql`insert into consent_event (subscriber_id, kind, detail)
        values (${reader.id}, 'rejoined', '{"by": "operator"}')`.execute(tx);
    }
    const isMailed = reader.state === 'active' || wasPaused || hadComplained;
    return {
      suppression: ended?.reason ?? null,
      pause: wasPaused ? reader.pausedFor : null,
      isMailed,
    };
  });
}
