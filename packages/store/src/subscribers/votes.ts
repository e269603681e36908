import type { EditionId, PaperId, SubscriberId, TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Db, Tx } from '../connection/database.ts';
import { type Audience, type EditionHour, isDue } from '../deliveries/plan-deliveries.ts';

/** What a subscriber said of a paper that one of their topics found. */
export interface TopicVote {
  readonly subscriberId: SubscriberId;
  readonly topicId: TopicId;
  readonly query: string;
  readonly paperId: PaperId;
  readonly vote: 'like' | 'dislike';
}

/** Votes of a subscriber that count for a topic, the newest: what somebody liked years ago says little. */
const VOTES_COUNTED = 100;

/** The votes that count for the topics of those who are due for this hour and not planned yet; almost always few. */
export async function votesDue(
  db: Db,
  hour: EditionHour,
  audience: Audience,
): Promise<TopicVote[]> {
  const found = await sql<TopicVote>`
    select "subscriberId", "topicId", query, "paperId", vote from (
      select subscriber.id as "subscriberId", topic.id as "topicId", topic.query, feedback.paper_id as "paperId",
        feedback.vote, row_number() over (
          partition by subscriber.id, topic.id order by feedback.changed_at desc, feedback.paper_id) as place
      from feedback
      join subscriber on subscriber.id = feedback.subscriber_id
      join subscription on subscription.subscriber_id = subscriber.id
      join match on match.topic_id = subscription.topic_id and match.paper_id = feedback.paper_id
      join topic on topic.id = match.topic_id
      where feedback.vote is not null and ${isDue(hour, audience)}) as said
    where place <= ${sql.lit(VOTES_COUNTED)}
    order by "topicId", "subscriberId", place`.execute(db);
  return found.rows;
}

/** A paper of an edition that a topic found, with the parts of its score. */
export interface ScoredMatch {
  readonly topicId: TopicId;
  readonly paperId: PaperId;
  readonly strength: number;
  readonly textScore: number;
  readonly relatedScore: number;
}

/** What these topics found among the papers of an edition. Matches of before there were scores are left out. */
export async function scoredMatches(
  tx: Tx,
  editionId: EditionId,
  topics: readonly TopicId[],
): Promise<ScoredMatch[]> {
  const found = await sql<ScoredMatch>`
    select topic_id as "topicId", paper_id as "paperId", strength, text_score as "textScore",
      related_score as "relatedScore"
    from match join edition_paper using (paper_id)
    where edition_id = ${editionId} and topic_id = any(${topics}::bigint[])
      and text_score is not null and related_score is not null
    order by topic_id, paper_id`.execute(tx);
  return found.rows;
}

/** What votes made of a match. */
export interface VotedMatch {
  readonly subscriberId: SubscriberId;
  readonly topicId: TopicId;
  readonly paperId: PaperId;
  readonly strength: number;
  /** The nearest of the liked papers, if likes raised it. */
  readonly likedPaperId?: PaperId;
}

/** Keeps them with the edition, so that each attempt to send a digest, and its page, has the same order. */
export async function saveVotedMatches(
  tx: Tx,
  editionId: EditionId,
  matches: readonly VotedMatch[],
): Promise<void> {
  if (matches.length === 0) return;
  await sql`
    insert into voted_match (edition_id, subscriber_id, topic_id, paper_id, strength, liked_paper_id)
    select ${editionId}, * from unnest(
      ${column('bigint', matches, ({ subscriberId }) => subscriberId)},
      ${column('bigint', matches, ({ topicId }) => topicId)},
      ${column('bigint', matches, ({ paperId }) => paperId)},
      ${column('real', matches, ({ strength }) => strength)},
      ${column('bigint', matches, ({ likedPaperId }) => likedPaperId)})
    on conflict (edition_id, subscriber_id, topic_id, paper_id) do update
      set strength = excluded.strength, liked_paper_id = excluded.liked_paper_id`.execute(tx);
}
