import type { SubscriberId } from '@paperboy/core';
import type { Db } from '../connection/database.ts';

/** How somebody came to be mailed, and how that ended: every event, oldest first. */
export async function consentEvents(db: Db, subscriberId: SubscriberId) {
  return db
    .selectFrom('consent_event')
    .where('subscriber_id', '=', subscriberId)
    .select(['happened_at as happenedAt', 'kind', 'detail'])
    .orderBy('id')
    .execute();
}
