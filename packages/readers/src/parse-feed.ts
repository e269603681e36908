import type { PageFormat, Unreadable } from '@paperboy/core';
import { parseFeed } from 'feedsmith';
import { z } from 'zod';
import { ofAtom, ofJson, ofRdf, ofRss, type ParsedFeed } from './feed-mapping.ts';
import { MAX_ENTRIES } from './make-entry.ts';
import { parseJson } from './parse-json.ts';
import { prepareXml } from './prepare-xml.ts';
import type { Warnings } from './warnings.ts';

export type FeedParsing = ParsedFeed | { readonly kind: 'refused'; readonly detail: string };

const OPTIONS = { maxItems: MAX_ENTRIES + 1 };
const JSON_FEED = /"version"\s*:\s*"https?:\\?\/\\?\/(?:www\.)?jsonfeed\.org/;
/** As far as a feed's own mark may be from its beginning. */
const HEAD = 10_000;

/** The name of an XML text's first element, lower case; undefined for anything else. */
function xmlRoot(text: string): string | undefined {
  const head = text.slice(0, HEAD).replace(/<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)/g, ' ');
  const found =
    /^[\s\ufeff]*(?:<!doctype[^>[]*(?:\[[^\]]*\]\s*)?>\s*)?<([a-z_][\w.:-]*)[\s/>]/i.exec(head);
  return found?.[1]?.toLowerCase();
}

/** Which kind of feed a text looks like by its first element or its version; undefined for none. */
export function feedKind(text: string): ParsedFeed['kind'] | undefined {
  const root = localName(xmlRoot(text) ?? '');
  if (root === 'rss' || root === 'rdf') return root;
  if (root === 'feed') return 'atom';
  const isJson = /^[\s\ufeff]*\{/.test(text) && JSON_FEED.test(text.slice(0, HEAD));
  return isJson ? 'json' : undefined;
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

/** Reads RSS 0.9x to 2.0, RSS 1.0, Atom or JSON Feed. Never throws. */
export function parseAnyFeed(text: string, warnings: Warnings): FeedParsing {
  if (feedKind(text) === 'json') return parseJsonText(text, warnings);
  const xml = prepareXml(text, warnings, renamed);
  if (xml.kind === 'refused') return xml;
  if (xml.root === 'html') return { kind: 'refused', detail: 'an HTML page, no feed' };
  const feed = counted(parsed(xml.xml), xml.items, warnings);
  if (feed.kind === 'refused' || xml.kind === 'whole') return feed;
  return { ...feed, cutBecause: `the feed ${xml.why}` };
}

function parseJsonText(text: string, warnings: Warnings): FeedParsing {
  const json = parseJson(text);
  if (json.kind === 'broken') return { kind: 'refused', detail: json.detail };
  const items = z.object({ items: z.array(z.unknown()) }).safeParse(json.value).data?.items ?? [];
  const feed = counted(parsed(json.value), items.length, warnings);
  if (feed.kind === 'refused' || json.kind === 'whole') return feed;
  return { ...feed, cutBecause: 'the JSON ends inside an item' };
}

/** The parser says nothing of items that are empty or stand where it does not look. */
function counted(feed: FeedParsing, items: number, warnings: Warnings): FeedParsing {
  if (feed.kind === 'refused') return feed;
  const dropped = Math.min(items, OPTIONS.maxItems) - feed.items.length;
  if (dropped <= 0) return feed;
  warnings.add(`${dropped} items are empty or outside of the list`);
  return { ...feed, dropped };
}

function parsed(value: unknown): FeedParsing {
  try {
    const { format, feed } = parseFeed(value, OPTIONS);
    if (format === 'rss') return ofRss(feed);
    if (format === 'atom') return ofAtom(feed);
    return format === 'rdf' ? ofRdf(feed) : ofJson(feed);
  } catch (fault) {
    const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
    const detail = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
    return { kind: 'refused', detail };
  }
}

/** Why a feed gives no entries: what each of its items lacks, or that it has none. */
export function withoutEntries(
  format: PageFormat,
  { items, dropped = 0, kind, cutBecause }: ParsedFeed,
  needed: string,
): Unreadable {
  const unlike = `all of ${dropped} items are empty or outside of the list`;
  const none = `no ${ITEM_NAMES[kind]} in the feed, and nothing says that it is empty`;
  const bare = `none of ${items.length + dropped} items has ${needed}`;
  const why = items.length > 0 ? bare : dropped > 0 ? unlike : none;
  const detail = cutBecause === undefined ? why : `${why}; ${cutBecause}`;
  return { kind: 'unreadable', format, reason: 'no-entries', detail };
}

const ITEM_NAMES = { rss: '<item>', rdf: '<item>', atom: '<entry>', json: 'items' } as const;

/**
 * What the parser leaves out of some kinds of feed goes under names that it reads in all of them. Persons of RSS go
 * under one that it does not take apart, as that takes time with the square of their length; and an RSS 1.0 table of
 * contents is hidden, since its items are looked up one in all, and those not in it are dropped.
 */
function renamed(name: string, root: string): string | undefined {
  if (name === 'prism:doi' || name === 'arxiv:doi') return 'dc:identifier';
  const kind = localName(root);
  if (kind === 'rss' && name === 'author') return 'dc:contributor';
  if (kind === 'rss' && (name === 'managingeditor' || name === 'webmaster')) return 'x-person';
  return kind === 'rdf' && name === 'items' ? 'x-contents' : undefined;
}
