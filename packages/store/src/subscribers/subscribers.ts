import { domainToASCII } from 'node:url';
import {
  type Cadence,
  idOf,
  type MailFormat,
  PaperboyError,
  type QuietDays,
  type RecurringPolicy,
  type SendSchedule,
  type Strictness,
  type SubscriberId,
  type SubscriberState,
  type TopicId,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';
import { plannedUntil } from '../deliveries/shared-windows.ts';
import { endSuppression, suppress } from '../mail/suppressions.ts';
import { saveSubscriptions, type TopicFollowed, topicsFollowed } from './subscriptions.ts';

/** Somebody who has agreed to be mailed. Address, domain and hash as the email package gives them. */
export interface NewSubscriber {
  readonly address: string;
  readonly domain: string;
  readonly addressHash: Buffer;
  /** As `checkSchedule` returned it. */
  readonly schedule: SendSchedule;
  /** `trending` when left out. */
  readonly recurringPolicy?: RecurringPolicy;
  /** Papers shown in one mail; 20 when left out. The rest is counted and shown online. */
  readonly maxPapers?: number;
  /** `silence` when left out. */
  readonly quietDays?: QuietDays;
  /** `html` when left out. */
  readonly mailFormat?: MailFormat;
  /** Normally strict where nothing is said. */
  readonly topics: readonly {
    readonly topicId: TopicId;
    readonly name: string;
    readonly strictness?: Strictness;
  }[];
  /** When they agreed: digests due before it are not theirs. Now when left out. */
  readonly at?: Date;
}

export interface Subscriber {
  readonly id: SubscriberId;
  readonly address: string;
  readonly state: SubscriberState;
  readonly schedule: SendSchedule;
  readonly recurringPolicy: RecurringPolicy;
  readonly maxPapers: number;
  readonly quietDays: QuietDays;
  readonly mailFormat: MailFormat;
  readonly topics: readonly TopicFollowed[];
  /** The hour up to which digests are planned. */
  readonly plannedUntil: Date;
  readonly createdAt: Date;
  readonly leftAt: Date | null;
  /** When a pause by their own wish ends. */
  readonly pausedUntil: Date | null;
  /** Why nothing is mailed in spite of the state, if so. */
  readonly suppressedFor: string | null;
}

/** Adds a subscriber whom the operator vouches for. Throws ALREADY_EXISTS when the address is there. */
export async function addSubscriber(db: Db, subscriber: NewSubscriber): Promise<SubscriberId> {
  const { id, fresh } = await ensureSubscriber(db, subscriber);
  if (!fresh) throw new PaperboyError('ALREADY_EXISTS', `a subscriber ${subscriber.address}`);
  return id;
}

/** Adds a subscriber unless the address is there, in any case of its letters; an existing one stays as it is. */
export function ensureSubscriber(
  db: Db,
  subscriber: NewSubscriber,
): Promise<{ id: SubscriberId; fresh: boolean }> {
  return inTransaction(db, async (tx) => {
    const id = await insertSubscriber(tx, subscriber);
    if (id === undefined) {
      const { id: known } = await findSubscriber(tx, subscriber.address);
      return { id: known, fresh: false };
    }
    await saveSubscriptions(tx, id, subscriber.topics);
    await noteConsent(tx, id, 'imported', { topics: subscriber.topics.map(({ name }) => name) });
    return { id, fresh: true };
  });
}

async function insertSubscriber(tx: Tx, subscriber: NewSubscriber) {
  const { address, domain, addressHash, schedule, at = new Date() } = subscriber;
  const added = await tx
    .insertInto('subscriber')
    .values({
      address,
      domain,
      address_hash: addressHash,
      state: 'active',
      cadence: schedule.cadence,
      weekdays: [...schedule.weekdays],
      send_hour: schedule.hour,
      zone: schedule.zone,
      recurring_policy: subscriber.recurringPolicy ?? 'trending',
      max_papers: subscriber.maxPapers ?? 20,
      quiet_days: subscriber.quietDays ?? 'silence',
      mail_format: subscriber.mailFormat ?? 'html',
      planned_through: firstDigestFrom(schedule.cadence),
      planned_until: at,
      confirmed_at: at,
    })
    .onConflict((conflict) => conflict.expression(sql`lower(address)`).doNothing())
    .returning('id')
    .executeTakeFirst();
  return added?.id;
}

/**
 * The page after which a first digest begins: it reaches back one day, or a week for weekly readers, from the
 * newest page, so that it is neither empty nor the whole past. Without a cadence that of the row `subscriber` counts.
 */
export function firstDigestFrom(cadence?: Cadence) {
  const which = cadence === undefined ? sql.ref('subscriber.cadence') : sql`${cadence}::text`;
  return sql<string>`(
    select coalesce(min(ready_no) - 1, 0) from listing_page where ready_no is not null and seen_at > (
      select max(seen_at) - case ${which} when 'weekly' then interval '7 days' else interval '1 day' end
      from listing_page where ready_no is not null))`;
}

function subscriberRows(db: Db) {
  return db
    .selectFrom('subscriber')
    .select(['id', 'address', 'state', 'cadence', 'weekdays', 'send_hour', 'zone'])
    .select([
      'recurring_policy',
      'max_papers',
      'quiet_days',
      'mail_format',
      'created_at',
      'left_at',
    ])
    .select(['paused_until', plannedUntil.as('planned_until')])
    .select((subscriber) => [
      topicsFollowed().as('topics'),
      subscriber
        .selectFrom('suppression')
        .whereRef('suppression.address_hash', '=', 'subscriber.address_hash')
        .select('reason')
        .as('suppressed_for'),
    ]);
}

type SubscriberRow = Awaited<
  ReturnType<ReturnType<typeof subscriberRows>['executeTakeFirstOrThrow']>
>;

function toSubscriber(row: SubscriberRow): Subscriber {
  const { id, address, state, cadence, weekdays, send_hour: hour, zone } = row;
  return {
    id,
    address,
    state,
    schedule: { cadence, weekdays, hour, zone },
    recurringPolicy: row.recurring_policy,
    maxPapers: row.max_papers,
    quietDays: row.quiet_days,
    mailFormat: row.mail_format,
    topics: row.topics,
    plannedUntil: row.planned_until,
    createdAt: row.created_at,
    leftAt: row.left_at,
    pausedUntil: row.paused_until,
    suppressedFor: row.suppressed_for,
  };
}

/** Subscribers by address. `after` is the last address of the page before. */
export async function listSubscribers(
  db: Db,
  filter: {
    readonly state?: SubscriberState;
    /** A part of the address, in any case of its letters, or a whole domain; every address is looked at. */
    readonly part?: string;
    readonly after?: string;
    readonly limit?: number;
  } = {},
): Promise<Subscriber[]> {
  const { state, part, after, limit = 1_000 } = filter;
  let rows = subscriberRows(db).orderBy(sql`lower(address)`).limit(limit);
  if (state) rows = rows.where('state', '=', state);
  if (part) rows = rows.where(sql<boolean>`strpos(lower(address), ${asStored(part)}) > 0`);
  if (after) rows = rows.where(sql`lower(address)`, '>', after.toLowerCase());
  return (await rows.execute()).map(toSubscriber);
}

/** An address, or the end of one, as a person types it: an international domain is stored in letters of ASCII (RFC 5890). */
function asStored(typed: string): string {
  const text = typed.trim().toLowerCase();
  const at = text.lastIndexOf('@') + 1;
  const domain = text.slice(at);
  // An ASCII domain is none of its business: it would read 127.1 as a number.
  return /^\p{ASCII}*$/u.test(domain)
    ? text
    : text.slice(0, at) + (domainToASCII(domain) || domain);
}

/** A subscriber by address, in any case of its letters and either form of its domain, or by id. Throws NOT_FOUND. */
export async function findSubscriber(db: Db, addressOrId: string): Promise<Subscriber> {
  const rows = subscriberRows(db);
  const wanted = /^[1-9]\d{0,18}$/.test(addressOrId)
    ? rows.where('id', '=', idOf('subscriber', addressOrId))
    : rows.where(sql`lower(address)`, '=', asStored(addressOrId));
  const found = await wanted.executeTakeFirst();
  if (!found) throw new PaperboyError('NOT_FOUND', `no subscriber ${addressOrId}`);
  return toSubscriber(found);
}

/** Changes when digests come. What is planned already stands; the next plan takes up where that ended. */
export async function changeSchedule(
  db: Db,
  id: SubscriberId,
  { cadence, weekdays, hour, zone }: SendSchedule,
): Promise<void> {
  await db
    .updateTable('subscriber')
    .where('id', '=', id)
    .set({ cadence, weekdays: [...weekdays], send_hour: hour, zone })
    .execute();
}

/**
 * Ends all mail to a subscriber at once; what is planned becomes suppressed when it is claimed or staged.
 * False if they had left before. `detail` tells how: a page, a one-click post, a command. No addresses in it.
 */
export function leave(
  db: Db,
  id: SubscriberId,
  detail: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  return inTransaction(db, (tx) => leaveWithin(tx, id, detail));
}

/** The same inside of a transaction. */
export async function leaveWithin(
  tx: Tx,
  id: SubscriberId,
  detail: Readonly<Record<string, string>>,
): Promise<boolean> {
  const left = await tx
    .updateTable('subscriber')
    .where('id', '=', id)
    .where('state', '!=', 'left')
    .set({ state: 'left', left_at: sql`now()`, probe_at: null })
    .returning('address_hash')
    .executeTakeFirst();
  if (!left) return false;
  await suppress(tx, left.address_hash, 'left');
  await noteConsent(tx, id, 'left', detail);
  return true;
}

/**
 * Takes a leave back within a day of it: forwarded mail is often left by somebody else. Digests held back
 * since are due again. False if it is too late or they had not left.
 */
export function rejoin(
  db: Db,
  id: SubscriberId,
  detail: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const back = await tx
      .selectFrom('subscriber')
      .where('id', '=', id)
      .where('state', '=', 'left')
      .where('left_at', '>', sql<Date>`now() - interval '24 hours'`)
      .where('confirmed_at', 'is not', null)
      .select(['address_hash', 'left_at'])
      .forUpdate()
      .executeTakeFirst();
    if (!back?.left_at) return false;
    await endSuppression(tx, back.address_hash, 'left');
    await tx
      .updateTable('subscriber')
      .where('id', '=', id)
      .set({ state: 'active', left_at: null })
      .execute();
    await reviveDeliveries(tx, id, back.left_at);
    await noteConsent(tx, id, 'rejoined', detail);
    return true;
  });
}

async function reviveDeliveries(tx: Tx, id: SubscriberId, since: Date): Promise<void> {
  await tx
    .updateTable('delivery')
    .where('subscriber_id', '=', id)
    .where('state', '=', 'suppressed')
    .where((delivery) =>
      delivery.exists(
        delivery
          .selectFrom('delivery_event')
          .whereRef('delivery_event.delivery_id', '=', 'delivery.id')
          .where(sql`delivery_event.detail->>'state'`, '=', 'suppressed')
          .where('happened_at', '>=', since),
      ),
    )
    .set({ state: 'ready', next_at: sql`now()` })
    .execute();
}

/** Adds to the record of how somebody agreed and left. */
export async function noteConsent(
  tx: Tx,
  id: SubscriberId,
  kind: 'imported' | 'confirmed' | 'left' | 'rejoined',
  detail: Readonly<Record<string, string | readonly string[]>>,
): Promise<void> {
  await tx
    .insertInto('consent_event')
    .values({ subscriber_id: id, kind, detail: JSON.stringify(detail) })
    .execute();
}
