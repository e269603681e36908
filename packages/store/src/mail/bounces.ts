import { type DeliveryId, PaperboyError, type SubscriberId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';
import { keepSteps } from '../deliveries/delivery-steps.ts';
import { firstDigestFrom, leaveWithin } from '../subscribers/subscribers.ts';
import { suppress } from './suppressions.ts';

/** What came back of a delivery: a report after it, or the last reply of a conversation. */
export type Returned =
  | { readonly kind: 'complaint'; readonly reason: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** The reason speaks against the address itself. */
      readonly isHard: boolean;
      readonly status?: string;
      readonly words?: string;
    }
  | { readonly kind: 'delayed'; readonly status?: string; readonly words?: string }
  | { readonly kind: 'arrived' };

/**
 * What that changed. `known`: it was told before. `noted`: it is on record and nothing follows yet. `settled`: the
 * delivery was in doubt, and is so no more. `absent`: there is no such delivery, or not any more.
 */
export type ReturnEffect =
  | 'known'
  | 'noted'
  | 'settled'
  | 'suppressed'
  | 'paused'
  | 'left'
  | 'absent';

/** How often a reason may come back before a reader is spared, and over how many days. */
const COUNTED: Readonly<Record<string, { readonly times: number; readonly days: number }>> = {
  'unknown-host': { times: 2, days: 0 },
  'mailbox-full': { times: 3, days: 7 },
  disabled: { times: 2, days: 0 },
};
const PROBE_DAYS = 30;
/** Reports on a delivery may take so long: servers try for five days. */
const REPORT_DAYS = 6;

/** Feedback that is about our signature, not from a person. */
const TECHNICAL_COMPLAINT = 'auth-failure';
/** Feedback of somebody who left by the provider's own link: no complaint, and whoever did it may come back. */
const LEAVING = 'opt-out';

/** Whether a person called a digest spam. */
export function isSpamComplaint(returned: Returned): boolean {
  return returned.kind === 'complaint' && ![TECHNICAL_COMPLAINT, LEAVING].includes(returned.reason);
}

/**
 * Records what came back and draws the consequences, in one transaction. Twice the same is once: reasons are told apart,
 * ways are not. `via` names the way, such as `smtp`, `file` or `ses`.
 */
export function recordReturn(
  db: Db,
  deliveryId: DeliveryId,
  returned: Returned,
  via: string,
): Promise<ReturnEffect> {
  return inTransaction(db, async (tx) => {
    const delivery = await lockDelivery(tx, deliveryId);
    if (!delivery) return 'absent';
    if (returned.kind === 'arrived') return (await settle(tx, delivery)) ? 'settled' : 'noted';
    const eventId = await noteReturn(tx, deliveryId, returned, via);
    if (eventId === undefined) return 'known';
    const effect = await consequences(tx, delivery, returned);
    if (effect !== 'noted') await noteEffect(tx, eventId, effect);
    return effect;
  });
}

interface ReturnedDelivery {
  readonly id: DeliveryId;
  readonly state: string;
  readonly subscriberId: SubscriberId;
  readonly subscriberState: string;
  readonly addressHash: Buffer;
  /** A paused reader is tried again with this delivery, or one after it. */
  readonly isProbe: boolean;
}

async function lockDelivery(tx: Tx, id: DeliveryId): Promise<ReturnedDelivery | undefined> {
  const found = await sql<ReturnedDelivery>`
    select delivery.id, delivery.state, subscriber.id as "subscriberId", subscriber.state as "subscriberState",
      address_hash as "addressHash", coalesce(probed_at <= planned_at, false) as "isProbe"
    from delivery join subscriber on subscriber.id = subscriber_id join edition on edition.id = edition_id
    where delivery.id = ${id} for update of delivery, subscriber`.execute(tx);
  return found.rows[0];
}

async function noteReturn(
  tx: Tx,
  deliveryId: DeliveryId,
  returned: Exclude<Returned, { kind: 'arrived' }>,
  via: string,
): Promise<string | undefined> {
  const kind = returned.kind === 'complaint' ? 'complaint' : 'bounce';
  const { kind: outcome, ...told } = returned;
  const detail = outcome === 'delayed' ? { ...told, reason: 'delayed', via } : { ...told, via };
  const noted = await sql<{ id: string }>`
    insert into delivery_event (delivery_id, kind, detail) values (${deliveryId}, ${kind}, ${JSON.stringify(detail)})
    on conflict (delivery_id, kind, (detail ->> 'reason')) where kind in ('bounce', 'complaint') do nothing
    returning id`.execute(tx);
  return noted.rows[0]?.id;
}

async function noteEffect(tx: Tx, eventId: string, effect: ReturnEffect): Promise<void> {
  await sql`update delivery_event set detail = detail || jsonb_build_object('effect', ${effect}::text)
    where id = ${eventId}`.execute(tx);
}

async function consequences(
  tx: Tx,
  delivery: ReturnedDelivery,
  returned: Exclude<Returned, { kind: 'arrived' }>,
): Promise<ReturnEffect> {
  switch (returned.kind) {
    case 'delayed':
      return 'noted';
    case 'complaint': {
      // Whoever complains has it.
      const isSettled = await settle(tx, delivery);
      if (returned.reason === TECHNICAL_COMPLAINT) return isSettled ? 'settled' : 'noted';
      const isComplaint = isSpamComplaint(returned);
      if (isComplaint) await suppress(tx, delivery.addressHash, 'complaint');
      await leaveWithin(tx, delivery.subscriberId, { by: isComplaint ? 'complaint' : 'provider' });
      return 'left';
    }
    case 'failed': {
      await reject(tx, delivery, returned);
      return spare(tx, delivery, returned);
    }
  }
}

/** A delivery in doubt arrived after all. */
async function settle(tx: Tx, { id, state }: ReturnedDelivery): Promise<boolean> {
  if (state !== 'uncertain') return false;
  await sql`update delivery set state = 'accepted', accepted_at = now() where id = ${id}`.execute(
    tx,
  );
  await noteResolved(tx, id, 'accepted');
  return true;
}

/** What was taken, or may have been, came back. What is about to be sent stays: nobody has seen it fail. */
async function reject(
  tx: Tx,
  { id, state }: ReturnedDelivery,
  { status, words }: Extract<Returned, { kind: 'failed' }>,
): Promise<void> {
  if (state !== 'accepted' && state !== 'uncertain') return;
  await keepSteps(tx, id);
  await sql`update delivery set state = 'rejected', enhanced_code = ${status ?? null}, reply = ${words ?? null}
    where id = ${id}`.execute(tx);
  if (state === 'uncertain') await noteResolved(tx, id, 'rejected');
}

async function noteResolved(tx: Tx, id: DeliveryId, state: string): Promise<void> {
  await sql`insert into delivery_event (delivery_id, kind, detail)
    values (${id}, 'resolve', jsonb_build_object('state', ${state}::text, 'by', 'report'))`.execute(
    tx,
  );
}

async function spare(
  tx: Tx,
  delivery: ReturnedDelivery,
  { reason, isHard }: Extract<Returned, { kind: 'failed' }>,
): Promise<ReturnEffect> {
  const limit = COUNTED[reason];
  if (limit === undefined) return isHard ? suppressBounce(tx, delivery) : 'noted';
  const counted = await countInARow(tx, delivery, reason);
  const isOver = counted.times >= limit.times && counted.days >= limit.days;
  if (isHard) return isOver ? suppressBounce(tx, delivery) : 'noted';
  if (delivery.subscriberState !== 'active' || !(isOver || delivery.isProbe)) return 'noted';
  await sql`update subscriber set state = 'paused', paused_for = ${reason}, probed_at = null,
    probe_at = case when ${delivery.isProbe} then null else now() + make_interval(days => ${PROBE_DAYS}::int) end
    where id = ${delivery.subscriberId}`.execute(tx);
  return 'paused';
}

async function suppressBounce(tx: Tx, { addressHash }: ReturnedDelivery): Promise<ReturnEffect> {
  await suppress(tx, addressHash, 'hard-bounce');
  return 'suppressed';
}

/**
 * How many digests in a row came back for a reason, and how many days lie between the first and the last. One that was
 * taken, with nothing heard of it in the time that reports take, ends a row.
 */
async function countInARow(
  tx: Tx,
  { subscriberId }: ReturnedDelivery,
  reason: string,
): Promise<{ times: number; days: number }> {
  const found = await sql<{ times: number; days: number }>`
    select count(*)::int as times,
      coalesce(extract(epoch from max(window_end) - min(window_end)) / 86400, 0)::float8 as days
    from delivery join edition on edition.id = edition_id join delivery_event on delivery_event.delivery_id = delivery.id
    where delivery.subscriber_id = ${subscriberId} and kind = 'bounce' and detail ->> 'reason' = ${reason}
      and happened_at >= (select bounces_from from subscriber where id = ${subscriberId})
      and delivery.id > coalesce((
        select max(good.id) from delivery good where good.subscriber_id = ${subscriberId} and good.state = 'accepted'
          and good.accepted_at < now() - make_interval(days => ${REPORT_DAYS}::int)), 0)`.execute(
    tx,
  );
  return found.rows[0] ?? { times: 0, days: 0 };
}

/**
 * Tries readers again who were paused by bounces thirty days ago, once each: their next digest is on probation. It
 * reaches back no further than a first one. Those whose trial nobody complained of in the time that reports take are
 * readers like all others again. How many were tried.
 */
export function probePaused(db: Db): Promise<number> {
  return inTransaction(db, async (tx) => {
    await sql`update subscriber set probed_at = null, bounces_from = now()
      where probed_at < now() - make_interval(days => ${REPORT_DAYS}::int) and state = 'active'
        and exists (select from delivery where subscriber_id = subscriber.id and state = 'accepted'
          and accepted_at > probed_at
          and accepted_at < now() - make_interval(days => ${REPORT_DAYS}::int))`.execute(tx);
    const tried = await sql`update subscriber
      set state = 'active', paused_for = null, probe_at = null, probed_at = now(), planned_until = now(),
        planned_through = greatest(planned_through, ${firstDigestFrom()})
      where probe_at <= now() and state = 'paused' and paused_for is not null`.execute(tx);
    return Number(tried.numAffectedRows ?? 0n);
  });
}

/** A return on record. */
export interface ReturnView {
  readonly deliveryId: DeliveryId;
  readonly subscriberId: SubscriberId;
  readonly address: string;
  readonly happenedAt: Date;
  readonly kind: 'bounce' | 'complaint';
  readonly reason: string;
  readonly status: string | null;
  readonly words: string | null;
  readonly via: string;
  /** What it changed, if anything. */
  readonly effect: string | null;
}

/** Bounces and complaints, newest first. */
export async function listReturns(
  db: Db,
  filter: {
    readonly subscriberId?: SubscriberId;
    readonly reason?: string;
    readonly limit: number;
  },
): Promise<ReturnView[]> {
  const { subscriberId = null, reason = null, limit } = filter;
  const found = await sql<ReturnView>`
    select delivery_id as "deliveryId", subscriber_id as "subscriberId", address, happened_at as "happenedAt", kind,
      detail ->> 'reason' as reason, detail ->> 'status' as status, detail ->> 'words' as words,
      detail ->> 'via' as via, detail ->> 'effect' as effect
    from delivery_event join delivery on delivery.id = delivery_id join subscriber on subscriber.id = subscriber_id
    where kind in ('bounce', 'complaint') and (${subscriberId}::bigint is null or subscriber_id = ${subscriberId})
      and (${reason}::text is null or detail ->> 'reason' = ${reason})
    order by happened_at desc, delivery_event.id desc limit ${limit}`.execute(db);
  return found.rows;
}

/** People's complaints of the last day, without those that only wished to leave, and the messages accepted for them and everybody else in it. */
export async function complaintShare(db: Db): Promise<{ complaints: number; accepted: number }> {
  const found = await sql<{ complaints: number; accepted: number }>`
    select (select count(*) from delivery_event where kind = 'complaint' and happened_at > now() - interval '1 day'
        and detail ->> 'reason' not in (${TECHNICAL_COMPLAINT}, ${LEAVING}))::int as complaints,
      (select count(*) from edition join delivery on delivery.edition_id = edition.id
        where planned_at > now() - interval '2 days' and accepted_at > now() - interval '1 day')::int as accepted`.execute(
    db,
  );
  return found.rows[0] ?? { complaints: 0, accepted: 0 };
}

const MOST_STRAYS = 500;
const MOST_STRAY_BYTES = 64 * 1024;

/** Mail that changed nothing, for a person to look at. */
export interface StrayMail {
  readonly via: string;
  readonly kind: string;
  readonly reason: string;
  readonly raw: Uint8Array;
  /** SHA-256 of it. */
  readonly contentHash: Buffer;
}

/** Keeps the beginning of a message, and the newest five hundred of its kind. */
export async function keepStray(db: Db, stray: StrayMail): Promise<void> {
  const { via, kind, reason, raw, contentHash } = stray;
  const start = Buffer.from(raw.subarray(0, MOST_STRAY_BYTES));
  await sql`insert into stray_mail (via, kind, reason, content_hash, raw)
    values (${via}, ${kind}, ${reason}, ${contentHash}, ${start}) on conflict do nothing`.execute(
    db,
  );
  await sql`delete from stray_mail where id in (
    select id from stray_mail order by id desc offset ${MOST_STRAYS})`.execute(db);
}

/** Kept mail, newest first, without its text. */
export async function listStrays(db: Db, { limit }: { readonly limit: number }) {
  return db
    .selectFrom('stray_mail')
    .select(['id', 'received_at as receivedAt', 'via', 'kind', 'reason'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** What is kept of a message. Throws NOT_FOUND. */
export async function findStray(db: Db, id: string): Promise<Buffer> {
  const found = /^[1-9]\d{0,17}$/.test(id)
    ? await db.selectFrom('stray_mail').select('raw').where('id', '=', id).executeTakeFirst()
    : undefined;
  if (!found) throw new PaperboyError('NOT_FOUND', `no kept message ${id}`);
  return found.raw;
}
