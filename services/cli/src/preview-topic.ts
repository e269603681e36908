import { PaperboyError, type PaperId, THRESHOLDS, type TopicId } from '@paperboy/core';
import type { RecentMatch, RecentPapers, RecentView } from '@paperboy/ingest';
import { type Db, ensureTopic, findTopic, publicTopic } from '@paperboy/store';
import {
  describeReason,
  narrowerQueries,
  printQuery,
  type Query,
  type WiderTerms,
} from '@paperboy/topics';
import { declareTopic, ifNotFound } from './declarations.ts';
import { notedChange } from './noted-change.ts';

/** A paper that a query finds. */
export interface PreviewedPaper {
  readonly paperId: PaperId;
  readonly title: string;
  readonly strength: number;
  /** A line each. */
  readonly reasons: readonly string[];
}

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
  readonly narrower?: TriedQuery;
  readonly wider?: WiderTerms & {
    /** Queries that find more, nearest to what was asked first. */
    readonly queries: readonly TriedQuery[];
  };
}

/** Another query, in its normal form, with how many papers it would have brought. */
interface TriedQuery {
  readonly query: string;
  readonly found: number;
}

/** What would have been sent in the last days for a query at the normal strictness, best first. Nothing is stored. */
export async function previewTopic(recent: RecentPapers, query: Query): Promise<TopicPreview> {
  const view = await recent.view();
  const sent = await sentOf(view, query);
  const found = sent
    .toSorted((a, b) => b.strength - a.strength)
    .map(({ paper: { paperId, title }, strength, reasons }) => ({
      ...{ paperId, title, strength },
      // Of a query that finds hundreds a few are shown, and reasons cost as much as the score.
      get reasons() {
        return reasons().map(describeReason);
      },
    }));
  const isTooWide = view.papers >= LEAST_PAPERS && sent.length > WIDE_SHARE * view.papers;
  const narrower = isTooWide ? await narrow(view, query, sent) : undefined;
  const wider =
    sent.length < FEW
      ? { ...view.widerTerms(query), queries: await widen(view, query, sent.length) }
      : undefined;
  const { since, papers, days } = view;
  return {
    ...{ since, papers, days },
    found,
    isTooWide,
    ...(narrower && { narrower }),
    ...(wider && { wider }),
  };
}

async function sentOf(view: RecentView, query: Query): Promise<RecentMatch[]> {
  const matches = await view.matchesOf(query);
  return matches.filter(({ isCertain, strength }) => isCertain || strength >= THRESHOLDS.normal);
}

/** Of a query that finds very many, the newest tell well enough how its words go on. */
const PAPERS_LOOKED_AT = 500;

/** Of the narrower queries that are worth a try, the one that still finds most without being too wide itself. */
async function narrow(
  view: RecentView,
  query: Query,
  found: readonly RecentMatch[],
): Promise<TriedQuery | undefined> {
  const texts = found.slice(-PAPERS_LOOKED_AT).map(({ prepared }) => prepared.tokenized);
  const tried = await tryAll(view, narrowerQueries(query, texts));
  return tried.filter(({ found: some }) => some > 0).sort((a, b) => b.found - a.found)[0];
}

/** Wider queries that are tried, and of those that find more the ones that are told. */
const MOST_TRIED = 8;
const MOST_TOLD = 3;

async function widen(view: RecentView, query: Query, found: number): Promise<TriedQuery[]> {
  const tried = await tryAll(view, view.widerQueries(query).slice(0, MOST_TRIED));
  return tried.filter((one) => one.found > found).slice(0, MOST_TOLD);
}

/** What queries find, without those that are too wide. */
async function tryAll(view: RecentView, queries: readonly Query[]): Promise<TriedQuery[]> {
  const tried: TriedQuery[] = [];
  for (const query of queries)
    tried.push({ query: printQuery(query), found: (await sentOf(view, query)).length });
  return tried.filter(({ found }) => found <= WIDE_SHARE * view.papers);
}

/** A topic for the catalogue, its query as it was typed. */
interface CatalogueTopic {
  readonly slug: string;
  readonly query: string;
  readonly name: string;
  readonly about?: string | undefined;
  readonly field?: string | undefined;
}

/** Puts a topic into the catalogue as an operator's change. Throws what `keepCatalogueTopic` throws. */
export async function addCatalogueTopic(db: Db, topic: CatalogueTopic) {
  const { id, query } = await notedChange(db, async (tx, note) => {
    await note('add', `topic ${topic.slug}`);
    return keepCatalogueTopic(tx, topic);
  });
  return { id, slug: topic.slug, name: topic.name, query };
}

/**
 * Puts a topic into the catalogue, for services to match it with what was listed lately. Throws USAGE for what
 * is no slug, QUERY_INVALID, and ALREADY_EXISTS when its slug or its query is there.
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
