import {
  arxivIdIn,
  cleanText,
  type Entry,
  type EntryIds,
  idsIn,
  type ListedOn,
  type PageReading,
  type Section,
} from '@paperboy/core';
import { arxivLinks, namesIn } from './arxiv-names.ts';
import { feedDay } from './feed-dates.ts';
import { type FeedItem, type ParsedFeed, skippedDays, weekdayOf } from './feed-mapping.ts';
import { printedDate } from './hf-items.ts';
import { MAX_ENTRIES, makeEntry, OVER_MAX_ENTRIES } from './make-entry.ts';
import { feedKind, parseAnyFeed, withoutEntries } from './parse-feed.ts';
import type { RawPage, Reader } from './reader.ts';
import { Warnings } from './warnings.ts';

/** As far as the marks may be from the beginning. */
const HEAD = 6_000;
const MARKS =
  /(?:rss|export)\.arxiv\.org\/(?:rss|atom)|updates on arXiv\.org|Feed error for query/i;
/** arXiv's days begin and end there. */
const ZONE = 'America/New_York';

/** A day's list of one or more categories, from `rss.arxiv.org/rss/…` or `/atom/…`. */
export const arxivFeed: Reader = {
  format: 'arxiv-feed',
  recognises({ text }) {
    const kind = feedKind(text);
    return (kind === 'rss' || kind === 'atom') && MARKS.test(text.slice(0, HEAD));
  },
  read: readArxivFeed,
};

function readArxivFeed(page: RawPage): PageReading {
  const format = 'arxiv-feed';
  const warnings = new Warnings();
  const feed = parseAnyFeed(page.text, warnings);
  if (feed.kind === 'refused') {
    return { kind: 'unreadable', format, reason: 'malformed', detail: feed.detail };
  }
  if (/^feed error\b/i.test(feed.title ?? '')) {
    const detail = `the feed says "${cleanText(feed.title ?? '').slice(0, 200)}"`;
    return { kind: 'unreadable', format, reason: 'no-entries', detail };
  }
  const items = feed.items.slice(0, MAX_ENTRIES);
  const entries = items.flatMap((item, index) => entryOf(item, index + 1, warnings) ?? []);
  const date = dayOf(feed);
  const isEmpty = feed.cutBecause === undefined && saysEmpty(feed, date, warnings);
  if (entries.length === 0 && !isEmpty) {
    return withoutEntries(format, feed, 'an arXiv id and a title');
  }
  const over = feed.items.length > items.length ? OVER_MAX_ENTRIES : undefined;
  const cutBecause = over ?? feed.cutBecause;
  return {
    kind: 'listing',
    format,
    shape: date === undefined ? 'window' : 'batch',
    ...(date !== undefined && { date: printedDate(date) }),
    nextPages: [],
    ...skippedDays(feed),
    statedEmpty: isEmpty,
    ...(cutBecause !== undefined && { cutBecause }),
    entries,
    unreadableEntries: items.length - entries.length + (feed.dropped ?? 0),
    warnings: warnings.list(),
  };
}

/** The day the feed is for, which is also that of its items. */
function dayOf(feed: ParsedFeed): ListedOn | undefined {
  return feedDay(feed.updated, ZONE) ?? feedDay(feed.items[0]?.published, ZONE);
}

/** A feed of a weekend has no items, and says by its `skipDays` that such days come; Atom has only its date to say so. */
function saysEmpty(feed: ParsedFeed, date: ListedOn | undefined, warnings: Warnings): boolean {
  if (feed.items.length > 0 || feed.dropped !== undefined) return false;
  const weekday = date === undefined ? undefined : weekdayOf(date);
  const isSkipped = weekday !== undefined && feed.skipDays.includes(weekday);
  if (feed.skipDays.length > 0 && !isSkipped) {
    warnings.add(
      `no papers on a ${weekday ?? 'day'} that the feed does not skip: a holiday, or a fault`,
    );
  }
  return feed.skipDays.length > 0 || weekday === 'Saturday' || weekday === 'Sunday';
}

/** What stands above an abstract: `arXiv:2410.13859v1 Announce Type: cross`, and `Abstract:` before the text. */
const LEAD =
  /^\s*(?:arXiv:(?<id>\S{1,40})\s*)?(?:Announce Type:\s*(?<type>[a-z-]{1,20})\s*)?(?:Abstract:\s*)?/i;

const SECTIONS: Readonly<Record<string, Section>> = {
  new: 'new',
  cross: 'cross',
  replace: 'replace',
  'replace-cross': 'replace-cross',
  absonly: 'replace',
  'absonly-cross': 'replace-cross',
};

function entryOf(item: FeedItem, position: number, warnings: Warnings): Entry | undefined {
  const text = item.text?.text ?? '';
  const lead = LEAD.exec(text);
  const type = lead?.groups?.type?.toLowerCase();
  const section = type === undefined ? undefined : SECTIONS[type];
  if (section === undefined) {
    warnings.add(
      `entry ${position}: ${type === undefined ? 'no announce type' : `announce type "${type}"`}`,
    );
  }
  const ids = idsOf(item, lead?.groups?.id);
  if (ids.arxiv === undefined) {
    warnings.add(`entry ${position}: no arXiv id`);
    return undefined;
  }
  const entry = makeEntry(
    {
      position,
      title: item.title?.text ?? '',
      abstract: [text.slice(lead?.[0].length ?? 0)],
      textKind: 'abstract',
      ids,
      // The Atom feed has `dc:creator` too: one text for all names.
      authors: item.creators.flatMap(namesIn),
      links: arxivLinks(ids.arxiv),
      section: section ?? 'none',
      categories: item.categories.map(cleanText).filter((one) => one !== ''),
    },
    warnings,
  );
  if (!entry) warnings.add(`entry ${position}: no title`);
  return entry;
}

/** The `oai:` name has the version; the link has none. */
function idsOf(item: FeedItem, leading: string | undefined): EntryIds {
  const places = [item.id, leading && `arXiv:${leading}`, ...item.links.map(({ href }) => href)];
  const found = places.flatMap((place) => (place && arxivIdIn(place)) || [])[0];
  const doi = idsIn(item.identifiers).doi;
  return {
    ...(found && { arxiv: found.id }),
    ...(found?.version !== undefined && { arxivVersion: found.version }),
    ...(doi !== undefined && { doi }),
  };
}
