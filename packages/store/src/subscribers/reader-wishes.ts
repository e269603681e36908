import type {
  DeliveryId,
  ListedOn,
  MailFormat,
  PaperId,
  QuietDays,
  RecurringPolicy,
  SendSchedule,
  Strictness,
  SubscriberId,
  TopicId,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';
import { suppress } from '../mail/suppressions.ts';
import { firstDigestFrom, noteConsent } from './subscribers.ts';
import { saveSubscriptions } from './subscriptions.ts';

/** All that readers decide about their digests by themselves. */
export interface ReaderWishes {
  readonly schedule: SendSchedule;
  readonly recurringPolicy: RecurringPolicy;
  readonly maxPapers: number;
  readonly quietDays: QuietDays;
  readonly mailFormat: MailFormat;
  /** Topics followed from now on, instead of those followed so far. */
  readonly topics: readonly {
    readonly topicId: TopicId;
    readonly name: string;
    readonly strictness: Strictness;
  }[];
}

/** Takes new wishes. What is planned stands; the next plan takes up where that ended. */
export async function changeWishes(
  db: Db,
  id: SubscriberId,
  { schedule, recurringPolicy, maxPapers, quietDays, mailFormat, topics }: ReaderWishes,
): Promise<void> {
  const { cadence, weekdays, hour, zone } = schedule;
  await inTransaction(db, async (tx) => {
    await tx
      .updateTable('subscriber')
      .where('id', '=', id)
      .set({ cadence, weekdays: [...weekdays], send_hour: hour, zone })
      .set({ recurring_policy: recurringPolicy, max_papers: maxPapers, quiet_days: quietDays })
      .set({ mail_format: mailFormat })
      .execute();
    const kept = topics.map(({ topicId }) => topicId);
    await sql`delete from subscription where subscriber_id = ${id} and topic_id <> all(${kept}::bigint[])`.execute(
      tx,
    );
    await saveSubscriptions(tx, id, topics);
  });
}

/** Holds digests back until a moment. False for somebody who is not reading now. */
export async function pauseReader(db: Db, id: SubscriberId, until: Date): Promise<boolean> {
  const paused = await db
    .updateTable('subscriber')
    .where('id', '=', id)
    .where((reader) =>
      reader.or([
        reader('state', '=', 'active'),
        reader.and([reader('state', '=', 'paused'), reader('paused_until', 'is not', null)]),
      ]),
    )
    .set({ state: 'paused', paused_until: until })
    .executeTakeFirst();
  return paused.numUpdatedRows > 0n;
}

/** Ends a pause by the reader's own wish. Of the time between nothing is told but what a first digest would. */
export async function resumeReader(db: Db, id: SubscriberId): Promise<boolean> {
  return (await resume(db, sql`id = ${id} and paused_until is not null`)) > 0;
}

/** Ends the pauses whose time is over; how many. */
export function resumeDue(db: Db): Promise<number> {
  return resume(db, sql`paused_until <= now()`);
}

async function resume(db: Db, who: ReturnType<typeof sql>): Promise<number> {
  const resumed = await sql`
    update subscriber set state = 'active', paused_until = null, planned_until = now(),
      planned_through = greatest(planned_through, ${firstDigestFrom()})
    where state = 'paused' and paused_for is null and ${who}`.execute(db);
  return Number(resumed.numAffectedRows ?? 0n);
}

/** Whether a digest was ever planned for a reader. */
export async function hasDigests(db: Db, id: SubscriberId): Promise<boolean> {
  const found = await db
    .selectFrom('delivery')
    .where('subscriber_id', '=', id)
    .select('id')
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Digests that a reader got, newest first. `windowEnd` lies in the day that a digest is called by. */
export async function readerDigests(
  db: Db,
  id: SubscriberId,
  { limit }: { readonly limit: number },
): Promise<{ readonly id: DeliveryId; readonly windowEnd: Date; readonly papers: number }[]> {
  return db
    .selectFrom('delivery')
    .innerJoin('edition', 'edition.id', 'delivery.edition_id')
    .where('subscriber_id', '=', id)
    .where('accepted_at', 'is not', null)
    .select([
      'delivery.id',
      'window_end as windowEnd',
      sql<number>`cardinality(new_papers) + cardinality(recurring_papers)`.as('papers'),
    ])
    .orderBy('delivery.id', 'desc')
    .limit(limit)
    .execute();
}

/** What a reader saved or liked, the latest first, and which of it a source has worded anew since that day. */
export async function savedPapers(
  db: Db,
  id: SubscriberId,
  { limit }: { readonly limit: number },
): Promise<
  {
    readonly paperId: PaperId;
    readonly title: string;
    readonly vote: 'like' | 'dislike' | null;
    readonly isSaved: boolean;
    readonly changedOn: ListedOn | null;
    /** `title`, `abstract`; of the latest change. */
    readonly changed: readonly string[] | null;
  }[]
> {
  return db
    .selectFrom('feedback')
    .innerJoin('paper', 'paper.id', 'feedback.paper_id')
    .innerJoin('paper_text', 'paper_text.id', 'paper.text_id')
    .where('feedback.subscriber_id', '=', id)
    .where((said) => said.or([said('vote', '=', 'like'), said('saved_at', 'is not', null)]))
    .select(['feedback.paper_id as paperId', 'paper_text.title', 'vote'])
    .select(sql<boolean>`saved_at is not null`.as('isSaved'))
    .leftJoinLateral(
      (since) =>
        since
          .selectFrom('revision')
          .innerJoin('paper_text as wording', 'wording.id', 'revision.to_text_id')
          .whereRef('revision.paper_id', '=', 'feedback.paper_id')
          .where(sql<boolean>`wording.seen_on > feedback.changed_at::date`)
          .select(['wording.seen_on as changedOn', 'revision.changed'])
          .orderBy('revision.id', 'desc')
          .limit(1)
          .as('latest'),
      (join) => join.onTrue(),
    )
    .select(['latest.changedOn', 'latest.changed'])
    .orderBy('changed_at', 'desc')
    .limit(limit)
    .execute();
}

/** Everything that is kept about a reader, as one object for themselves. */
export async function exportReader(db: Db, id: SubscriberId): Promise<unknown> {
  const { rows } = await sql<{ all: unknown }>`
    select jsonb_build_object(
      'subscriber', to_jsonb(subscriber) - 'address_hash',
      'topics', (select coalesce(jsonb_agg(jsonb_build_object('query', topic.query, 'name', subscription.name,
          'strictness', subscription.strictness, 'since', subscription.created_at)), '[]')
        from subscription join topic on topic.id = topic_id where subscriber_id = subscriber.id),
      'feedback', (select coalesce(jsonb_agg(to_jsonb(feedback) - 'subscriber_id'), '[]')
        from feedback where subscriber_id = subscriber.id),
      'consent', (select coalesce(jsonb_agg(to_jsonb(consent_event) - 'subscriber_id' order by consent_event.id), '[]')
        from consent_event where subscriber_id = subscriber.id),
      'digests', (select coalesce(jsonb_agg(jsonb_build_object('id', delivery.id, 'sentAt', accepted_at,
          'state', delivery.state, 'new', new_papers, 'recurring', recurring_papers) order by delivery.id), '[]')
        from delivery where subscriber_id = subscriber.id)) as all
    from subscriber where id = ${id}`.execute(db);
  return rows[0]?.all;
}

/**
 * Forgets a reader: address, topics, what they said of papers and how they agreed. What stays is the digest of the
 * address, so that nobody mails it again by mistake, and the nameless rows that counts rest on.
 */
export function eraseReader(db: Db, id: SubscriberId): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const known = await tx
      .selectFrom('subscriber')
      .where('id', '=', id)
      .select(['address_hash', 'address'])
      .forUpdate()
      .executeTakeFirst();
    if (!known) return false;
    await suppress(tx, known.address_hash, 'left');
    await forget(tx, id, known.address);
    await noteConsent(tx, id, 'left', { by: 'erased' });
    return true;
  });
}

async function forget(tx: Tx, id: SubscriberId, address: string): Promise<void> {
  await tx.deleteFrom('subscription').where('subscriber_id', '=', id).execute();
  await tx.deleteFrom('feedback').where('subscriber_id', '=', id).execute();
  await tx.deleteFrom('consent_event').where('subscriber_id', '=', id).execute();
  await sql`delete from sign_up where lower(address) = lower(${address})`.execute(tx);
  await sql`delete from inbox_message where ${address} = any(recipients)`.execute(tx);
  // What servers answered names the address again.
  await sql`update delivery set reply = null where subscriber_id = ${id}`.execute(tx);
  await sql`update delivery_event set detail = detail - 'reply'
    from delivery where delivery.id = delivery_id and subscriber_id = ${id}`.execute(tx);
  await sql`
    update subscriber set address = 'erased-' || id || '@erased.invalid', domain = 'erased.invalid',
      address_hash = sha256(convert_to('erased ' || id, 'UTF8')), state = 'left',
      -- so long ago that nobody can undo it
      left_at = now() - interval '2 days',
      paused_until = null, feed_since = null, zone = 'UTC', send_hour = 0
    where id = ${id}`.execute(tx);
}
