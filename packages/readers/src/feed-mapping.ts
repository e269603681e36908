import type { ListedOn } from '@paperboy/core';
import type { AtomFeed, JsonFeed, RdfFeed, RssFeed } from 'feedsmith';

/** How a text is marked up: not at all, or as HTML that still has its own entities. */
export interface FeedText {
  readonly text: string;
  readonly isHtml: boolean;
}

interface FeedLink {
  readonly href: string;
  readonly rel?: string | undefined;
  readonly type?: string | undefined;
}

/** An item of any kind of feed, its XML or JSON undone and nothing else. */
export interface FeedItem {
  readonly title?: FeedText | undefined;
  /** The fullest text there is. */
  readonly text?: FeedText | undefined;
  readonly links: readonly FeedLink[];
  /** `guid`, Atom and JSON `id`, `rdf:about`: a name, not always an address. */
  readonly id?: string | undefined;
  /** DOIs and the like, from `dc:identifier`, `prism:doi` and `arxiv:doi`. */
  readonly identifiers: readonly string[];
  /** As given: one name each, or many joined. */
  readonly creators: readonly string[];
  readonly categories: readonly string[];
  readonly primaryCategory?: string | undefined;
  readonly published?: string | undefined;
}

/** A feed of any kind. */
export interface ParsedFeed {
  readonly kind: 'rss' | 'rdf' | 'atom' | 'json';
  readonly title?: string | undefined;
  /** The page it belongs to. */
  readonly home?: string | undefined;
  /** Its own address, as it says. */
  readonly self?: string | undefined;
  /** What relative addresses stand under, where it says so. */
  readonly base?: string | undefined;
  /** When it was made, as printed. */
  readonly updated?: string | undefined;
  /** Days on which it has nothing, in English. */
  readonly skipDays: readonly string[];
  readonly totalResults?: number | undefined;
  readonly startIndex?: number | undefined;
  readonly itemsPerPage?: number | undefined;
  readonly items: readonly FeedItem[];
  /** Items that it has too, of which the parser gives nothing: empty, or outside of the list. */
  readonly dropped?: number;
  /** It ends too early; `items` are the whole ones. */
  readonly cutBecause?: string;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The days that a feed skips, as a listing has them; absent where it skips none. */
export function skippedDays({ skipDays }: ParsedFeed): { skipDays?: readonly number[] } {
  const days = WEEKDAYS.flatMap((name, day) => (skipDays.includes(name) ? [day] : []));
  return days.length > 0 ? { skipDays: days } : {};
}

/** The English name of the weekday of a calendar day. */
export function weekdayOf(date: ListedOn): string | undefined {
  return WEEKDAYS[new Date(date).getUTCDay()];
}

const html = (text: string | undefined): FeedText | undefined =>
  text === undefined ? undefined : { text, isHtml: true };
const plain = (text: string | undefined): FeedText | undefined =>
  text === undefined ? undefined : { text, isHtml: false };

/** RSS 2.0 and its forerunners, with the Dublin Core, Atom and content elements that papers are described by. */
export function ofRss(feed: RssFeed.Feed<string>): ParsedFeed {
  return {
    kind: 'rss',
    title: feed.title,
    home: feed.link,
    self: feed.atom?.links?.find(({ rel }) => rel === 'self')?.href,
    base: feed.xml?.base,
    updated: feed.pubDate ?? feed.lastBuildDate ?? feed.dc?.dates?.[0],
    skipDays: feed.skipDays ?? [],
    items: (feed.items ?? []).map(ofRssItem),
  };
}

function ofRssItem(item: RssFeed.Item<string>): FeedItem {
  const { dc, guid, atom } = item;
  const isPermaLink = guid?.isPermaLink !== false && /^https?:\/\//i.test(guid?.value ?? '');
  const ownLink = item.link ?? (isPermaLink ? guid?.value : undefined);
  const links: FeedLink[] = [];
  if (ownLink !== undefined) links.push({ href: ownLink });
  for (const { href, rel, type } of atom?.links ?? []) if (href) links.push({ href, rel, type });
  for (const { url, type } of item.enclosures ?? []) {
    if (url) links.push({ href: url, rel: 'enclosure', type });
  }
  return {
    title: html(item.title ?? dc?.titles?.[0]),
    text: html(item.content?.encoded ?? item.description ?? dc?.descriptions?.[0]),
    links,
    id: guid?.value,
    identifiers: dc?.identifiers ?? [],
    creators: dc?.creators ?? dc?.contributors ?? [],
    categories: (item.categories ?? []).flatMap(({ name }) => name ?? []),
    published: item.pubDate ?? dc?.dates?.[0] ?? item.prism?.publicationDates?.[0],
  };
}

/** RSS 1.0 (RDF), whose items say most in Dublin Core. */
export function ofRdf(feed: RdfFeed.Feed<string>): ParsedFeed {
  return {
    kind: 'rdf',
    title: feed.title,
    home: feed.link,
    base: feed.xml?.base,
    updated: feed.dc?.dates?.[0],
    skipDays: [],
    items: (feed.items ?? []).map(({ title, link, description, content, rdf, dc }) => ({
      title: html(title ?? dc?.titles?.[0]),
      text: html(content?.encoded ?? description ?? dc?.descriptions?.[0]),
      links: link === undefined ? [] : [{ href: link }],
      id: rdf?.about,
      identifiers: dc?.identifiers ?? [],
      creators: dc?.creators ?? [],
      categories: dc?.subjects ?? [],
      published: dc?.dates?.[0],
    })),
  };
}

/** Atom (RFC 4287), with the counts of OpenSearch 1.1 where it is a page of answers. */
export function ofAtom(feed: AtomFeed.Feed<string>): ParsedFeed {
  const link = (rel: string) => feed.links?.find((one) => (one.rel ?? 'alternate') === rel)?.href;
  return {
    kind: 'atom',
    title: feed.title?.value,
    home: link('alternate'),
    self: link('self'),
    base: feed.xml?.base,
    updated: feed.updated,
    skipDays: [],
    totalResults: countOf(feed.opensearch?.totalResults),
    startIndex: countOf(feed.opensearch?.startIndex),
    itemsPerPage: countOf(feed.opensearch?.itemsPerPage),
    items: (feed.entries ?? []).map(ofAtomEntry),
  };
}

/** A number of things; one of less than none or of parts of them is none. */
function countOf(value: number | undefined): number | undefined {
  return Number.isSafeInteger(value) && value !== undefined && value >= 0 ? value : undefined;
}

function ofAtomEntry(entry: AtomFeed.Entry<string>): FeedItem {
  const { dc, arxiv } = entry;
  const names = (entry.authors ?? []).flatMap(({ name }) => name ?? []);
  return {
    title: atomText(entry.title),
    text: atomText(entry.content) ?? atomText(entry.summary) ?? html(dc?.descriptions?.[0]),
    links: (entry.links ?? []).flatMap(({ href, rel, type }) => (href ? { href, rel, type } : [])),
    id: entry.id,
    identifiers: [...(arxiv?.doi === undefined ? [] : [arxiv.doi]), ...(dc?.identifiers ?? [])],
    creators: names.length > 0 ? names : (dc?.creators ?? []),
    categories: (entry.categories ?? []).flatMap(({ term }) => term ?? []),
    primaryCategory: arxiv?.primaryCategory?.term,
    published: entry.published ?? entry.updated ?? dc?.dates?.[0],
  };
}

/** Atom says of each text what it is (RFC 4287, 3.1.1). */
function atomText(text: AtomFeed.Content | undefined): FeedText | undefined {
  const { value, type = 'text' } = text ?? {};
  return /^(?:text|text\/plain)$/i.test(type) ? plain(value) : html(value);
}

/** JSON Feed 1.0 and 1.1. */
export function ofJson(feed: JsonFeed.Feed<string>): ParsedFeed {
  return {
    kind: 'json',
    title: feed.title,
    home: feed.home_page_url,
    self: feed.feed_url,
    skipDays: [],
    items: (feed.items ?? []).map(ofJsonItem),
  };
}

function ofJsonItem(item: JsonFeed.Item<string>): FeedItem {
  const links: FeedLink[] = [];
  if (item.url !== undefined) links.push({ href: item.url });
  if (item.external_url !== undefined) links.push({ href: item.external_url });
  for (const { url, mime_type: type } of item.attachments ?? []) {
    if (url) links.push({ href: url, rel: 'enclosure', type });
  }
  return {
    title: plain(item.title),
    text: html(item.content_html) ?? plain(item.content_text) ?? plain(item.summary),
    links,
    id: item.id,
    identifiers: [],
    creators: (item.authors ?? []).flatMap(({ name }) => name ?? []),
    categories: item.tags ?? [],
    published: item.date_published,
  };
}
