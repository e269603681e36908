import type { DeliveryId, ErrorCode } from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Db } from '../connection/database.ts';
import { PREPARED } from '../connection/prepared-statements.ts';
import { claimedAt, isForsaken } from './claims.ts';
import { insertSteps } from './delivery-steps.ts';

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
 * Writes results of a claim; those of rows that were never staged are that they wait on, or cannot be sent. A row whose
 * lease lapsed meanwhile keeps what was decided since, except that what its last worker knows settles a row still in
 * doubt, and a yes of the relay one that waits. Returns the ids that were written.
 */
export function recordResults(
  db: Db,
  owner: string,
  results: readonly DeliveryResult[],
): Promise<ReadonlySet<DeliveryId>> {
  return write(db, results, {
    kind: 'result',
    owner,
    may: sql<boolean>`(delivery.state = 'sending' and lease_owner = ${owner})
      or (delivery.state in ('ready', 'deferred') and given.state in ('ready', 'rejected') and ${claimedAt(owner)} is not null)
      or (delivery.state = 'uncertain' and staged_by = ${owner} and given.state <> 'uncertain')
      or (delivery.state in ('uncertain', 'ready', 'deferred') and given.state = 'accepted')`,
  });
}

/** Settles staged deliveries whose worker is gone, by evidence; one that was settled meanwhile stays as it is. */
export function settleLapsed(
  db: Db,
  results: readonly DeliveryResult[],
): Promise<ReadonlySet<DeliveryId>> {
  return write(db, results, {
    kind: 'lapse',
    may: sql<boolean>`delivery.state = 'sending' and stage = 'data' and ${isForsaken}`,
  });
}

/** Settles uncertain deliveries by evidence that came late; the attempt was counted when it was lost. */
export function settleUncertain(
  db: Db,
  results: readonly DeliveryResult[],
): Promise<ReadonlySet<DeliveryId>> {
  return write(
    db,
    results.map((result) => ({ ...result, spent: false })),
    {
      kind: 'resolve',
      may: sql<boolean>`delivery.state = 'uncertain' and given.state <> 'uncertain'`,
    },
  );
}

interface Writing {
  readonly kind: 'result' | 'lapse' | 'resolve';
  /** The claim they are of. */
  readonly owner?: string;
  /** Which rows may still take their result; `given` is the result's row. */
  readonly may: RawBuilder<boolean>;
}

async function write(
  db: Db,
  results: readonly DeliveryResult[],
  { kind, owner = '', may }: Writing,
): Promise<ReadonlySet<DeliveryId>> {
  if (results.length === 0) return new Set();
  // Its steps stay in the row, with the relay's words.
  const isPlainYes = sql<boolean>`(given.state = 'accepted' and ${sql.lit(kind)} = 'result')`;
  const of = (
    type: Parameters<typeof column>[0],
    pick: (result: DeliveryResult) => string | number | undefined,
  ) => column(type, results, pick);
  const written = await sql<{ id: DeliveryId }>`${PREPARED}
    with given as (
      select * from unnest(${of('bigint', ({ id }) => id)}, ${of('text', ({ state }) => state)},
          ${of('smallint', ({ spent }) => Number(spent))}, ${of('bigint', ({ waitMs = 0 }) => Math.ceil(waitMs))},
          ${of('text', ({ errorCode }) => errorCode)}, ${of('smallint', ({ smtpCode }) => smtpCode)},
          ${of('text', ({ enhancedCode }) => enhancedCode)}, ${of('text', ({ reply }) => reply)},
          ${of('text', ({ relayId }) => relayId)})
        as given(id, state, spent, wait_ms, error_code, smtp_code, enhanced_code, reply, relay_id)
    ), told as (
      update delivery set state = given.state, lease_owner = null, stage = 'none',
        attempt = attempt + spent, next_at = now() + wait_ms * interval '1 millisecond',
        smtp_code = given.smtp_code, enhanced_code = given.enhanced_code, reply = given.reply,
        relay_id = coalesce(given.relay_id, delivery.relay_id),
        accepted_at = case when given.state = 'accepted' then now() end,
        claimed_at = case when ${isPlainYes} then coalesce(delivery.claimed_at, ${claimedAt(owner)}) end,
        staged_at = case when ${isPlainYes} then delivery.staged_at end
      from given where delivery.id = given.id and (${may})
      returning delivery.id, given.state, given.error_code, given.smtp_code, given.enhanced_code, given.reply,
        delivery.claimed_at is not null as is_plain_yes, coalesce(old.claimed_at, ${claimedAt(owner)}) as claimed_at,
        old.staged_at, coalesce(old.lease_owner, ${owner}::text) as worker
    ), noted as (
      ${insertSteps(sql`select id, claimed_at, staged_at, worker, ${kind}::text as kind,
        jsonb_strip_nulls(jsonb_build_object('state', state, 'code', error_code,
          'smtpCode', smtp_code, 'enhancedCode', enhanced_code, 'reply', reply)) as detail
        from told where not is_plain_yes`)}
    )
    select id from told`.execute(db);
  return new Set(written.rows.map(({ id }) => id));
}
