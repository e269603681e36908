import {
  arxivIdIn,
  cleanText,
  type Entry,
  idsIn,
  type PageReading,
  type Unreadable,
} from '@paperboy/core';
import { arxivLinks } from './arxiv-names.ts';
import { feedInstant } from './feed-dates.ts';
import type { FeedItem, ParsedFeed } from './feed-mapping.ts';
import { MAX_ENTRIES, makeEntry, OVER_MAX_ENTRIES } from './make-entry.ts';
import { feedKind, parseAnyFeed, withoutEntries } from './parse-feed.ts';
import type { RawPage, Reader } from './reader.ts';
import { Warnings } from './warnings.ts';

const HEAD = 6_000;
const MARKS = /arxiv\.org\/api\//i;
/** Results further back are not given out. */
const MAX_RESULTS = 30_000;

/** An answer of `export.arxiv.org/api/query`: a part of what a query finds, so a window. */
export const arxivApi: Reader = {
  format: 'arxiv-api',
  recognises: ({ text }) => feedKind(text) === 'atom' && MARKS.test(text.slice(0, HEAD)),
  read: readArxivApi,
};

function unreadable(reason: Unreadable['reason'], detail: string): Unreadable {
  return { kind: 'unreadable', format: 'arxiv-api', reason, detail };
}

function readArxivApi(page: RawPage): PageReading {
  const warnings = new Warnings();
  const feed = parseAnyFeed(page.text, warnings);
  if (feed.kind === 'refused') return unreadable('malformed', feed.detail);
  const error = feed.items.find(({ id }) => /arxiv\.org\/api\/errors/i.test(id ?? ''));
  if (error) {
    return unreadable(
      'no-entries',
      `arXiv says "${cleanText(error.text?.text ?? '').slice(0, 200)}"`,
    );
  }
  const items = feed.items.slice(0, MAX_ENTRIES);
  const entries = items.flatMap((item, index) => entryOf(item, index + 1, warnings) ?? []);
  const { claimed, nextPages } = restOf(feed, page.address, warnings);
  const hasNothing =
    items.length === 0 && feed.dropped === undefined && feed.cutBecause === undefined;
  const isEmpty = hasNothing && feed.totalResults === 0;
  const isOwed = hasNothing && claimed !== undefined && claimed > 0;
  if (entries.length === 0 && !isEmpty && !isOwed) {
    return withoutEntries('arxiv-api', feed, 'an arXiv id and a title');
  }
  const over = feed.items.length > items.length ? OVER_MAX_ENTRIES : undefined;
  const cutBecause = over ?? feed.cutBecause;
  return {
    kind: 'listing',
    format: 'arxiv-api',
    shape: 'window',
    ...(claimed !== undefined && { claimed }),
    nextPages,
    statedEmpty: isEmpty,
    ...(cutBecause !== undefined && { cutBecause }),
    entries,
    unreadableEntries: items.length - entries.length + (feed.dropped ?? 0),
    warnings: warnings.list(),
  };
}

interface Rest {
  /** Entries that this answer ought to have: as many as it was asked for, and fewer only at the end. */
  readonly claimed?: number;
  readonly nextPages: readonly string[];
}

/**
 * What an answer lacks. `totalResults` counts all that the query finds, years of it, so it is no claim of one answer;
 * but of one with less than was asked for while it promises more, often nothing at all under load, the rest is owed: its
 * claim says so until the rest was asked for and came. Only then there is more to ask for: who wants the newest hundred does not want the ten thousand behind them.
 */
function restOf(feed: ParsedFeed, address: string | undefined, warnings: Warnings): Rest {
  const { totalResults, startIndex = 0, itemsPerPage, items } = feed;
  if (totalResults === undefined) return { nextPages: [] };
  const left = Math.max(Math.min(totalResults, MAX_RESULTS) - startIndex, 0);
  const claimed = Math.min(left, itemsPerPage ?? left);
  if (items.length >= claimed) return { claimed, nextPages: [] };
  warnings.add(`${items.length} entries where ${claimed} were to come (of ${totalResults})`);
  return { claimed, nextPages: pageFrom(startIndex + items.length, [address, feed.self]) };
}

/** The same query from a later result on. What the answer says of its own address has been wrong: one parameter of all. */
function pageFrom(start: number, addresses: readonly (string | undefined)[]): string[] {
  for (const address of addresses) {
    const url = address === undefined ? null : URL.parse(address);
    if (!url?.searchParams.has('search_query') && !url?.searchParams.has('id_list')) continue;
    url.searchParams.set('start', String(start));
    return [url.href];
  }
  return [];
}

function entryOf(item: FeedItem, position: number, warnings: Warnings): Entry | undefined {
  const found = arxivIdIn(item.id ?? '') ?? arxivIdIn(item.links[0]?.href ?? '');
  if (found === undefined) {
    warnings.add(`entry ${position}: no arXiv id`);
    return undefined;
  }
  const doi = idsIn(item.identifiers).doi;
  const publishedAt = feedInstant(item.published);
  const entry = makeEntry(
    {
      position,
      title: item.title?.text ?? '',
      abstract: [item.text?.text ?? ''],
      textKind: 'abstract',
      ids: {
        arxiv: found.id,
        ...(found.version !== undefined && { arxivVersion: found.version }),
        ...(doi !== undefined && { doi }),
      },
      authors: item.creators,
      links: arxivLinks(found.id),
      categories: categoriesOf(item),
      ...(publishedAt !== undefined && { publishedAt }),
    },
    warnings,
  );
  if (!entry) warnings.add(`entry ${position}: no title`);
  return entry;
}

/** The primary one first, as arXiv's own pages have them. */
function categoriesOf({ primaryCategory, categories }: FeedItem): string[] {
  const first = primaryCategory === undefined ? [] : [primaryCategory];
  return [...new Set([...first, ...categories].map(cleanText))].filter((one) => one !== '');
}
