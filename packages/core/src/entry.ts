import type { PrintedDate } from './page-date.ts';

/** Which part of a listing an entry stands in; arXiv pages have all four, most pages none. */
export type Section = 'new' | 'cross' | 'replace' | 'replace-cross' | 'none';

/** Whether the text below a title is the authors' abstract or somebody's (or some model's) summary of it. */
export type TextKind = 'abstract' | 'summary';

export interface Link {
  readonly rel: 'page' | 'pdf' | 'code' | 'project' | 'other';
  /** Absolute, http or https. */
  readonly url: string;
}

/** The names that others gave a work, as read off the page; normalised by `keysOf`. */
export interface EntryIds {
  /** `2410.13859` or `math/0309136`, without version. */
  readonly arxiv?: string;
  /** The version printed beside the arXiv id: a fact of the appearance, no part of the paper's name. */
  readonly arxivVersion?: number;
  readonly doi?: string;
  /** OpenReview forum id; case matters. */
  readonly openreview?: string;
}

/** A title and what stands with it, read off a page and not yet identified. Texts are cleaned (see text.ts). */
export interface Entry {
  /** From 1, in page order; gaps stay where something unreadable stood. */
  readonly position: number;
  readonly title: string;
  readonly abstract?: string;
  readonly textKind: TextKind;
  readonly ids: EntryIds;
  readonly authors?: readonly string[];
  readonly links: readonly Link[];
  readonly section: Section;
  readonly categories?: readonly string[];
  /** The paper's own date (not the list's), ISO instant or date. */
  readonly publishedAt?: string;
  readonly upvotes?: number;
}

export const PAGE_FORMATS = [
  'plain-text',
  'hf-page',
  'hf-api',
  'arxiv-list',
  'arxiv-mail',
  'arxiv-feed',
  'arxiv-api',
  'openreview-api',
  'feed',
  'declared',
] as const;
export type PageFormat = (typeof PAGE_FORMATS)[number];

/**
 * How a page lists: a `batch` is the complete list of one day; a `window` (search, trending, week,
 * month) shows a part of something longer, so that an absence there proves nothing.
 */
export type PageShape = 'batch' | 'window';

/** A page that was read. */
export interface Listing {
  readonly kind: 'listing';
  readonly format: PageFormat;
  readonly shape: PageShape;
  /** The date as printed; absent where the page carries none. */
  readonly date?: PrintedDate;
  /** How many entries the page itself says that its list has, over all parts of the list. */
  readonly claimed?: number;
  /** Addresses of further parts of the same list. */
  readonly nextPages: readonly string[];
  /** Days of the week on which a feed asks not to be read (RSS 2.0 `skipDays`), 0 for Sunday, in UTC. */
  readonly skipDays?: readonly number[];
  /** The page says in words that it has nothing. */
  readonly statedEmpty: boolean;
  /** Why the page ends too early, in words, when its own bytes show that it does. */
  readonly cutBecause?: string;
  readonly entries: readonly Entry[];
  /** Entries that stood on the page but had no title or no id to be read. */
  readonly unreadableEntries: number;
  /** What a person should look at; never a reason to stop. */
  readonly warnings: readonly string[];
}

/** A page in which no list was found. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly format?: PageFormat;
  readonly reason:
    | 'empty'
    | 'binary'
    | 'too-large'
    | 'challenge-page'
    | 'unknown-format'
    | 'malformed'
    | 'no-entries';
  /** What was looked for and not found, in words. */
  readonly detail: string;
}

export type PageReading = Listing | Unreadable;
