import {
  idOf,
  type MailFormat,
  type QuietDays,
  type RecurringPolicy,
  type SendSchedule,
  type SubscriberId,
  type TopicId,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';
import { endSuppression } from '../mail/suppressions.ts';
import { firstDigestFrom, noteConsent } from './subscribers.ts';
import { saveSubscriptions } from './subscriptions.ts';

/** What somebody asked for, checked; topics are made when it is confirmed, and by nobody before. */
interface SignUpWish {
  readonly topics: readonly { readonly query: string; readonly name: string }[];
  readonly schedule: SendSchedule;
  readonly recurringPolicy: RecurringPolicy;
  readonly maxPapers: number;
  readonly quietDays: QuietDays;
  /** Of wishes made before it could be chosen there is none. */
  readonly mailFormat?: MailFormat;
}

export interface NewSignUp {
  readonly address: string;
  readonly domain: string;
  readonly addressHash: Buffer;
  readonly wish: SignUpWish;
  /** What they agreed to: the form's version, and where from, shortened. */
  readonly consent: Readonly<Record<string, string>>;
}

/** One mail in a day for an address, three in all: more would make us a tool against whoever owns it. */
const MOST_MAILS = 3;
/** After that an open wish is forgotten, and an address is as if nobody had typed it. */
const OPEN_FOR = sql`interval '7 days'`;
/** How long a link works after its mail. */
const LINK_FOR = sql`interval '48 hours'`;
/** A mail that cannot be delivered is not tried for ever. */
const MOST_ATTEMPTS = 5;

/**
 * Keeps a wish and has its mail sent, if one is due. The same whoever the address belongs to: new, pending, reading,
 * or gone. The newest wish of an address counts.
 */
export async function askToConfirm(db: Db, signUp: NewSignUp): Promise<void> {
  const { address, domain, addressHash, wish, consent } = signUp;
  await sql`
    insert into sign_up as open (address, domain, address_hash, wish, consent)
    values (${address}, ${domain}, ${addressHash}, ${JSON.stringify(wish)}, ${JSON.stringify(consent)})
    on conflict (lower(address)) where confirmed_at is null do update set
      wish = excluded.wish, consent = excluded.consent,
      confirm_due_at = case
        when open.confirm_due_at is not null then open.confirm_due_at
        when open.sent_count < ${MOST_MAILS} and coalesce(open.last_sent_at, '-infinity') < now() - interval '24 hours'
          then now() end,
      attempts = case when open.confirm_due_at is null then 0 else open.attempts end`.execute(db);
}

/** A mail to send. */
export interface DueConfirmation {
  readonly id: string;
  readonly address: string;
}

/**
 * Takes mails that are due. Should the taker die, they are due again after `leaseMs`. Addresses that bounced or
 * complained are told nothing.
 */
export async function claimConfirmations(
  db: Db,
  { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
): Promise<DueConfirmation[]> {
  const claimed = await sql<DueConfirmation & { barred: boolean }>`
    with due as (
      select id, exists (select from suppression
        where suppression.address_hash = sign_up.address_hash and reason <> 'left') as barred
      from sign_up where confirm_due_at <= now() and coalesce(lease_until, '-infinity') < now() and confirmed_at is null
      order by confirm_due_at limit ${limit} for update skip locked
    )
    update sign_up set
      lease_until = case when not barred then now() + make_interval(secs => ${leaseMs / 1_000}::float8) end,
      confirm_due_at = case when not barred then confirm_due_at end,
      attempts = attempts + case when barred then 0 else 1 end
    from due where due.id = sign_up.id
    returning sign_up.id, address, barred`.execute(db);
  return claimed.rows.filter(({ barred }) => !barred).map(({ id, address }) => ({ id, address }));
}

/** Lets a link work, before the mail that carries it goes out. */
export async function addConfirmToken(db: Db, id: string, tokenHash: Buffer): Promise<void> {
  await sql`update sign_up set token_hashes = token_hashes || ${tokenHash}::bytea, last_sent_at = now()
    where id = ${id}`.execute(db);
}

/** What became of a mail: sent, to be tried again, or given up. */
export type ConfirmationResult = 'sent' | 'failed' | { readonly retryInMs: number };

/**
 * Gives a claimed mail back with what became of it. One that was sent, failed for good or was tried too often is not
 * due again.
 */
export async function settleConfirmation(
  db: Db,
  id: string,
  result: ConfirmationResult,
): Promise<void> {
  const isSent = result === 'sent';
  const waitMs = typeof result === 'string' ? null : result.retryInMs;
  await sql`update sign_up set lease_until = null, sent_count = sent_count + ${isSent ? 1 : 0}::int,
    confirm_due_at = case when attempts < ${MOST_ATTEMPTS}
      then now() + make_interval(secs => ${waitMs === null ? null : waitMs / 1_000}::float8) end
    where id = ${id}`.execute(db);
}

/** An open wish, as its link finds it. */
export interface OpenSignUp {
  readonly id: string;
  readonly address: string;
  readonly wish: SignUpWish;
}

/** The wish of a link that still works. */
export async function findSignUp(db: Db, tokenHash: Buffer): Promise<OpenSignUp | undefined> {
  return openSignUp(db, tokenHash).executeTakeFirst();
}

function openSignUp(db: Db, tokenHash: Buffer) {
  return db
    .selectFrom('sign_up')
    .where(sql<boolean>`token_hashes @> array[${tokenHash}::bytea]`)
    .where('confirmed_at', 'is', null)
    .where('last_sent_at', '>', sql<Date>`now() - ${LINK_FOR}`)
    .select(['id', 'address', sql<SignUpWish>`wish`.as('wish')]);
}

/**
 * Makes a wish come true, once: whoever held the link owns the address. Somebody new becomes a subscriber; somebody
 * who is one keeps their topics beside the new ones and takes the new times. Undefined for a link that no longer works.
 */
export function confirmSignUp(
  db: Db,
  tokenHash: Buffer,
  topics: readonly { readonly topicId: TopicId; readonly name: string }[],
): Promise<SubscriberId | undefined> {
  return inTransaction(db, async (tx) => {
    const open = await openSignUp(tx, tokenHash)
      .select(['address_hash', 'domain', sql<Record<string, string>>`consent`.as('consent')])
      .forUpdate()
      .executeTakeFirst();
    if (!open) return undefined;
    await tx
      .updateTable('sign_up')
      .where('id', '=', open.id)
      .set({ confirmed_at: sql`now()`, confirm_due_at: null, token_hashes: sql`'{}'` })
      .execute();
    await endSuppression(tx, open.address_hash, 'left');
    const id = await saveConfirmed(tx, open);
    await saveSubscriptions(tx, id, topics);
    await noteConsent(tx, id, 'confirmed', {
      ...open.consent,
      topics: topics.map(({ name }) => name),
    });
    return id;
  });
}

async function saveConfirmed(
  tx: Tx,
  signUp: { address: string; domain: string; address_hash: Buffer; wish: SignUpWish },
): Promise<SubscriberId> {
  const { address, domain, address_hash, wish } = signUp;
  const { cadence, weekdays, hour, zone } = wish.schedule;
  const wanted = {
    cadence,
    weekdays: [...weekdays],
    send_hour: hour,
    zone,
    recurring_policy: wish.recurringPolicy,
    max_papers: wish.maxPapers,
    quiet_days: wish.quietDays,
    mail_format: wish.mailFormat ?? 'html',
  };
  const saved = await tx
    .insertInto('subscriber')
    .values({
      ...{ address, domain, address_hash, ...wanted },
      state: 'active',
      confirmed_at: sql<Date>`now()`,
      planned_through: firstDigestFrom(cadence),
      planned_until: sql<Date>`now()`,
    })
    .onConflict((conflict) =>
      conflict.expression(sql`lower(address)`).doUpdateSet({
        ...wanted,
        state: 'active',
        left_at: null,
        paused_until: null,
        // Whoever opened the link reads the mailbox again.
        paused_for: null,
        probe_at: null,
        probed_at: null,
        confirmed_at: sql<Date>`now()`,
        // Of the time they were away nothing is told.
        planned_through: sql<string>`case when subscriber.state = 'active' then subscriber.planned_through
          else greatest(subscriber.planned_through, ${firstDigestFrom(cadence)}) end`,
        planned_until: sql<Date>`case when subscriber.state = 'active' then subscriber.planned_until else now() end`,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return idOf('subscriber', saved.id);
}

/** Forgets wishes that nobody confirmed in a week, and after a month what was confirmed: consent has its own record. */
export async function forgetSignUps(db: Db): Promise<void> {
  await sql`delete from sign_up where created_at < now() - case when confirmed_at is null then ${OPEN_FOR}
    else interval '30 days' end`.execute(db);
}
