import type { DeliveryId, EditionId } from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import { bytesArray } from '../connection/binary-array.ts';
import { column } from '../connection/columns.ts';
import type { Db, Tx } from '../connection/database.ts';
import { lockClaims } from '../connection/locks.ts';
import { PREPARED } from '../connection/prepared-statements.ts';
import { inTransaction } from '../connection/transaction.ts';
import { DOMAIN_PACE } from '../mail/mail-domains.ts';
import { isBarred, joinSuppression } from '../mail/suppressions.ts';
import { type ClaimPlace, ClaimPlaces, FIRST_PLACE } from './claim-places.ts';
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
 * would find the same rows. With the `places` of claims before it, it goes on behind them.
 */
export async function claimDeliveries(
  db: Db,
  { places = new ClaimPlaces(), ...wish }: ClaimWish & { readonly places?: ClaimPlaces },
): Promise<Claim> {
  const { editionId, limit } = wish;
  let from = places.of(editionId);
  const found = await inTransaction(db, async (tx) => {
    const [, behind] = await Promise.all([lockClaims(tx, editionId), findAndClaim(tx, wish, from)]);
    if (behind.length > 0 || from === FIRST_PLACE) return behind;
    from = FIRST_PLACE;
    return findAndClaim(tx, wish, from);
  });
  const last = found.find(({ dueAt }) => dueAt !== null);
  const isFull = found.length === limit;
  places.note(
    editionId,
    from,
    isFull && last?.dueAt ? { id: last.id, dueAt: last.dueAt } : undefined,
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

interface ClaimWish {
  readonly editionId: EditionId;
  readonly lease: Lease;
  readonly limit: number;
}

type Fate = 'claimed' | 'suppressed' | 'expired' | 'passed';

interface FatedDelivery extends ClaimedDelivery {
  readonly fate: Fate;
  readonly share: number;
  readonly isProbe: boolean;
  /** When it was due; told of the last one that was read. */
  readonly dueAt: string | null;
}

async function findAndClaim(
  tx: Tx,
  { editionId, lease: { owner, ms }, limit }: ClaimWish,
  from: ClaimPlace,
): Promise<FatedDelivery[]> {
  const worker = workerOf(owner);
  const found = await sql<FatedDelivery>`${PREPARED}
    with due as materialized (
      select delivery.id, delivery.domain, attempt, message_id, mail_date, next_at as due_at, ${isBarred('subscriber')} as barred
      from delivery join subscriber on subscriber.id = subscriber_id ${joinSuppression('subscriber')}
      where edition_id = ${editionId} and delivery.state in ('ready', 'deferred') and next_at <= now()
        and (next_at, delivery.id) > (${unseen(sql`${from.dueAt}::timestamptz`)}, ${unseen(sql`${from.id}::bigint`)}) and delivery.id not in ${heldDeliveries}
      order by next_at, delivery.id limit ${sql.lit(limit)}
    ), last as (
      select id, due_at::text from due order by due.due_at desc, id desc limit 1
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
      greatest(share, 1)::int as share, is_probe as "isProbe", last.due_at as "dueAt"
    from fated left join last using (id) where fate = 'claimed'
    union all
    select id, 0, '', null, null, fate, 0, false, last.due_at from untaken left join last using (id)
    order by id`.execute(tx);
  return found.rows;
}

/**
 * A value that the planner does not look at. A plan's deliveries share one moment, so that by its statistics nothing
 * is due behind it, and 500 deliveries would be joined as if they were one: 45 us for each of them instead of 13.
 */
const unseen = (value: RawBuilder<unknown>) => sql`(select ${value})`;

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
