import {
  changeOnReread,
  isRecorded,
  type Listing,
  type ListingPageId,
  type PageOutcome,
  PaperboyError,
} from '@paperboy/core';
import {
  addFindings,
  loadPage,
  lockRecording,
  type PageResult,
  pageResult,
  papersShown,
  rewordAppearances,
  type Tx,
} from '@paperboy/store';
import { seenOn } from './decide-page.ts';
import type { PageFacts } from './page-facts.ts';
import { readStoredPage } from './read-stored-page.ts';
import { recordDiffs } from './record-diffs.ts';
import { recordOld, sortEntries } from './record-page.ts';

/** What reading a stored page again brought. */
export interface Reread {
  readonly listingPageId: ListingPageId;
  readonly before: PageOutcome | null;
  readonly verdict: PageOutcome | null;
  /** Papers that no page had shown, and others that this page had and the old reader missed. */
  readonly new: number;
  readonly recurring: number;
  /** Wordings that were begun, completed or replaced. */
  readonly worded: number;
}

/**
 * Reads one stored page again, as the readers are now, and adds what they had missed. Nothing is taken back: a
 * paper keeps the day and page it was first seen on, other pages keep their counts, and a page that cannot be read
 * now stays as it was. A page that was broken or blocked and can be read is recorded, judged by the pages before it.
 * One that repeated its batch or was stale is left alone: its papers stand on the page it repeats, which is read
 * again itself. Twice leaves the same rows. Throws NOT_FOUND.
 */
export async function rereadPage(
  tx: Tx,
  listingPageId: ListingPageId,
  { maxBytes }: { readonly maxBytes: number },
): Promise<Reread> {
  const page = await loadPage(tx, listingPageId);
  if (!page) throw new PaperboyError('NOT_FOUND', `listing page ${listingPageId}`);
  const reading = await readStoredPage(page, maxBytes);
  await lockRecording(tx);
  const before = await pageResult(tx, listingPageId);
  const verdict = before?.verdict ?? null;
  const nothing = { listingPageId, before: verdict, verdict, new: 0, recurring: 0, worded: 0 };
  if (!before || verdict === null || reading.kind === 'unreadable') return nothing;
  const facts = {
    listingPageId,
    sourceId: page.sourceId,
    seenAt: page.seenAt,
    ...(page.askedFor !== null && { askedFor: page.askedFor }),
  };
  if (verdict === 'broken' || verdict === 'blocked') {
    const now = await recordOld(tx, facts, reading);
    return { ...nothing, verdict: now.verdict, new: now.new ?? 0, recurring: now.recurring ?? 0 };
  }
  if (!isRecorded(verdict)) return nothing;
  return { ...nothing, ...(await addMissed(tx, facts, before, reading)) };
}

async function addMissed(
  tx: Tx,
  facts: PageFacts,
  { listedOn, batchPageId }: PageResult,
  { entries }: Listing,
): Promise<Pick<Reread, 'new' | 'recurring' | 'worded'>> {
  const { listingPageId, sourceId } = facts;
  const diff = await sortEntries(tx, sourceId, entries);
  const shown = await papersShown(tx, batchPageId ?? listingPageId, listingPageId);
  const recurringEntries = diff.recurringEntries.map((recurring) => ({
    ...recurring,
    change: changeOnReread(recurring.change, shown.get(recurring.paper.paperId)),
  }));
  const page = { listingPageId, sourceId, seenOn: seenOn(facts, listedOn ?? undefined) };
  const sorted = { page, diff: { ...diff, recurringEntries } };
  const { fresh, again, added } = await recordDiffs(tx, [sorted], shown);
  // The entries' own order: a wording that was kept is not what the page shows.
  const worded = again.filter(({ paperId, textId }, index) => {
    const here = shown.get(paperId);
    return here !== undefined && here !== textId && !recurringEntries[index]?.change.isKept;
  });
  await rewordAppearances(tx, listingPageId, worded);
  const found = { new: fresh.length, recurring: added - fresh.length };
  if (added > 0) {
    const abstracts = entries.filter((entry) => entry.abstract !== undefined).length;
    await addFindings(tx, listingPageId, { ...found, entries: entries.length, abstracts });
  }
  const changed = recurringEntries.filter(({ change }) => change.kind !== 'same');
  return { ...found, worded: changed.length };
}
