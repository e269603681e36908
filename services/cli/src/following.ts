import { PaperboyError, type Strictness } from '@paperboy/core';
import {
  type Db,
  endSubscription,
  findSubscriber,
  findTopic,
  type Subscriber,
  saveSubscriptions,
  type TopicFollowed,
} from '@paperboy/store';
import { parseQuery, queryKey, requireQuery } from '@paperboy/topics';
import { ifNotFound, resolveTopic } from './declarations.ts';
import { notedChange } from './noted-change.ts';

/** A subscriber, and one of the topics that they follow or followed. */
export interface Following {
  readonly subscriber: Subscriber;
  readonly followed: TopicFollowed;
}

/** Lets a subscriber follow a topic. What is not said of one that is followed already stays as it was. */
export async function followTopic(
  db: Db,
  address: string,
  slugOrQuery: string,
  how: { readonly name?: string; readonly strictness?: Strictness },
): Promise<Following> {
  const { id, topics } = await findSubscriber(db, address);
  const { topicId, name, query } = await resolveTopic(db, slugOrQuery);
  const known = topics.find((one) => one.topicId === topicId);
  const followed = { topicId, name, query, strictness: 'normal' as const, ...known, ...how };
  await notedChange(db, async (tx, note) => {
    await saveSubscriptions(tx, id, [followed]);
    await note('follow', `subscriber ${id}`, { became: `${name} (${followed.strictness})` });
  });
  return { subscriber: await findSubscriber(db, address), followed };
}

/** Ends it, whatever the topic is called: its slug, its query in any spelling, or the subscriber's name for it. */
export async function unfollowTopic(db: Db, address: string, called: string): Promise<Following> {
  const subscriber = await findSubscriber(db, address);
  const followed = await findFollowed(db, subscriber, called);
  await notedChange(db, async (tx, note) => {
    await endSubscription(tx, subscriber.id, followed.topicId);
    await note('unfollow', `subscriber ${subscriber.id}`, { was: followed.name });
  });
  return { subscriber, followed };
}

async function findFollowed(
  db: Db,
  { address, topics }: Subscriber,
  called: string,
): Promise<TopicFollowed> {
  const named = topics.filter(({ name }) => name.toLowerCase() === called.trim().toLowerCase());
  const catalogued = await findTopic(db, called).catch(ifNotFound);
  const parsed = parseQuery(called);
  const key = parsed.ok ? queryKey(parsed.query) : undefined;
  const found =
    topics.find(({ topicId }) => topicId === catalogued?.id) ??
    topics.find(({ query }) => queryKey(requireQuery(query)) === key) ??
    (named.length === 1 ? named[0] : undefined);
  if (found) return found;
  const all = topics.map(({ name }) => name).join(', ') || 'nothing';
  const why =
    named.length > 1 ? `several topics "${called}": name one by its query` : `no "${called}"`;
  throw new PaperboyError('NOT_FOUND', `${address} follows ${why}; they follow ${all}`);
}
