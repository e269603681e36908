import {
  type DeliveryId,
  type DeliveryState,
  type EditionId,
  idOf,
  PaperboyError,
  type SubscriberId,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { deliveryHistory } from './delivery-steps.ts';

export interface DeliveryFilter {
  readonly state?: DeliveryState;
  readonly editionId?: EditionId;
  readonly subscriberId?: SubscriberId;
  /** Of the address, in lower case. */
  readonly domain?: string;
  /** The id of the last delivery on the page before. */
  readonly before?: DeliveryId;
  readonly limit?: number;
}

function deliveryRows(db: Db) {
  return db
    .selectFrom('delivery')
    .innerJoin('edition', 'edition.id', 'delivery.edition_id')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .select(['delivery.id', 'delivery.edition_id as editionId', 'edition.cadence'])
    .select(['edition.window_end as windowEnd', 'delivery.subscriber_id as subscriberId'])
    .select(['subscriber.address', 'delivery.domain', 'delivery.state', 'delivery.attempt'])
    .select(['delivery.next_at as nextAt', 'delivery.accepted_at as acceptedAt'])
    .select(['delivery.smtp_code as smtpCode', 'delivery.enhanced_code as enhancedCode'])
    .select(['delivery.reply', 'delivery.message_id as messageId', 'delivery.relay_id as relayId'])
    .select(['delivery.mail_date as mailDate', 'delivery.resent_at as resentAt'])
    .select([
      sql<number>`cardinality(new_papers)`.as('newPapers'),
      sql<number>`cardinality(recurring_papers)`.as('recurringPapers'),
    ]);
}

export type DeliveryView = Awaited<
  ReturnType<ReturnType<typeof deliveryRows>['executeTakeFirstOrThrow']>
>;

/** Deliveries, newest first. */
export async function listDeliveries(db: Db, filter: DeliveryFilter = {}): Promise<DeliveryView[]> {
  const { state, editionId, subscriberId, domain, before, limit = 50 } = filter;
  let rows = deliveryRows(db).orderBy('delivery.id', 'desc').limit(limit);
  if (state) rows = rows.where('delivery.state', '=', state);
  if (editionId) rows = rows.where('delivery.edition_id', '=', editionId);
  if (subscriberId) rows = rows.where('delivery.subscriber_id', '=', subscriberId);
  if (domain) rows = rows.where('delivery.domain', '=', domain);
  if (before) rows = rows.where('delivery.id', '<', before);
  return rows.execute();
}

/** A delivery with its history, oldest event first, and the titles it holds. Throws NOT_FOUND. */
export async function showDelivery(db: Db, deliveryId: string) {
  const id = /^[1-9]\d{0,18}$/.test(deliveryId) ? idOf('delivery', deliveryId) : undefined;
  const delivery = id && (await deliveryRows(db).where('delivery.id', '=', id).executeTakeFirst());
  if (!id || !delivery) throw new PaperboyError('NOT_FOUND', `no delivery ${deliveryId}`);
  const events = await deliveryHistory(db, id);
  const papers = await sql<{ paperId: string; title: string; section: 'new' | 'recurring' }>`
    select paper.id as "paperId", paper_text.title, section from delivery
    cross join lateral (
      select paper_id, 'new' as section, place from unnest(new_papers) with ordinality as shown(paper_id, place)
      union all
      select paper_id, 'recurring', place from unnest(recurring_papers) with ordinality as shown(paper_id, place)) shown
    join paper on paper.id = shown.paper_id join paper_text on paper_text.id = paper.text_id
    where delivery.id = ${id} order by section, place`.execute(db);
  return { ...delivery, events, papers: papers.rows };
}

export type DeliveryDetail = Awaited<ReturnType<typeof showDelivery>>;

/** How many wait for a person's word; through an index of them alone. */
export async function countUncertain(db: Db): Promise<number> {
  const { uncertain } = await db
    .selectFrom('delivery')
    .where('state', '=', 'uncertain')
    .select(sql<number>`count(*)::int`.as('uncertain'))
    .executeTakeFirstOrThrow();
  return uncertain;
}

/** How many deliveries stand in each state; of one edition, or of all. */
export async function countDeliveries(
  db: Db,
  editionId?: EditionId,
): Promise<Readonly<Record<DeliveryState, number>>> {
  let rows = db
    .selectFrom('delivery')
    .groupBy('state')
    .select(['state', (row) => row.fn.countAll<string>().as('count')]);
  if (editionId) rows = rows.where('edition_id', '=', editionId);
  const counts = {
    ready: 0,
    deferred: 0,
    sending: 0,
    accepted: 0,
    rejected: 0,
    uncertain: 0,
    suppressed: 0,
    expired: 0,
  };
  for (const { state, count } of await rows.execute()) counts[state] = Number(count);
  return counts;
}
