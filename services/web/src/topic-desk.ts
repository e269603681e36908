import type { PaperId, TopicId } from '@paperboy/core';
import type { Db } from '@paperboy/store';

/** A topic that can be followed. */
export interface FoundTopic {
  readonly topicId: TopicId;
  readonly name: string;
  readonly query: string;
}

/** What a query would have brought lately. */
export interface QueryPreview {
  /** Papers listed in that time, and on how many days. */
  readonly papers: number;
  readonly days: number;
  /** Best first. */
  readonly found: readonly {
    readonly paperId: PaperId;
    readonly title: string;
    /** A line each. */
    readonly reasons: readonly string[];
  }[];
  readonly isTooWide: boolean;
  /** What to try where it finds too many. */
  readonly narrower?: TriedQuery;
  /** What to try where it finds too few. */
  readonly wider?: {
    /** How many papers of the past weeks have any of its words. */
    readonly papers: number;
    /** Queries that find more, nearest to what was asked first. */
    readonly queries: readonly TriedQuery[];
    readonly acronyms: readonly { readonly acronym: string; readonly longForm: string }[];
    /** Words that papers with its words have in common. */
    readonly related: readonly string[];
  };
}

/** Another query with how many papers it would have brought. */
interface TriedQuery {
  readonly query: string;
  readonly found: number;
}

/** A topic for the catalogue, its query as it was typed. */
interface NewCatalogueTopic {
  readonly slug: string;
  readonly query: string;
  readonly name: string;
  readonly about?: string | undefined;
  readonly field?: string | undefined;
}

/** What the web asks of the part that knows topics; given to it by whoever starts the services. */
export interface TopicDesk {
  /** By the slug of the catalogue, or by a query, made if needed. Throws QUERY_INVALID with the place of each mistake. */
  find(slugOrQuery: string): Promise<FoundTopic>;
  /** By a query alone, in its normal form: a word of it may be the slug of another topic. Throws QUERY_INVALID. */
  findQuery(query: string): Promise<FoundTopic>;
  /** Stores nothing. Throws QUERY_INVALID. */
  preview(query: string): Promise<QueryPreview>;
  /** Puts a topic into the catalogue, on the `db` given; `matchPast` is for when it stands. Throws QUERY_INVALID, and ALREADY_EXISTS for its slug or query. */
  add(db: Db, topic: NewCatalogueTopic): Promise<void>;
  /** Has the papers of the past weeks matched in the background for topics that are new. Returns at once. */
  matchPast(): Promise<void>;
}
