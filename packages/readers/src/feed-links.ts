import { cleanText } from '@paperboy/core';
import { decodePage } from './decode-page.ts';
import { linkTo } from './make-entry.ts';
import type { PageInput } from './read-page.ts';
import { scanTags, type Tag } from './scan-tags.ts';
import { textOfHtml } from './text-of-html.ts';

/** A feed that a page names, or may have. */
export interface FeedCandidate {
  readonly url: string;
  readonly title?: string;
}

const FEED_TYPE = /^application\/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|json)\b/i;
/** `rel=alternate` of this type is also said of an API of the page itself. */
const NO_FEED = /\/wp-json\/|oembed/i;
/** Feeds of what readers say about a page, not of what it lists. */
const COMMENTS = /\/comments?(?:\/|$)|\bcomments\b/i;
const MAX_CANDIDATES = 30;

/** The feeds that an HTML page at `address` names in its head, in order, each once. Linear. */
export function feedLinks(
  page: Pick<PageInput, 'bytes' | 'contentType'>,
  address: string,
): FeedCandidate[] {
  const { text } = decodePage(page.bytes, page.contentType);
  let base = address;
  const found = new Map<string, FeedCandidate>();
  scanTags(text, (tag) => {
    if (tag.kind === 'end') return false;
    if (tag.name === 'base') base = URL.parse(attribute(tag, 'href') ?? '', base)?.href ?? base;
    if (tag.name !== 'link' || !isFeed(tag)) return false;
    const url = linkTo('page', URL.parse(attribute(tag, 'href') ?? '', base)?.href)?.url;
    if (url === undefined || found.has(url)) return false;
    const title = cleanText(attribute(tag, 'title') ?? '').slice(0, 200);
    found.set(url, { url, ...(title !== '' && { title }) });
    return found.size >= MAX_CANDIDATES;
  });
  const all = [...found.values()];
  const lists = all.filter(({ url, title = '' }) => !COMMENTS.test(url) && !COMMENTS.test(title));
  return lists.length > 0 ? lists : all;
}

function isFeed(tag: Tag): boolean {
  const rel = (attribute(tag, 'rel') ?? '').toLowerCase().split(/\s+/);
  const isAlternate = rel.includes('alternate') && !rel.includes('stylesheet');
  return (
    isAlternate &&
    FEED_TYPE.test(attribute(tag, 'type') ?? '') &&
    !NO_FEED.test(attribute(tag, 'href') ?? '')
  );
}

function attribute(tag: Tag, name: string): string | undefined {
  const value = tag.attributes.get(name);
  return value === undefined ? undefined : textOfHtml(value).trim();
}

/** Where sites that name no feed often have one, the likeliest first. */
const COMMON_PATHS = ['feed', 'rss.xml', 'atom.xml', 'feed.xml', 'index.xml', 'feed.json'];

/** Addresses worth a look when a page names no feed: beside it and at the top of its site. */
export function commonFeedAddresses(address: string): string[] {
  const here = new URL(address.replace(/[?#].*$/, ''));
  if (!here.pathname.endsWith('/')) here.pathname += '/';
  const top = new URL('/', here);
  const under = (base: URL, paths: readonly string[]) =>
    paths.map((path) => new URL(path, base).href);
  return [...new Set([...under(here, COMMON_PATHS.slice(0, 2)), ...under(top, COMMON_PATHS)])];
}
