import { isRecorded, type ListingPageId } from '@paperboy/core';
import { type Reread, rereadPage, TopicMatcher } from '@paperboy/ingest';
import {
  findSource,
  inTransaction,
  listReadPages,
  previewTransaction,
  type Tx,
} from '@paperboy/store';
import { pace } from './pace.ts';
import type { Shared } from './shared.ts';

export interface RereadTotals {
  /** Pages of the source that were to be read, and those that were. */
  readonly pages: number;
  readonly read: number;
  /** Pages that had something more. */
  readonly changed: number;
  /** Pages that had not been recorded and are now. */
  readonly recorded: number;
  readonly new: number;
  readonly recurring: number;
  readonly worded: number;
  /** Ended before its last page. */
  readonly stopped: boolean;
}

export interface RereadListener {
  progress(text: string): void;
  /** A page that had something more. */
  page(found: Reread): void;
}

/**
 * Reads a source's stored pages again, oldest first, each in a transaction of its own, and matches what they had more.
 * A dry run does all of it in one transaction and undoes it, so that its figures are those of the run. Ends after
 * the page under way when the process is to stop. Throws NOT_FOUND.
 */
export async function rereadSource(
  { db, log, settings, stopping }: Shared,
  name: string,
  { since, dryRun = false }: { readonly since?: Date; readonly dryRun?: boolean },
  listener: RereadListener,
): Promise<RereadTotals> {
  const source = await findSource(db, name);
  const pages = await listReadPages(db, { sourceId: source.id, ...(since && { since }) });
  const matcher = new TopicMatcher(db, log);
  const limits = { maxBytes: settings.fetchMaxBytes };
  const found: Reread[] = [];
  const onEach = async (reread: (page: ListingPageId) => Promise<Reread>) => {
    const told = pace(pages.length);
    for (const page of pages) {
      if (stopping.aborted) return;
      listener.progress(told(found.length));
      const one = await reread(page);
      found.push(one);
      if (hasMore(one)) listener.page(one);
    }
  };
  if (dryRun) {
    await previewTransaction(db, (tx: Tx) => onEach((page) => rereadPage(tx, page, limits)));
  } else {
    await onEach(async (page) => {
      const one = await inTransaction(db, (tx) => rereadPage(tx, page, limits));
      if (hasMore(one) && one.verdict !== null && isRecorded(one.verdict))
        await matcher.matchPage(page);
      return one;
    });
  }
  return totalsOf(found, pages.length);
}

function hasMore(page: Reread): boolean {
  return page.before !== page.verdict || page.new + page.recurring + page.worded > 0;
}

function totalsOf(found: readonly Reread[], pages: number): RereadTotals {
  const sum = (of: (page: Reread) => number) => found.reduce((total, page) => total + of(page), 0);
  return {
    pages,
    read: found.length,
    changed: found.filter(hasMore).length,
    recorded: found.filter(
      ({ before, verdict }) => before !== verdict && verdict !== null && isRecorded(verdict),
    ).length,
    new: sum((page) => page.new),
    recurring: sum(({ recurring }) => recurring),
    worded: sum(({ worded }) => worded),
    stopped: found.length < pages,
  };
}
