import type { TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A topic by who follows it and what it brings. */
export interface TopicVolume {
  readonly id: TopicId;
  /** Of the catalogue; null for a query that readers wrote. */
  readonly slug: string | null;
  readonly name: string;
  readonly query: string;
  /** Readers who are mailed. */
  readonly followers: number;
  /** Papers of the last 28 days that fit it in any strictness. */
  readonly papers: number;
}

/** The topics with most followers, then those of the catalogue that nobody follows. */
export async function topicVolumes(
  db: Db,
  { limit }: { readonly limit: number },
): Promise<TopicVolume[]> {
  const found = await sql<TopicVolume>`
    with followed as (
      select topic_id, count(*)::int as followers from subscription
      join subscriber on subscriber.id = subscriber_id where state = 'active' group by topic_id
    ), shown as (
      select topic.id, slug, coalesce(name, slug, query) as name, query, coalesce(followers, 0) as followers
      from topic left join followed on topic_id = topic.id
      where followers > 0 or slug is not null
      order by coalesce(followers, 0) desc, topic.id limit ${limit}
    )
    select shown.*, (select count(*)::int from match join paper on paper.id = paper_id
      where topic_id = shown.id and first_seen_on > current_date - 28 and merged_into is null) as papers
    from shown order by followers desc, papers desc, shown.id`.execute(db);
  return found.rows;
}
