import type { SubscriberId, TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

/** A topic as one subscriber follows it. */
export interface TopicFollowed {
  readonly topicId: TopicId;
  /** As the subscriber calls it. */
  readonly name: string;
  readonly query: string;
}

/** Lets a subscriber follow these topics too; one followed already takes the new name. */
export async function saveSubscriptions(
  tx: Tx,
  subscriberId: SubscriberId,
  topics: readonly { readonly topicId: TopicId; readonly name: string }[],
): Promise<void> {
  // Two names for one query are one topic; the last one given counts.
  const byTopic = new Map(topics.map(({ topicId, name }) => [topicId, name]));
  if (byTopic.size === 0) return;
  await tx
    .insertInto('subscription')
    .values(
      [...byTopic].map(([topicId, name]) => ({
        subscriber_id: subscriberId,
        topic_id: topicId,
        name,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['subscriber_id', 'topic_id'])
        .doUpdateSet((row) => ({ name: row.ref('excluded.name') })),
    )
    .execute();
}

/** Stops following a topic; papers already shown stay shown. */
export async function endSubscription(
  db: Db,
  subscriberId: SubscriberId,
  topicId: TopicId,
): Promise<void> {
  await db
    .deleteFrom('subscription')
    .where('subscriber_id', '=', subscriberId)
    .where('topic_id', '=', topicId)
    .execute();
}

/** The topics of the row `subscriber` of the surrounding query, by name. */
export function topicsFollowed() {
  return sql<TopicFollowed[]>`(
    select coalesce(jsonb_agg(jsonb_build_object(
      'topicId', topic.id::text, 'name', subscription.name, 'query', topic.query)
      order by lower(subscription.name), topic.id), '[]')
    from subscription join topic on topic.id = subscription.topic_id
    where subscription.subscriber_id = subscriber.id)`;
}
