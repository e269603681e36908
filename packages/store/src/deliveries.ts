import type { DeliveryId, EditionId, ErrorCode } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from './database.ts';
import { mayBeMailed } from './suppressions.ts';

/** A worker's hold on the rows it claimed together. `owner` is unique per claim. */
export interface Lease {
  readonly owner: string;
  readonly ms: number;
}

/** A claimed delivery; Message-ID and Date are there when it was staged before. */
export interface ClaimedDelivery {
  readonly id: DeliveryId;
  readonly attempt: number;
  readonly messageId: string | null;
  readonly mailDate: Date | null;
}

const until = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`;

/**
 * Claims due deliveries of an edition, oldest first. Those of subscribers who left or are suppressed become
 * `suppressed` in the same statement. After a crash the lease lapses and `reconcile` decides. Due and lease
 * are told by the database's clock, so that workers need not agree on theirs.
 */
export async function claimDeliveries(
  db: Db,
  claim: { editionId: EditionId; lease: Lease; limit: number },
): Promise<{ claimed: ClaimedDelivery[]; suppressed: number }> {
  const { editionId, lease, limit } = claim;
  const found = await sql<ClaimedDelivery & { barred: boolean }>`
    with due as materialized (
      select delivery.id, not ${mayBeMailed('subscriber')} as barred
      from delivery join subscriber on subscriber.id = subscriber_id
      where edition_id = ${editionId} and delivery.state in ('ready', 'deferred') and next_at <= now()
      order by next_at, delivery.id limit ${limit} for update of delivery skip locked
    ), taken as (
      update delivery set state = case when barred then 'suppressed' else 'sending' end, stage = 'none',
        lease_owner = case when barred then null else ${lease.owner} end,
        lease_until = case when barred then null else ${until(lease.ms)} end
      from due where delivery.id = due.id
      returning delivery.id, attempt, message_id as "messageId", mail_date as "mailDate", barred
    ), told as (
      insert into delivery_event (delivery_id, kind, detail)
      select id, case when barred then 'result' else 'claim' end,
        case when barred then '{"state": "suppressed"}'::jsonb else jsonb_build_object('worker', ${lease.owner}::text) end
      from taken
    )
    select * from taken order by id`.execute(db);
  const claimed = found.rows.filter(({ barred }) => !barred);
  return { claimed, suppressed: found.rows.length - claimed.length };
}

/** Keeps a claim alive; how many of its rows are still held. */
export async function extendLease(db: Db, lease: Lease): Promise<number> {
  const extended = await db
    .updateTable('delivery')
    .where('state', '=', 'sending')
    .where('lease_owner', '=', lease.owner)
    .set({ lease_until: until(lease.ms) })
    .executeTakeFirst();
  return Number(extended.numUpdatedRows);
}

/** A message about to be handed to the relay. */
export interface StagedMessage {
  readonly id: DeliveryId;
  readonly messageId: string;
  readonly mailDate: Date;
  /** SHA-256 of the bytes. */
  readonly contentHash: Buffer;
}

/**
 * Notes, before the first byte goes out, that these may be on their way from now on, and looks a last time whether
 * each may be mailed. Returns those that may; the others have become `suppressed`, or are no longer ours.
 */
export async function stageDeliveries(
  db: Db,
  owner: string,
  messages: readonly StagedMessage[],
): Promise<ReadonlySet<DeliveryId>> {
  const staged = await sql<{ id: DeliveryId; barred: boolean }>`
    with ours as materialized (
      select delivery.id, given.message_id, given.mail_date, given.content_hash,
        not ${mayBeMailed('subscriber')} as barred
      from unnest(${messages.map(({ id }) => id)}::bigint[],
          ${messages.map(({ messageId }) => messageId)}::text[],
          ${messages.map(({ mailDate }) => mailDate.toISOString())}::timestamptz[],
          ${messages.map(({ contentHash }) => contentHash)}::bytea[])
        as given(id, message_id, mail_date, content_hash)
      join delivery using (id) join subscriber on subscriber.id = subscriber_id
      where delivery.state = 'sending' and lease_owner = ${owner}
      for update of delivery
    ), told as (
      update delivery set stage = case when barred then 'none' else 'data' end,
        state = case when barred then 'suppressed' else 'sending' end,
        lease_owner = case when barred then null else lease_owner end,
        lease_until = case when barred then null else lease_until end,
        message_id = coalesce(delivery.message_id, ours.message_id),
        mail_date = coalesce(delivery.mail_date, ours.mail_date), content_hash = ours.content_hash
      from ours where delivery.id = ours.id
      returning delivery.id, barred
    ), noted as (
      insert into delivery_event (delivery_id, kind, detail)
      select id, case when barred then 'result' else 'stage' end,
        case when barred then '{"state": "suppressed"}'::jsonb else '{}'::jsonb end
      from told
    )
    select * from told`.execute(db);
  return new Set(staged.rows.flatMap(({ id, barred }) => (barred ? [] : id)));
}

/** What became of one handing over. */
export interface DeliveryResult {
  readonly id: DeliveryId;
  readonly state: 'accepted' | 'ready' | 'deferred' | 'rejected' | 'expired' | 'uncertain';
  /** Whether this counts as one of the attempts that a receiving server asked for. */
  readonly spent: boolean;
  /** Milliseconds until it is due again: for ready and deferred the next attempt, for uncertain the resending. */
  readonly waitMs?: number;
  readonly errorCode?: ErrorCode;
  readonly smtpCode?: number;
  readonly enhancedCode?: string;
  /** The server's words, or the failure's. */
  readonly reply?: string;
  /** The relay's own id of the message. */
  readonly relayId?: string;
}

/**
 * Writes results of a claim. A row whose lease lapsed meanwhile keeps what was decided since, except that a
 * relay's answer, yes or no, settles a row still in doubt. Returns the ids that were written.
 */
export async function recordResults(
  db: Db,
  owner: string,
  results: readonly DeliveryResult[],
): Promise<ReadonlySet<DeliveryId>> {
  if (results.length === 0) return new Set();
  const of = <Value>(pick: (result: DeliveryResult) => Value) => results.map(pick);
  const written = await sql<{ id: DeliveryId }>`
    with given as (
      select * from unnest(${of(({ id }) => id)}::bigint[], ${of(({ state }) => state)}::text[],
        ${of(({ spent }) => spent)}::boolean[], ${of(({ waitMs }) => waitMs ?? 0)}::float8[],
        ${of(({ errorCode }) => errorCode ?? null)}::text[], ${of(({ smtpCode }) => smtpCode ?? null)}::smallint[],
        ${of(({ enhancedCode }) => enhancedCode ?? null)}::text[], ${of(({ reply }) => reply ?? null)}::text[],
        ${of(({ relayId }) => relayId ?? null)}::text[])
        as given(id, state, spent, wait_ms, error_code, smtp_code, enhanced_code, reply, relay_id)
    ), told as (
      update delivery set state = given.state, lease_owner = null, lease_until = null, stage = 'none',
        attempt = attempt + given.spent::int, next_at = now() + given.wait_ms * interval '1 millisecond',
        smtp_code = given.smtp_code, enhanced_code = given.enhanced_code, reply = given.reply,
        relay_id = coalesce(given.relay_id, delivery.relay_id),
        accepted_at = case when given.state = 'accepted' then now() end
      from given
      where delivery.id = given.id and (
        (delivery.state = 'sending' and lease_owner = ${owner})
        or (delivery.state in ('uncertain', 'ready', 'deferred') and given.state = 'accepted')
        or (delivery.state = 'uncertain' and given.state = 'rejected'))
      returning delivery.id, given.state, given.error_code, given.smtp_code, given.enhanced_code, given.reply
    ), noted as (
      insert into delivery_event (delivery_id, kind, detail)
      select id, 'result', jsonb_strip_nulls(jsonb_build_object('state', state, 'code', error_code,
        'smtpCode', smtp_code, 'enhancedCode', enhanced_code, 'reply', reply))
      from told
    )
    select id from told`.execute(db);
  return new Set(written.rows.map(({ id }) => id));
}
