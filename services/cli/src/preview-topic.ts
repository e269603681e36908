import { idOf, PaperboyError, type PaperId, THRESHOLDS, type TopicId } from '@paperboy/core';
import { matchHistory, TopicScorers } from '@paperboy/ingest';
import { type Db, ensureTopic, findTopic, newestPageSeenAt, textsSeenSince } from '@paperboy/store';
import { describeStored, type Query } from '@paperboy/topics';
import { declareTopic } from './declarations.ts';

/** A paper that a query finds. */
export interface PreviewedPaper {
  readonly paperId: PaperId;
  readonly title: string;
  readonly strength: number;
  /** A line each. */
  readonly reasons: readonly string[];
}

const DAY_MS = 24 * 3600_000;
/** How far back a topic that comes later is matched. */
const HISTORY_DAYS = 30;

/** No topic has it: what is previewed is not stored. */
const PREVIEWED: TopicId = idOf('topic', '1');

/** What would have been sent in the last days for a query at the normal strictness, best first. Nothing is stored. */
export async function previewTopic(
  db: Db,
  query: Query,
  days: number,
): Promise<{ papers: number; found: PreviewedPaper[]; since: Date }> {
  const since = await daysBeforeNewest(db, days);
  const papers = await textsSeenSince(db, since);
  const scorers = new TopicScorers(db);
  await scorers.learn(new Map([[PREVIEWED, query]]));
  const found = papers.flatMap((paper) => {
    const { paperId, title } = paper;
    return scorers
      .matchesOf(paper)
      .filter(({ isCertain, strength }) => isCertain || strength >= THRESHOLDS.normal)
      .map(({ strength, reasons }) => ({
        ...{ paperId, title, strength },
        reasons: describeStored(reasons),
      }));
  });
  return { papers: papers.length, found: found.sort((a, b) => b.strength - a.strength), since };
}

/** Puts a topic into the catalogue. Throws ALREADY_EXISTS when the slug names another query. */
export async function addCatalogueTopic(
  db: Db,
  topic: { slug: string; query: string; name: string; about?: string | undefined },
) {
  const { slug, name, about } = topic;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)) {
    throw new PaperboyError('USAGE', `"${slug}" is not lower-case letters, digits and hyphens`);
  }
  const declared = declareTopic(topic.query, { slug, name, ...(about && { about }) });
  const taken = await findTopic(db, slug).then(
    () => true,
    () => false,
  );
  if (taken) throw new PaperboyError('ALREADY_EXISTS', `a topic called ${slug}`);
  const id = await ensureTopic(db, declared);
  const matches = await matchPast(db, [{ id, query: declared.query }]);
  return { id, slug, name, query: declared.query, matches };
}

/** Matches what was listed lately for topics that came later. Gives how many matches are new. */
export async function matchPast(
  db: Db,
  topics: readonly { readonly id: TopicId; readonly query: string }[],
): Promise<number> {
  if (topics.length === 0) return 0;
  return matchHistory(db, topics, await daysBeforeNewest(db, HISTORY_DAYS));
}

/** Counted from the newest page: an archive that was read in long ago has a past too. */
async function daysBeforeNewest(db: Db, days: number): Promise<Date> {
  const newest = (await newestPageSeenAt(db)) ?? new Date();
  return new Date(newest.getTime() - days * DAY_MS);
}
