import type { Strictness, SubscriberId, TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';

/** A topic as one subscriber follows it. */
export interface TopicFollowed {
  readonly topicId: TopicId;
  /** As the subscriber calls it. */
  readonly name: string;
  readonly query: string;
  readonly strictness: Strictness;
}

/** Lets a subscriber follow these topics too, normally strict; one followed already takes the new name and strictness. */
export async function saveSubscriptions(
  tx: Tx,
  subscriberId: SubscriberId,
  topics: readonly {
    readonly topicId: TopicId;
    readonly name: string;
    readonly strictness?: Strictness;
  }[],
): Promise<void> {
  // Two names for one query are one topic; the last one given counts.
  const byTopic = new Map(topics.map((topic) => [topic.topicId, topic]));
  if (byTopic.size === 0) return;
  await tx
    .insertInto('subscription')
    .values(
      [...byTopic.values()].map(({ topicId, name, strictness = 'normal' }) => ({
        subscriber_id: subscriberId,
        topic_id: topicId,
        name,
        strictness,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['subscriber_id', 'topic_id']).doUpdateSet((row) => ({
        name: row.ref('excluded.name'),
        strictness: row.ref('excluded.strictness'),
      })),
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
      'topicId', topic.id::text, 'name', subscription.name, 'query', topic.query,
      'strictness', subscription.strictness)
      order by lower(subscription.name), topic.id), '[]')
    from subscription join topic on topic.id = subscription.topic_id
    where subscription.subscriber_id = subscriber.id)`;
}
