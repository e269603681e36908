import { readableTex } from '@paperboy/core';
import type { PaperCard } from '@paperboy/store';
import { describeStored } from '@paperboy/topics';
import { safeUrl } from '../html.ts';
import { readLinks } from '../paper-marks.ts';

/** A list of papers as feed readers take it, whatever the format. Addresses are whole. */
export interface Feed {
  /** A tag URI (RFC 4151): the same for ever, wherever the feed is served from. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** The page that shows the same papers. */
  readonly home: string;
  /** Where it is itself; absent where that is a secret. */
  readonly atom?: string;
  readonly json?: string;
  /** When one of its papers last changed. */
  readonly updated: Date;
  /** When the list itself last changed: a paper may come to it long after it was found. */
  readonly changed: Date;
  readonly entries: readonly FeedEntry[];
}

/** Its words are to be read: TeX stands in them as it would be printed. */
export interface FeedEntry {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly abstract: string | null;
  /** Why the paper is in the feed, a line each; empty outside of topics. */
  readonly reasons: readonly string[];
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  /** Its pages elsewhere. */
  readonly links: readonly { readonly rel: string; readonly url: string }[];
  readonly published: Date;
  readonly updated: Date;
}

/** What is said of a feed beside its papers. */
export interface FeedAbout {
  readonly publicUrl: string;
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly home: string;
  /** Its address without the ending; left out where that is a secret. */
  readonly path?: string;
  /** When it began, for as long as it has no papers. */
  readonly since: Date;
}

/** The feed of some papers, in their order. */
export function feedOf(papers: readonly PaperCard[], of: FeedAbout): Feed {
  const at = (path: string) => new URL(path, of.publicUrl).href;
  const entries = papers.map((paper) => entryOf(paper, of.publicUrl));
  const updated = latest(
    entries.map((entry) => entry.updated),
    of.since,
  );
  return {
    id: tagOf(of.publicUrl, of.name),
    title: of.title,
    about: of.about,
    home: at(of.home),
    ...(of.path !== undefined && { atom: at(`${of.path}.atom`), json: at(`${of.path}.json`) }),
    updated,
    changed: latest(
      papers.map(({ addedAt }) => addedAt),
      updated,
    ),
    entries,
  };
}

function entryOf(paper: PaperCard, publicUrl: string): FeedEntry {
  const { paperId, title, abstract, authors, categories, links, foundAt, updatedAt } = paper;
  const seen = new Set<string>();
  return {
    // One paper has one id in all feeds, so that readers who follow several see it once.
    id: tagOf(publicUrl, `papers/${paperId}`),
    url: new URL(`/papers/${paperId}`, publicUrl).href,
    title: readableTex(title),
    abstract: abstract === null ? null : readableTex(abstract),
    reasons: describeStored(paper.reasons),
    authors: authors ?? [],
    categories: categories ?? [],
    links: readLinks(links).flatMap(({ rel, url }) => {
      const address = safeUrl(url);
      return address === undefined || seen.size === seen.add(address).size
        ? []
        : [{ rel, url: address }];
    }),
    published: foundAt,
    updated: updatedAt,
  };
}

/** The year is a part of the name: by whoever had the host then (RFC 4151, 2.1). */
const TAG_YEAR = 2026;

function tagOf(publicUrl: string, name: string): string {
  const { hostname } = new URL(publicUrl);
  // An address in brackets cannot stand in a tag.
  return `tag:${hostname.startsWith('[') ? 'localhost' : hostname},${TAG_YEAR}:${name}`;
}

function latest(times: readonly Date[], least: Date): Date {
  if (times.length === 0) return least;
  return new Date(Math.max(...times.map((time) => time.getTime())));
}
