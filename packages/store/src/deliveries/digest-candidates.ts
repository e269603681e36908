import type { EditionId, PaperId, Strictness, SubscriberId, TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { isStrongEnoughAsVoted, strengthAsVoted } from '../topics/strictness.ts';
import { plannedThrough as plannedThroughOf } from './shared-windows.ts';

/** A paper of an edition that one of a subscriber's topics found, strong enough or not. */
export interface DigestCandidate {
  readonly paperId: PaperId;
  readonly title: string;
  readonly topicId: TopicId;
  /** As the subscriber calls it. */
  readonly topicName: string;
  readonly strictness: Strictness;
  readonly strength: number;
  /** Whether the subscriber's votes have raised or lowered it. */
  readonly isVoted: boolean;
  readonly isStrongEnough: boolean;
  readonly isInWindow: boolean;
  readonly isUnseen: boolean;
  readonly isTrending: boolean;
  readonly lastShownAt: Date | null;
  /** Whether the subscriber said that it is not for them. */
  readonly isDismissed: boolean;
  /** As the topics package gave them. */
  readonly reasons: unknown;
}

/** Where a subscriber's window begins: the number of the last page that their plans have covered. */
export async function plannedThrough(db: Db, subscriberId: SubscriberId): Promise<string> {
  const { through } = await db
    .selectFrom('subscriber')
    .where('id', '=', subscriberId)
    .select(plannedThroughOf.as('through'))
    .executeTakeFirstOrThrow();
  return through;
}

/**
 * All that an edition could have shown a subscriber, strongest first. `throughNo` is where their window began before
 * the edition was planned. A paper is told of under its own id and under those merged into it.
 */
export async function digestCandidates(
  db: Db,
  of: {
    readonly editionId: EditionId;
    readonly subscriberId: SubscriberId;
    readonly throughNo: string;
  },
): Promise<DigestCandidate[]> {
  const { editionId, subscriberId, throughNo } = of;
  const found = await sql<DigestCandidate>`
    select match.paper_id as "paperId", paper_text.title, match.topic_id as "topicId",
      subscription.name as "topicName", subscription.strictness, ${strengthAsVoted} as strength,
      voted_match.strength is not null as "isVoted", ${isStrongEnoughAsVoted} as "isStrongEnough",
      last_ready_no > ${throughNo}::bigint as "isInWindow", first_ready_no > ${throughNo}::bigint as "isUnseen",
      trending as "isTrending", shown.last_at as "lastShownAt",
      exists (select from feedback where feedback.subscriber_id = subscription.subscriber_id
        and feedback.paper_id = match.paper_id and vote = 'dislike') as "isDismissed", match.reasons
    from subscription
    join match using (topic_id)
    join edition_paper on edition_paper.paper_id = match.paper_id and edition_paper.edition_id = ${editionId}
    join paper on paper.id = match.paper_id
    join paper_text on paper_text.id = paper.text_id
    left join voted_match on voted_match.edition_id = ${editionId}
      and voted_match.subscriber_id = subscription.subscriber_id
      and voted_match.topic_id = match.topic_id and voted_match.paper_id = match.paper_id
    left join lateral (
      select max(window_end) as last_at from delivery
      join edition on edition.id = delivery.edition_id
      where delivery.subscriber_id = subscription.subscriber_id and delivery.edition_id <> ${editionId}
        and delivery.state not in ('rejected', 'expired', 'suppressed')
        and (new_papers || recurring_papers) && (
          match.paper_id || array(select id from paper as merged where merged.merged_into = match.paper_id))
    ) shown on true
    where subscription.subscriber_id = ${subscriberId}
    order by strength desc, edition_paper.ordinal, lower(subscription.name)`.execute(db);
  return found.rows;
}
