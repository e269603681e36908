import { type Entry, idOf, type Listing, type SourceId } from '@paperboy/core';
import { recordReading } from '@paperboy/ingest';
import { ensureSource, type Store, storePage } from '@paperboy/store';
import type { SyntheticPaper } from './data.ts';

/** A page reading of synthetic papers, as a reader gives it. */
export function listingOf(
  papers: readonly SyntheticPaper[],
  day: { month: number; day: number },
): Listing {
  return {
    kind: 'listing',
    format: 'hf-api',
    shape: 'batch',
    date: { year: 2026, ...day },
    nextPages: [],
    statedEmpty: false,
    entries: papers.map(entryOf),
    unreadableEntries: 0,
    warnings: [],
  };
}

function entryOf(paper: SyntheticPaper, index: number): Entry {
  return {
    position: index + 1,
    title: paper.title,
    abstract: paper.abstract,
    textKind: 'abstract',
    ids: { arxiv: paper.arxivId },
    authors: paper.authors,
    links: [{ rel: 'page', url: `https://huggingface.co/papers/${paper.arxivId}` }],
    section: 'none',
    upvotes: paper.upvotes,
  };
}

/** The one source of a bench. */
export async function benchSource({ db }: Store): Promise<SourceId> {
  const { source } = await ensureSource(db, { name: 'bench', title: 'Bench' });
  return source.id;
}

let pages = 0;

/** An empty stored page to record a reading on; readings of benches are made, not parsed. */
export async function emptyPage({ db }: Store, sourceId: SourceId) {
  const contentHash = Buffer.alloc(32);
  contentHash.writeUInt32BE(++pages);
  const seenAt = new Date('2026-02-05T12:00:00Z');
  const page = { sourceId, contentHash, body: Buffer.alloc(0), bodyBytes: 0, seenAt };
  const { listingPageId } = await storePage(db, page);
  return { listingPageId: idOf('listing-page', listingPageId), sourceId, seenAt };
}

/** Entries of one page at most: the largest listing pages hold a few thousand. */
const PAGE = 2_000;

/** A long list as the pages it would come in; positions go on from page to page. */
export function pagesOf(reading: Listing): Listing[] {
  const pages: Listing[] = [];
  for (let from = 0; from < reading.entries.length; from += PAGE) {
    pages.push({ ...reading, entries: reading.entries.slice(from, from + PAGE) });
  }
  return pages;
}

/** Stored pages to record readings on: capturing them is no part of what is measured. */
export async function emptyPages(store: Store, sourceId: SourceId, count: number) {
  const stored = [];
  for (let page = 0; page < count; page++) stored.push(await emptyPage(store, sourceId));
  return stored;
}

/** Records pages one after another, each in its transaction. */
export async function recordPages(
  { db }: Store,
  stored: Awaited<ReturnType<typeof emptyPages>>,
  pages: readonly Listing[],
): Promise<void> {
  for (const [index, page] of pages.entries()) {
    const facts = stored[index];
    if (!facts) throw new RangeError('fewer stored pages than readings');
    await recordReading(db, facts, page);
  }
}
