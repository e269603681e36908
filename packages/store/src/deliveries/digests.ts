import type {
  DeliveryId,
  EditionId,
  MailFormat,
  PaperId,
  SubscriberId,
  TopicId,
} from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Db } from '../connection/database.ts';
import { PREPARED } from '../connection/prepared-statements.ts';
import { mergedAmong } from '../papers/aliases.ts';
import { isStrongEnoughAsVoted, strengthAsVoted } from '../topics/strictness.ts';
import { MatchReasons, type Pair } from './match-reasons.ts';

/** A paper of a digest found for one of the subscriber's topics. */
export interface DigestMatch {
  readonly paperId: PaperId;
  readonly topicId: TopicId;
  /** As the subscriber calls it. */
  readonly topicName: string;
  readonly strength: number;
  /** As the topics package gave them; the same array for the same match, mostly. */
  readonly reasons: readonly unknown[];
}

/** What one delivery says, before it is put into words. */
export interface DigestToRender {
  readonly deliveryId: DeliveryId;
  readonly editionId: EditionId;
  readonly subscriberId: SubscriberId;
  readonly address: string;
  readonly zone: string;
  /** The hour of the edition. */
  readonly windowEnd: Date;
  readonly maxPapers: number;
  readonly mailFormat: MailFormat;
  /** As planned; the order in which they are shown is that of `composeOrder`. */
  readonly newPapers: readonly PaperId[];
  readonly recurringPapers: readonly PaperId[];
  /** Every topic followed, by name. */
  readonly topicNames: readonly string[];
  /** Strongest first for each paper. */
  readonly matches: readonly DigestMatch[];
}

/**
 * The digests of these deliveries, in few statements however many they are. Reasons that are `known` are not read again;
 * many readers have the same.
 */
export async function loadDigests(
  db: Db,
  deliveries: readonly DeliveryId[],
  known: MatchReasons = new MatchReasons(),
): Promise<DigestToRender[]> {
  if (deliveries.length === 0) return [];
  const wanted = sql<DeliveryId>`any(${column('bigint', deliveries, (id) => id)})`;
  const { rows: digests } = await sql<Omit<DigestToRender, 'matches'>>`${PREPARED}
    select delivery.id as "deliveryId", delivery.edition_id as "editionId", subscriber.id as "subscriberId",
      address, zone, window_end as "windowEnd", max_papers as "maxPapers", mail_format as "mailFormat",
      new_papers as "newPapers", recurring_papers as "recurringPapers",
      array(select name from subscription
        where subscription.subscriber_id = subscriber.id order by lower(name), topic_id) as "topicNames"
    from delivery join subscriber on subscriber.id = subscriber_id join edition on edition.id = edition_id
    where delivery.id = ${wanted} order by delivery.id`.execute(db);
  const papers = digests.flatMap(({ newPapers, recurringPapers }) => [
    ...newPapers,
    ...recurringPapers,
  ]);
  const merged = await mergedAmong(db, [...new Set(papers)]);
  const matches = await matchesOf(db, wanted, { known, someAreMerged: merged.size > 0 });
  return digests.map((digest) => ({
    ...digest,
    ...papersToday(digest, merged),
    matches: matches.get(digest.deliveryId) ?? [],
  }));
}

const likedTitle = sql`(select title from paper join paper_text on paper_text.id = paper.text_id
  where paper.id = liked_paper_id)`;

interface FoundMatch extends Omit<DigestMatch, 'reasons'>, Pair {
  readonly deliveryId: DeliveryId;
  /** Of the paper that the subscriber liked, where that brought this one in. */
  readonly likedTitle: string | null;
}

/** Why each paper of these digests is there, strongest first. */
async function matchesOf(
  db: Db,
  wanted: ReturnType<typeof sql<DeliveryId>>,
  { known, someAreMerged }: { readonly known: MatchReasons; readonly someAreMerged: boolean },
): Promise<ReadonlyMap<DeliveryId, readonly DigestMatch[]>> {
  const held = someAreMerged
    ? sql`(select distinct coalesce(merged_into, held_id) as paper_id
        from unnest(new_papers || recurring_papers) as shown(held_id) join paper on paper.id = held_id)`
    : sql`(select unnest(new_papers || recurring_papers) as paper_id)`;
  const { rows: matches } = await sql<FoundMatch>`${PREPARED}
    select delivery.id as "deliveryId", match.paper_id as "paperId",
      match.topic_id as "topicId", subscription.name as "topicName", ${strengthAsVoted} as strength,
      case when liked_paper_id is not null then ${likedTitle} end as "likedTitle"
    from delivery
    cross join lateral ${held} as held
    join match on match.paper_id = held.paper_id
    join subscription on subscription.subscriber_id = delivery.subscriber_id
      and subscription.topic_id = match.topic_id
    left join voted_match on voted_match.edition_id = delivery.edition_id
      and voted_match.subscriber_id = delivery.subscriber_id
      and voted_match.topic_id = match.topic_id and voted_match.paper_id = match.paper_id
    where delivery.id = ${wanted} and ${isStrongEnoughAsVoted}
    order by delivery.id, match.paper_id, ${strengthAsVoted} desc, lower(subscription.name)`.execute(
    db,
  );
  const reasonsOf = await known.of(db, matches);
  const withReasons = matches.map(({ likedTitle: title, ...match }, index) => {
    const reasons = reasonsOf[index] ?? [];
    return { ...match, reasons: title === null ? reasons : [{ kind: 'liked', title }, ...reasons] };
  });
  return Map.groupBy(withReasons, (match) => match.deliveryId);
}

/** Papers that were merged since the digest was planned stand in it once, at their first place. */
function papersToday(
  { newPapers, recurringPapers }: Pick<DigestToRender, 'newPapers' | 'recurringPapers'>,
  merged: ReadonlyMap<PaperId, PaperId>,
): Pick<DigestToRender, 'newPapers' | 'recurringPapers'> {
  if (merged.size === 0) return { newPapers, recurringPapers };
  const today = (papers: readonly PaperId[]) => papers.map((id) => merged.get(id) ?? id);
  const fresh = new Set(today(newPapers));
  const recurring = new Set(today(recurringPapers));
  for (const id of fresh) recurring.delete(id);
  return { newPapers: [...fresh], recurringPapers: [...recurring] };
}
