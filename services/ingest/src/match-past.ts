import type { TopicId } from '@paperboy/core';
import {
  type Db,
  endPast,
  newestPageSeenAt,
  notePast,
  papersSeenSince,
  saveMatches,
  textsOfPapers,
  vectorsOf,
} from '@paperboy/store';
import type { EmbeddingPart } from './embeddings.ts';
import { findMatches } from './find-matches.ts';
import type { KnownTopics } from './known-topics.ts';

const DAY_MS = 24 * 3600_000;
/** How far back a topic that comes later is matched. */
const PAST_DAYS = 30;
/** Papers that are read and matched together. */
const PAPERS_PER_STEP = 200;

export interface PastOptions {
  readonly embeddings?: EmbeddingPart | undefined;
  /** Looked at between two steps; what was matched until then stays, and the topics are done anew. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Matches the papers of the last 30 days for topics that came later than they, a step at a time, and notes how far it
 * is. Digests are planned from pages that become ready, so this mails nothing by itself. May run twice. Gives how many
 * matches are new.
 */
export async function matchPast(
  db: Db,
  known: KnownTopics,
  topics: readonly TopicId[],
  { embeddings, signal }: PastOptions = {},
): Promise<number> {
  // Of all topics most would be found in vain.
  const index = await known.indexOf(topics);
  const matching = {
    index,
    scorable: known.scorable.bind(known),
    scorersOf: known.scorersOf.bind(known),
  };
  const papers = await papersSeenSince(db, await daysBeforeNewest(db, PAST_DAYS));
  let matches = 0;
  for (let from = 0; from < papers.length; from += PAPERS_PER_STEP) {
    signal?.throwIfAborted();
    await notePast(db, topics, { done: from, papers: papers.length });
    const texts = await textsOfPapers(db, papers.slice(from, from + PAPERS_PER_STEP));
    const keys = texts.map(({ fingerprint }) => fingerprint);
    const embedded = embeddings ? await vectorsOf(db, embeddings.model, keys) : new Map();
    for await (const found of findMatches(matching, texts, embedded))
      matches += await saveMatches(db, found);
  }
  await endPast(db, topics);
  return matches;
}

/** Counted from the newest page: an archive that was read in long ago has a past too. */
export async function daysBeforeNewest(db: Db, days: number): Promise<Date> {
  const newest = (await newestPageSeenAt(db)) ?? new Date();
  return new Date(newest.getTime() - days * DAY_MS);
}
