import { idOf, PaperboyError, type PaperId, THRESHOLDS, type TopicId } from '@paperboy/core';
import { daysBeforeNewest, matchHistory, TopicScorers } from '@paperboy/ingest';
import {
  type Db,
  ensureTopic,
  findTopic,
  listingDaysSince,
  publicTopic,
  textsSeenSince,
} from '@paperboy/store';
import {
  describeStored,
  narrowerQueries,
  paperText,
  printQuery,
  type Query,
  tokenizePaper,
  type WiderTerms,
} from '@paperboy/topics';
import { declareTopic, ifNotFound } from './declarations.ts';

/** A paper that a query finds. */
interface PreviewedPaper {
  readonly paperId: PaperId;
  readonly title: string;
  readonly strength: number;
  /** A line each. */
  readonly reasons: readonly string[];
}

/** No topic has it: what is previewed is not stored. */
const PREVIEWED: TopicId = idOf('topic', '1');

/** A query that finds a larger share of the papers says too little of what is wanted. */
const WIDE_SHARE = 0.2;
/** With fewer papers a share says nothing. */
const LEAST_PAPERS = 50;
/** A query that finds fewer may be missing words that papers use for it. */
const FEW = 3;

/** What a query would have found, and what to try where that is too much or too little. */
export interface TopicPreview {
  readonly since: Date;
  /** Papers listed since then, and on how many days. */
  readonly papers: number;
  readonly days: number;
  readonly found: readonly PreviewedPaper[];
  readonly isTooWide: boolean;
  readonly narrower?: { readonly query: string; readonly found: number };
  readonly wider?: WiderTerms;
}

/** What would have been sent in the last days for a query at the normal strictness, best first. Nothing is stored. */
export async function previewTopic(db: Db, query: Query, days: number): Promise<TopicPreview> {
  const since = await daysBeforeNewest(db, days);
  const papers = await textsSeenSince(db, since);
  const scorers = new TopicScorers(db);
  await scorers.learn(new Map([[PREVIEWED, query]]));
  const sent = papers.flatMap((paper) => {
    const match = sentOf(scorers, paper).get(PREVIEWED);
    return match === undefined ? [] : [{ paper, match }];
  });
  const found = sent.map(({ paper: { paperId, title }, match: { strength, reasons } }) => ({
    ...{ paperId, title, strength },
    reasons: describeStored(reasons),
  }));
  const isTooWide = papers.length >= LEAST_PAPERS && found.length > WIDE_SHARE * papers.length;
  const ofQuery = sent.map(({ paper }) => paper);
  const narrower = isTooWide ? await narrow(scorers, query, papers, ofQuery) : undefined;
  return {
    since,
    papers: papers.length,
    days: await listingDaysSince(db, since),
    found: found.sort((a, b) => b.strength - a.strength),
    isTooWide,
    ...(narrower && { narrower }),
    ...(found.length < FEW && { wider: scorers.widerTerms(query) }),
  };
}

type Paper = Awaited<ReturnType<typeof textsSeenSince>>[number];

/** What each topic that was learnt would have sent of a paper. */
function sentOf(scorers: TopicScorers, paper: Paper) {
  const matches = scorers
    .matchesOf(paper)
    .filter(({ isCertain, strength }) => isCertain || strength >= THRESHOLDS.normal);
  return new Map(matches.map((match) => [match.topicId, match]));
}

/** Of the narrower queries that are worth a try, the one that still finds most without being too wide itself. */
async function narrow(
  scorers: TopicScorers,
  query: Query,
  papers: readonly Paper[],
  found: readonly Paper[],
): Promise<{ query: string; found: number } | undefined> {
  const texts = found.map((paper) => tokenizePaper(paperText(paper)));
  const tried = narrowerQueries(query, texts).map((narrower, index) => {
    return { id: idOf('topic', String(index + 2)), narrower };
  });
  await scorers.learn(new Map(tried.map(({ id, narrower }) => [id, narrower])));
  const counts = new Map<TopicId, number>();
  for (const paper of papers)
    for (const id of sentOf(scorers, paper).keys()) counts.set(id, (counts.get(id) ?? 0) + 1);
  return tried
    .map(({ id, narrower }) => ({ query: printQuery(narrower), found: counts.get(id) ?? 0 }))
    .filter((one) => one.found > 0 && one.found <= WIDE_SHARE * papers.length)
    .sort((a, b) => b.found - a.found)[0];
}

/** A topic for the catalogue, its query as it was typed. */
interface CatalogueTopic {
  readonly slug: string;
  readonly query: string;
  readonly name: string;
  readonly about?: string | undefined;
  readonly field?: string | undefined;
}

/** Puts a topic into the catalogue and matches the past weeks. Throws what `keepCatalogueTopic` throws. */
export async function addCatalogueTopic(db: Db, topic: CatalogueTopic) {
  const { id, query } = await keepCatalogueTopic(db, topic);
  const matches = await matchPast(db, [{ id, query }]);
  return { id, slug: topic.slug, name: topic.name, query, matches };
}

/**
 * Puts a topic into the catalogue. Throws USAGE for what is no slug, QUERY_INVALID, and ALREADY_EXISTS when its slug or
 * its query is there.
 */
export async function keepCatalogueTopic(
  db: Db,
  { slug, query: typed, name, about, field }: CatalogueTopic,
): Promise<{ readonly id: TopicId; readonly query: string }> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)) {
    throw new PaperboyError('USAGE', `"${slug}" is not lower-case letters, digits and hyphens`);
  }
  const declared = declareTopic(typed, {
    ...{ slug, name },
    ...(about && { about }),
    ...(field && { field }),
  });
  const taken = await findTopic(db, slug).catch(ifNotFound);
  if (taken) throw new PaperboyError('ALREADY_EXISTS', `a topic called ${slug}`);
  const id = await ensureTopic(db, declared);
  // A query that the catalogue has already keeps its slug.
  const { slug: kept } = await publicTopic(db, id);
  if (kept !== slug) throw new PaperboyError('ALREADY_EXISTS', `this query is the topic ${kept}`);
  return { id, query: declared.query };
}

/** Matches what was listed lately for topics that came later. Gives how many matches are new. */
export async function matchPast(
  db: Db,
  topics: readonly { readonly id: TopicId; readonly query: string }[],
): Promise<number> {
  return topics.length === 0 ? 0 : matchHistory(db, topics);
}
