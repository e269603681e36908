import {
  diffPage,
  type Entry,
  type KnownEntry,
  type ListingPageId,
  needsEvidence,
  type PageDiff,
  type PageReading,
  PaperboyError,
  type PaperId,
  type PaperKey,
  type SourceId,
} from '@paperboy/core';
import {
  acceptedPages,
  addEvidence,
  type Db,
  findKnownPapers,
  inTransaction,
  loadPage,
  lockRecording,
  lockStanding,
  type PageResult,
  pageResult,
  papersInBatch,
  readAmong,
  refreshAppearances,
  saveFindings,
  type Tx,
  together,
} from '@paperboy/store';
import { decidePage, listedOnOf, type NamedEntries, type ReadPage } from './decide-page.ts';
import { keyed } from './keyed.ts';
import type { PageFacts } from './page-facts.ts';
import { PageGroup } from './page-group.ts';
import { readStoredPage } from './read-stored-page.ts';
import { recordDiffs } from './record-diffs.ts';
import { type AlertOptions, saveSettled } from './settle-source.ts';

/**
 * Reads, judges, identifies and diffs one stored page and records its papers in one transaction. A page that
 * is recorded already is left as it is, so the job may run twice or in two workers. Throws NOT_FOUND.
 */
export async function recordPage(
  db: Db,
  listingPageId: ListingPageId,
  { maxBytes, ...alerts }: { maxBytes: number } & AlertOptions,
): Promise<PageResult> {
  const before = await pageResult(db, listingPageId);
  if (before?.verdict != null) return before;
  const page = await loadPage(db, listingPageId);
  if (!page) throw new PaperboyError('NOT_FOUND', `listing page ${listingPageId}`);
  const reading = await readStoredPage(page, maxBytes);
  const facts = {
    listingPageId,
    sourceId: page.sourceId,
    seenAt: page.seenAt,
    isLive: page.address !== null,
    ...(page.askedFor !== null && { askedFor: page.askedFor }),
  };
  const result = await recordReading(db, facts, reading, alerts);
  const recorded = result ?? (await pageResult(db, listingPageId));
  if (!recorded) throw new PaperboyError('NOT_FOUND', `listing page ${listingPageId}`);
  return recorded;
}

/**
 * Records what was read of a page; the part of `recordPage` that needs no stored bytes. Undefined where it was
 * recorded before.
 */
export async function recordReading(
  db: Db,
  facts: PageFacts,
  reading: PageReading,
  alerts: AlertOptions = {},
): Promise<PageResult | undefined> {
  const results = await recordReadings(db, [{ facts, reading }], alerts);
  return results.get(facts.listingPageId);
}

/**
 * Records pages of one source, in their order, all in one transaction: each as if it were alone, and none where one
 * fails. Those that were recorded before are left as they are, and are not among the results.
 */
export async function recordReadings(
  db: Db,
  pages: readonly ReadPage[],
  alerts: AlertOptions = {},
): Promise<Map<ListingPageId, PageResult>> {
  const sourceId = sourceOf(pages);
  if (sourceId === undefined) return new Map();
  return inTransaction(db, async (tx) => {
    // Served in this order: nothing is looked at before the lock is held.
    const [, read, accepted, standing, named] = await together([
      lockRecording(tx),
      readAmong(tx, idsOf(pages)),
      acceptedPages(tx, sourceId),
      lockStanding(tx, sourceId),
      nameEntries(tx, sourceId, pages),
    ]);
    const unread = pages.flatMap((page, index) => {
      const { listingPageId } = page.facts;
      const entries = named[index];
      if (entries === undefined || read.has(listingPageId)) return [];
      read.add(listingPageId);
      return [{ ...page, named: entries }];
    });
    return recordIn(tx, sourceId, unread, new PageGroup(accepted, standing), alerts);
  });
}

function sourceOf(pages: readonly ReadPage[]): SourceId | undefined {
  const [sourceId, ...others] = new Set(pages.map(({ facts }) => facts.sourceId));
  if (others.length > 0) throw new RangeError('pages of several sources are no group');
  return sourceId;
}

const idsOf = (pages: readonly ReadPage[]) => pages.map(({ facts }) => facts.listingPageId);

/**
 * Judges an old page that could not be read before and records it as of its day, held against the pages before it, in
 * a transaction that holds the lock of recording. It says nothing of how its source stands today.
 */
export async function recordOld(
  tx: Tx,
  facts: PageFacts,
  reading: PageReading,
): Promise<PageResult> {
  const { listingPageId, sourceId } = facts;
  const page = { facts: { ...facts, isOld: true }, reading };
  const [accepted, standing, named] = await together([
    acceptedPages(tx, sourceId, listingPageId),
    lockStanding(tx, sourceId),
    nameEntries(tx, sourceId, [page]),
  ]);
  const pages = named.map((entries) => ({ ...page, named: entries }));
  const results = await recordIn(tx, sourceId, pages, new PageGroup(accepted, standing), {});
  const result = results.get(listingPageId);
  if (!result) throw new Error('a page was not recorded');
  return result;
}

async function recordIn(
  tx: Tx,
  sourceId: SourceId,
  pages: readonly (ReadPage & { readonly named: NamedEntries })[],
  group: PageGroup,
  alerts: AlertOptions,
): Promise<Map<ListingPageId, PageResult>> {
  const results = new Map<ListingPageId, PageResult>();
  const write = async (isEnd = false) => {
    for (const [id, result] of await writePages(tx, sourceId, group, isEnd))
      results.set(id, result);
  };
  for (const page of pages) {
    let { named } = page;
    if (group.isOutdated(named)) {
      await write();
      const [anew] = await nameEntries(tx, sourceId, [page]);
      named = anew ?? named;
    }
    const history = group.history(listedOnOf(page.reading, page.facts.seenAt));
    // Asked before the diff is made, so that both are under way at once.
    const asked = sharedWith(tx, group, history.last?.batchPageId, named.known);
    const diff = diffPage(named.keyed, named.known);
    const shared = await asked;
    const { standing } = group;
    const decision = decidePage(page, { diff, history, shared, standing, alerts });
    const { again } = decision;
    if (again && group.listedFor(again.batchPageId)) await write();
    group.add(decision);
  }
  await write(true);
  return results;
}

/** Which of the papers that a page's names lead to stand in a batch, on pages that are stored or wait to be. */
async function sharedWith(
  tx: Tx,
  group: PageGroup,
  batchPageId: ListingPageId | undefined,
  known: NamedEntries['known'],
): Promise<ReadonlySet<PaperId>> {
  if (batchPageId === undefined) return new Set();
  const papers = paperIdsOf(known);
  const waiting = group.listedFor(batchPageId) ?? new Set();
  const stored = group.isWaiting(batchPageId)
    ? new Set<PaperId>()
    : await papersInBatch(tx, batchPageId, papers);
  return new Set(papers.filter((id) => stored.has(id) || waiting.has(id)));
}

function paperIdsOf(known: ReadonlyMap<PaperKey, KnownEntry>): PaperId[] {
  return [...new Set(Array.from(known.values(), ({ paperId }) => paperId))];
}

/** Writes what waits; at the end also what all of it says of the source. */
async function writePages(
  tx: Tx,
  sourceId: SourceId,
  group: PageGroup,
  isEnd: boolean,
): Promise<Map<ListingPageId, PageResult>> {
  const pages = group.take();
  if (pages.length === 0) return new Map();
  const { settled } = group;
  const refreshed = pages.flatMap(({ again }) => again ?? []);
  const [, results] = await together([
    recordDiffs(
      tx,
      pages.map(({ page, added }) => ({ page, diff: added })),
    ),
    saveFindings(
      tx,
      pages.map(({ findings }) => findings),
    ),
    together(
      refreshed.map(({ batchPageId, seen }) => {
        const shown = seen.map(({ paper, entry }) => ({ paperId: paper.paperId, entry }));
        return refreshAppearances(tx, batchPageId, shown);
      }),
    ),
    isEnd && settled && saveSettled(tx, sourceId, settled),
  ]);
  return results;
}

/** Names the entries of pages and finds all that is stored under their names, as far as it takes to sort them. */
async function nameEntries(
  tx: Tx,
  sourceId: SourceId,
  pages: readonly Pick<ReadPage, 'reading'>[],
): Promise<NamedEntries[]> {
  return nameAll(
    tx,
    sourceId,
    pages.map(({ reading }) => entriesOf(reading)),
  );
}

const entriesOf = (reading: PageReading) => (reading.kind === 'listing' ? reading.entries : []);

async function nameAll(tx: Tx, sourceId: SourceId, pages: readonly (readonly Entry[])[]) {
  const found = await findKnownPapers(tx, sourceId, pages, keyed);
  for (const page of found) {
    const doubtful = page.keyed.filter((entry) => needsEvidence(entry, page.known));
    await addEvidence(tx, sourceId, page.known, doubtful);
  }
  return found;
}

/** Sorts entries against everything that is stored. */
export async function sortEntries(
  tx: Tx,
  sourceId: SourceId,
  entries: readonly Entry[],
): Promise<PageDiff> {
  const [named] = await nameAll(tx, sourceId, [entries]);
  return diffPage(named?.keyed ?? [], named?.known ?? new Map());
}
