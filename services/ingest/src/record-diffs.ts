import type { PageDiff, PaperId } from '@paperboy/core';
import {
  insertAppearances,
  insertNewPapers,
  linkOtherWorks,
  noteMergedSightings,
  onPage,
  type RecordedPage,
  type Sighted,
  type Tx,
  together,
  updateRecurringPapers,
} from '@paperboy/store';

/** A page with its entries sorted. */
export interface SortedPage {
  readonly page: RecordedPage;
  readonly diff: PageDiff;
}

/**
 * Writes diffs of pages that do not depend on one another, with an appearance for each paper but those `shown`
 * already; gives what appears as what.
 */
export async function recordDiffs(
  tx: Tx,
  pages: readonly SortedPage[],
  shown: ReadonlyMap<PaperId, unknown> = new Map(),
): Promise<{ fresh: Sighted[]; again: Sighted[]; added: number }> {
  const newEntries = pages.flatMap(({ page, diff }) => onPage(page, diff.newEntries));
  const recurringEntries = pages.flatMap(({ page, diff }) => onPage(page, diff.recurringEntries));
  const fresh = await insertNewPapers(tx, newEntries);
  const again = await updateRecurringPapers(tx, recurringEntries);
  const isMissing = ({ paperId }: Sighted) => !shown.has(paperId);
  const sighted = [...fresh, ...again];
  const missing = shown.size > 0 ? sighted.filter(isMissing) : sighted;
  const recurring = Map.groupBy(shown.size > 0 ? again.filter(isMissing) : again, pageOf);
  await together([
    insertAppearances(tx, missing),
    linkOtherWorks(tx, [...newEntries, ...recurringEntries], sighted),
    noteMergedSightings(
      tx,
      pages.map(({ page, diff: { repeatedEntries: repeated } }) => {
        return { page, recurring: recurring.get(page) ?? [], repeated };
      }),
    ),
  ]);
  return { fresh, again, added: missing.length };
}

const pageOf = ({ page }: Sighted) => page;
