import type { PaperId, TopicId } from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Db } from '../connection/database.ts';
import { PREPARED } from '../connection/prepared-statements.ts';

/** A paper found for a topic. */
export interface Pair {
  readonly topicId: TopicId;
  readonly paperId: PaperId;
}

type Reasons = readonly unknown[];

/** Reasons kept at most: some 10 MB. */
const MOST_KEPT = 20_000;
/** After this they are read again, so that what they quote stands in the paper's present words. */
const KEPT_MS = 60_000;

/**
 * Why papers were found for topics, read from `match` once for all readers who have both. The same pair has the same
 * array, until it is read again.
 */
export class MatchReasons {
  #known = new Map<string, Reasons>();
  #since = Date.now();

  /** The reasons of each pair, as the topics package gave them; none of a pair that is no match any more. */
  async of(db: Db, pairs: readonly Pair[]): Promise<readonly Reasons[]> {
    if (this.#known.size > MOST_KEPT || Date.now() - this.#since > KEPT_MS) {
      // A new one: whoever waits for the database goes on with the old.
      this.#known = new Map();
      this.#since = Date.now();
    }
    const known = this.#known;
    const missing = new Map<string, Pair>();
    for (const pair of pairs) {
      const key = keyOf(pair);
      if (!known.has(key)) missing.set(key, pair);
    }
    for (const { reasons, ...pair } of await readReasons(db, [...missing.values()])) {
      known.set(keyOf(pair), reasons);
    }
    return pairs.map((pair) => known.get(keyOf(pair)) ?? []);
  }
}

const keyOf = ({ topicId, paperId }: Pair) => `${topicId} ${paperId}`;

async function readReasons(
  db: Db,
  pairs: readonly Pair[],
): Promise<readonly (Pair & { readonly reasons: Reasons })[]> {
  if (pairs.length === 0) return [];
  const found = await sql<Pair & { reasons: unknown }>`${PREPARED}
    select topic_id as "topicId", paper_id as "paperId", reasons
    from unnest(${column('bigint', pairs, ({ topicId }) => topicId)}, ${column('bigint', pairs, ({ paperId }) => paperId)})
      as wanted(topic_id, paper_id) join match using (topic_id, paper_id)`.execute(db);
  return found.rows.map(({ reasons, ...pair }) => ({
    ...pair,
    reasons: Array.isArray(reasons) ? reasons : [],
  }));
}
