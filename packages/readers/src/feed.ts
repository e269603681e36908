import type { Entry, Link, PageReading, TextKind } from '@paperboy/core';
import { cleanText } from '@paperboy/core';
import { authorNames } from './feed-authors.ts';
import { feedInstant } from './feed-dates.ts';
import { idsOfItem } from './feed-ids.ts';
import { type FeedItem, type FeedText, type ParsedFeed, skippedDays } from './feed-mapping.ts';
import { linkTo, MAX_ENTRIES, makeEntry, OVER_MAX_ENTRIES } from './make-entry.ts';
import { feedKind, parseAnyFeed, withoutEntries } from './parse-feed.ts';
import type { RawPage, Reader } from './reader.ts';
import { paragraphsOf, textOfHtml } from './text-of-html.ts';
import { Warnings } from './warnings.ts';

/**
 * Any RSS, Atom or JSON Feed. It is a window: a feed holds its newest items whatever their days, its own date moves
 * when nothing else does, and the dates of its items are those of the papers. So it has no list day, and what is new
 * is told paper by paper.
 */
export const feed: Reader = {
  format: 'feed',
  recognises: ({ text }) => feedKind(text) !== undefined,
  read: readFeed,
};

function readFeed(page: RawPage): PageReading {
  const warnings = new Warnings();
  const parsed = parseAnyFeed(page.text, warnings);
  if (parsed.kind === 'refused') {
    return { kind: 'unreadable', format: 'feed', reason: 'malformed', detail: parsed.detail };
  }
  const base = baseOf(parsed, page.address);
  const items = parsed.items.slice(0, MAX_ENTRIES);
  const entries: Entry[] = [];
  items.forEach((item, index) => {
    const entry = entryOf(item, index + 1, base, warnings);
    if (entry) entries.push(entry);
    else warnings.add(`entry ${index + 1}: no title`);
  });
  if (entries.length === 0) return withoutEntries('feed', parsed, 'a title');
  const over = parsed.items.length > items.length ? OVER_MAX_ENTRIES : undefined;
  const cutBecause = over ?? parsed.cutBecause ?? characterCut(page);
  return {
    kind: 'listing',
    format: 'feed',
    shape: 'window',
    nextPages: [],
    ...skippedDays(parsed),
    statedEmpty: false,
    ...(cutBecause !== undefined && { cutBecause }),
    entries,
    unreadableEntries: items.length - entries.length + (parsed.dropped ?? 0),
    warnings: warnings.list(),
  };
}

function characterCut(page: RawPage): string | undefined {
  return page.endsInsideCharacter ? 'the feed ends inside a character' : undefined;
}

/** Where relative addresses stand: what the feed says of itself, under the address that answered. */
function baseOf({ base, self, home }: ParsedFeed, address: string | undefined): string | undefined {
  const under = [address, self, home].find((one) => one !== undefined && URL.canParse(one));
  return URL.parse(base ?? home ?? '', under)?.href ?? under;
}

function entryOf(
  item: FeedItem,
  position: number,
  base: string | undefined,
  warnings: Warnings,
): Entry | undefined {
  const body = bodyOf(item.text);
  const authors = item.creators.length > 0 ? authorNames(item.creators) : body.authors;
  const publishedAt = feedInstant(item.published);
  const categories = item.categories.map(cleanText).filter((one) => one !== '');
  const ids = idsOfItem(item, body.paragraphs[0] ?? '');
  return makeEntry(
    {
      position,
      title: item.title === undefined ? '' : lineOf(item.title),
      abstract: body.paragraphs,
      textKind: body.kind,
      ids,
      ...(authors !== undefined && { authors }),
      links: linksOf(item, base),
      ...(categories.length > 0 && { categories }),
      ...(publishedAt !== undefined && { publishedAt }),
      ...(body.upvotes !== undefined && { upvotes: body.upvotes }),
    },
    warnings,
  );
}

function lineOf({ text, isHtml }: FeedText): string {
  return isHtml ? textOfHtml(text) : text;
}

interface Body {
  readonly paragraphs: readonly string[];
  readonly kind: TextKind;
  readonly authors?: readonly string[];
  readonly upvotes?: number;
}

/** `Authors: …`, `Upvotes: 48` and `Summary: …`, as makers of feeds write what a feed has no element for. */
const LABEL =
  /^\s*(authors?|author\(s\)|upvotes|votes|summary|abstract|publication date|source)\s*:\s*/i;
/** What was shortened on the way is no abstract. */
const TEASER = /(?:…|\.\.\.|\[(?:…|\.{3}|&hellip;)\]|\bread more|\bcontinue reading)\s*[.»→]?$/i;

/**
 * An item's text. Where its parts are labelled, the abstract is what follows `Summary:` or `Abstract:`; that such a
 * feed calls it summary says nothing, as the field it comes from holds the authors' abstract.
 */
function bodyOf(text: FeedText | undefined): Body {
  if (text === undefined) return { paragraphs: [], kind: 'abstract' };
  const all = text.isHtml ? paragraphsOf(text.text) : [text.text];
  const labelled = (name: RegExp) => all.findIndex((one) => name.test(LABEL.exec(one)?.[1] ?? ''));
  const from = labelled(/^(?:summary|abstract)$/i);
  const rest = (at: number) => all[at]?.replace(LABEL, '') ?? '';
  const paragraphs = from < 0 ? all : [rest(from), ...all.slice(from + 1)];
  const authorsAt = labelled(/^author/i);
  const votes = /^\d{1,7}(?=\s*$)/.exec(rest(labelled(/votes$/i)))?.[0];
  const last = paragraphs.at(-1) ?? '';
  return {
    paragraphs: from < 0 ? paragraphs.filter((one) => !LABEL.test(one)) : paragraphs,
    kind: TEASER.test(last) ? 'summary' : 'abstract',
    ...(authorsAt >= 0 && { authors: authorNames([rest(authorsAt)]) }),
    ...(votes !== undefined && { upvotes: Number(votes) }),
  };
}

function linksOf(item: FeedItem, base: string | undefined): Link[] {
  const links = new Map<string, Link>();
  for (const { href, rel = 'alternate', type } of item.links) {
    const url = URL.parse(href.trim(), base)?.href;
    const link = linkTo(relOf(rel, type, url), url);
    if (link && (link.rel !== 'other' || rel === 'related') && !links.has(link.url))
      links.set(link.url, link);
    if (links.size >= MAX_LINKS) break;
  }
  return [...links.values()];
}

const MAX_LINKS = 20;

function relOf(rel: string, type: string | undefined, url: string | undefined): Link['rel'] {
  if (type === 'application/pdf' || /\.pdf$|arxiv\.org\/pdf\//i.test(url ?? '')) return 'pdf';
  return rel === 'alternate' ? 'page' : 'other';
}
