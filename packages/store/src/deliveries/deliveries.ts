import type { DeliveryId, EditionId } from '@paperboy/core';
import { sql } from 'kysely';
import { bytesArray } from '../connection/binary-array.ts';
import { column } from '../connection/columns.ts';
import type { Db, Tx } from '../connection/database.ts';
import { lockClaims } from '../connection/locks.ts';
import { PREPARED } from '../connection/prepared-statements.ts';
import { inTransaction } from '../connection/transaction.ts';
import { DOMAIN_PACE } from '../mail/mail-domains.ts';
import { isBarred, joinSuppression } from '../mail/suppressions.ts';
import { claimedAt, heldDeliveries, isHeld, type Lease, momentIn } from './claims.ts';
import { insertSteps } from './delivery-steps.ts';

/** A claimed delivery; Message-ID and Date are there when it was staged before. */
export interface ClaimedDelivery {
  readonly id: DeliveryId;
  readonly attempt: number;
  /** The receiving domain. */
  readonly domain: string;
  readonly messageId: string | null;
  readonly mailDate: Date | null;
}

/** One claim, and what became of the due deliveries that could not be claimed. */
export interface Claim {
  readonly claimed: readonly ClaimedDelivery[];
  /** Their subscribers left, or must not be mailed. */
  readonly suppressed: number;
  /** Their edition is too old to be sent. */
  readonly expired: number;
  /** Left for later, as their domain is at its limit or left alone. */
  readonly passed: number;
  /** For each claimed domain, how many conversations at a time are this worker's share of its limit. */
  readonly shares: ReadonlyMap<string, number>;
  /** Claimed domains that were at rest: their one message tells whether they take mail again. */
  readonly probed: readonly string[];
}

/** How soon rows that a domain at its limit has no room for are looked at again. */
const PASSED_MS = 1_000;

/**
 * Rows of a slow domain that may be claimed per conversation it takes, so that no batch waits for it alone. A domain
 * at its first pace or above is fast enough for whole batches.
 */
const ROWS_PER_CONVERSATION = 15;

/**
 * Claims due deliveries of an edition, oldest first, and settles in the same statement what is not to be sent: late,
 * suppressed, or for a domain that takes no more. What a domain has in flight is counted from the rows that somebody
 * holds, so that a crash cannot leave a count too high. Claims of an edition are made one after another: two at once
 * would find the same rows.
 */
export async function claimDeliveries(
  db: Db,
  claim: { editionId: EditionId; lease: Lease; limit: number },
): Promise<Claim> {
  const [, found] = await inTransaction(db, (tx) =>
    Promise.all([lockClaims(tx, claim.editionId), findAndClaim(tx, claim)]),
  );
  const fates = Map.groupBy(found, ({ fate }) => fate);
  const claimed = fates.get('claimed') ?? [];
  const count = (fate: Fate) => fates.get(fate)?.length ?? 0;
  return {
    claimed,
    suppressed: count('suppressed'),
    expired: count('expired'),
    passed: count('passed'),
    shares: new Map(claimed.map(({ domain, share }) => [domain, share])),
    probed: claimed.flatMap(({ domain, isProbe }) => (isProbe ? [domain] : [])),
  };
}

type Fate = 'claimed' | 'suppressed' | 'expired' | 'passed';

async function findAndClaim(
  tx: Tx,
  { editionId, lease: { owner, ms }, limit }: Parameters<typeof claimDeliveries>[1],
): Promise<(ClaimedDelivery & { fate: Fate; share: number; isProbe: boolean })[]> {
  const worker = workerOf(owner);
  const found = await sql<
    ClaimedDelivery & { fate: Fate; share: number; isProbe: boolean }
  >`${PREPARED}
    with due as materialized (
      select delivery.id, delivery.domain, attempt, message_id, mail_date, ${isBarred('subscriber')} as barred
      from delivery join subscriber on subscriber.id = subscriber_id ${joinSuppression('subscriber')}
      where edition_id = ${editionId} and delivery.state in ('ready', 'deferred') and next_at <= now()
        and delivery.id not in ${heldDeliveries}
      order by next_at, delivery.id limit ${sql.lit(limit)}
    ), known as (
      select send_until < now() as late from edition where id = ${editionId}
    ), probed as (
      -- whoever moves this mark has the one message that a resting domain is tried with
      update mail_domain set dead_until = now() + interval '1 minute'
      where dead_until <= now() and domain in (select domain from due where not barred and not (select late from known))
      returning domain
    ), busy as (
      select domain, count(*) as held,
        count(distinct split_part(owner, '.', 1)) filter (where split_part(owner, '.', 1) <> ${worker}) as others
      -- one claim after another by the ids it names: nobody has counted them, and all deliveries were read for them
      from claim cross join lateral (select domain from delivery
        where id = any(deliveries) and state in ('ready', 'deferred', 'sending') offset 0) as held
      where ${isHeld} group by domain
    ), paced as (
      select domain, dead_until, probed.domain is not null as is_probe, coalesce(most, ${DOMAIN_PACE.first}) / (1 + coalesce(others, 0)) as share,
        case when probed.domain is not null then 1
          when dead_until is not null or coalesce(others, 0) >= coalesce(most, ${DOMAIN_PACE.first}) then 0
          when most < ${DOMAIN_PACE.first} then most * ${ROWS_PER_CONVERSATION} - coalesce(held, 0)
          else ${sql.lit(limit)} end as room
      from (select distinct domain from due) wanted left join mail_domain using (domain) left join busy using (domain)
        left join probed using (domain)
    ), placed as (
      select due.id, row_number() over (partition by domain order by due.id) as place
      from due join paced using (domain) where not barred and room < ${sql.lit(limit)}
    ), fated as (
      select due.*, dead_until, share, is_probe, case when barred then 'suppressed' when late then 'expired'
        when place > room then 'passed' else 'claimed' end as fate
      from due join paced using (domain) cross join known left join placed using (id)
    ), claimed as (
      insert into claim (owner, lease_until, deliveries)
      select ${owner}, ${momentIn(ms)}, array_agg(id order by id) from fated where fate = 'claimed' having count(*) > 0
    ), untaken as (
      update delivery set state = case fate when 'passed' then state else fate end,
        next_at = case fate when 'passed' then greatest(dead_until, ${momentIn(PASSED_MS)}) else next_at end
      from fated where delivery.id = fated.id and fate <> 'claimed' and state in ('ready', 'deferred')
      returning delivery.id, fate
    ), told as (
      insert into delivery_event (delivery_id, kind, detail)
      select id, 'result', jsonb_build_object('state', fate) from untaken where fate <> 'passed'
    )
    select id, attempt, domain, message_id as "messageId", mail_date as "mailDate", fate,
      greatest(share, 1)::int as share, is_probe as "isProbe" from fated where fate = 'claimed'
    union all
    select id, 0, '', null, null, fate, 0, false from untaken
    order by id`.execute(tx);
  return found.rows;
}

/** The process that an owner of leases belongs to; `4711-<uuid>.12` is its twelfth claim. */
function workerOf(owner: string): string {
  return owner.split('.', 1)[0] ?? owner;
}

/** A message about to be handed to the relay. */
export interface StagedMessage {
  readonly id: DeliveryId;
  readonly messageId: string;
  readonly mailDate: Date;
  /** SHA-256 of the bytes; of a signed message, of its head, which holds the hash of its body. */
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
  const staged = await sql<{ id: DeliveryId; barred: boolean }>`${PREPARED}
    with told as (
      update delivery set stage = case when barred then 'none' else 'data' end,
        state = case when barred then 'suppressed' else 'sending' end,
        lease_owner = case when barred then null else ${owner} end,
        message_id = coalesce(delivery.message_id, given.message_id),
        mail_date = coalesce(delivery.mail_date, given.mail_date), content_hash = given.content_hash,
        staged_by = case when barred then staged_by else ${owner} end,
        staged_at = case when barred then null else now() end,
        claimed_at = case when barred then null else ${claimedAt(owner)} end
      from unnest(${column('bigint', messages, ({ id }) => id)}, ${column('text', messages, ({ messageId }) => messageId)},
          ${column('timestamptz', messages, ({ mailDate }) => mailDate.toISOString())},
          ${bytesArray(messages.map(({ contentHash }) => contentHash))}::bytea[])
          as given(id, message_id, mail_date, content_hash),
        lateral (select subscriber.id, ${isBarred('subscriber')} as barred
          from subscriber ${joinSuppression('subscriber')}) as reader
      where delivery.id = given.id and reader.id = subscriber_id and delivery.state in ('ready', 'deferred')
        and ${claimedAt(owner)} is not null
      returning delivery.id, barred, ${claimedAt(owner)} as claimed_at, null::timestamptz as staged_at
    ), noted as (
      ${insertSteps(sql`select id, claimed_at, staged_at, ${owner}::text as worker, 'result' as kind,
        '{"state": "suppressed"}'::jsonb as detail from told where barred`)}
    )
    select id, barred from told`.execute(db);
  return new Set(staged.rows.flatMap(({ id, barred }) => (barred ? [] : id)));
}
