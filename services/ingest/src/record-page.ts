import {
  batchHistory,
  coverageOf,
  diffPage,
  type Entry,
  isRecorded,
  type Judgement,
  judgePage,
  type KnownEntry,
  type ListedOn,
  type ListingPageId,
  needsEvidence,
  type PageDiff,
  type PageReading,
  PaperboyError,
  type PaperId,
  type PaperKey,
  parseListedOn,
  type RecurringEntry,
  resolveListedOn,
  type SourceId,
} from '@paperboy/core';
import {
  acceptedPages,
  addEvidence,
  type Db,
  findKnownPapers,
  insertAppearances,
  insertNewPapers,
  inTransaction,
  isRead,
  linkOtherWorks,
  loadPage,
  lockRecording,
  lockStanding,
  noteMergedSightings,
  type PageFindings,
  type PageResult,
  pageResult,
  papersInBatch,
  type RecordedPage,
  refreshAppearances,
  type Sighted,
  saveFindings,
  type Tx,
  together,
  updateRecurringPapers,
} from '@paperboy/store';
import { keyed } from './keyed.ts';
import type { PageFacts } from './page-facts.ts';
import { readStoredPage } from './read-stored-page.ts';
import { type AlertOptions, pastOf, settleReading } from './settle-source.ts';

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
  const result = await readAndRecord(db, listingPageId, page, maxBytes, alerts);
  const recorded = result ?? (await pageResult(db, listingPageId));
  if (!recorded) throw new PaperboyError('NOT_FOUND', `listing page ${listingPageId}`);
  return recorded;
}

type StoredPage = NonNullable<Awaited<ReturnType<typeof loadPage>>>;

async function readAndRecord(
  db: Db,
  listingPageId: ListingPageId,
  page: StoredPage,
  maxBytes: number,
  alerts: AlertOptions,
): Promise<PageResult | undefined> {
  const reading = await readStoredPage(page, maxBytes);
  const facts = {
    listingPageId,
    sourceId: page.sourceId,
    seenAt: page.seenAt,
    isLive: page.address !== null,
    ...(page.askedFor !== null && { askedFor: page.askedFor }),
  };
  return recordReading(db, facts, reading, alerts);
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
  return inTransaction(db, async (tx) => {
    // Served in this order: nothing is looked at before the lock is held.
    const [, wasRead, known] = await together([
      lockRecording(tx),
      isRead(tx, facts.listingPageId),
      readKnown(tx, facts, reading),
    ]);
    return wasRead ? undefined : recordIn(tx, facts, reading, known, alerts);
  });
}

/** What a reading is held against; read under the lock of recording. */
type Known = Awaited<ReturnType<typeof readKnown>>;

/** An old page is held against the pages before it. */
async function readKnown(
  tx: Tx,
  { listingPageId, sourceId, isOld }: PageFacts,
  reading: PageReading,
) {
  const [accepted, standing, papers] = await together([
    acceptedPages(tx, sourceId, isOld ? listingPageId : undefined),
    lockStanding(tx, sourceId),
    knownPapers(tx, sourceId, entriesOf(reading)),
  ]);
  return { accepted, standing, papers };
}

const entriesOf = (reading: PageReading) => (reading.kind === 'listing' ? reading.entries : []);

/**
 * Judges an old page that could not be read before and records it as of its day, in a transaction that holds the
 * lock of recording. It says nothing of how its source stands today.
 */
export async function recordOld(
  tx: Tx,
  facts: PageFacts,
  reading: PageReading,
): Promise<PageResult> {
  const old = { ...facts, isOld: true };
  return recordIn(tx, old, reading, await readKnown(tx, old, reading), {});
}

async function recordIn(
  tx: Tx,
  facts: PageFacts,
  reading: PageReading,
  { accepted, standing, papers: found }: Known,
  alerts: AlertOptions,
): Promise<PageResult> {
  const { listingPageId, sourceId, isOld } = facts;
  const listedOn = listedOnOf(reading, facts.seenAt);
  const history = batchHistory(accepted, listedOn);
  const { last } = history;
  // Asked before the diff is made, so that both are under way at once.
  const inLast = last ? papersInBatch(tx, last.batchPageId, paperIdsOf(found.known)) : NONE;
  const diff = diffPage(found.keyed, found.known);
  const shared = await inLast;
  const papers = diff.newEntries.length + diff.recurringEntries.length;
  const past = pastOf(history, facts, standing, listedOn);
  const isShared = ({ paper }: RecurringEntry) => shared.has(paper.paperId);
  const overlap = { papers, sharedWithLast: diff.recurringEntries.filter(isShared).length };
  const judgement = judgePage(reading, listedOn, overlap, past);
  const grows = judgement.verdict === 'grew' || judgement.verdict === 'unchanged';
  const recorded = isRecorded(judgement.verdict);
  const recurringEntries = diff.recurringEntries.filter((entry) => !(grows && isShared(entry)));
  const added = recorded ? { ...diff, recurringEntries } : NOTHING;
  const page = { listingPageId, sourceId, seenOn: seenOn(facts, listedOn) };
  const batchPageId = grows ? last?.batchPageId : listingPageId;
  const [, , result] = await together([
    recordDiff(tx, page, added),
    grows && last && refreshRepeated(tx, last.batchPageId, diff),
    saveFindings(tx, listingPageId, {
      ...findings(reading, listedOn, judgement, diff),
      appearances: added.newEntries.length + added.recurringEntries.length,
      ...((grows || recorded) && batchPageId && { batchPageId }),
      ...(!grows && last && { previousBatchPageId: last.batchPageId }),
    }),
    !isOld &&
      settleReading(tx, { facts, reading, judgement, papers, past, history, standing, alerts }),
  ]);
  return result;
}

const NONE: Promise<ReadonlySet<PaperId>> = Promise.resolve(new Set());
const NOTHING: PageDiff = { newEntries: [], recurringEntries: [], repeatedEntries: [] };

function paperIdsOf(known: ReadonlyMap<PaperKey, KnownEntry>): PaperId[] {
  return [...new Set(Array.from(known.values(), ({ paperId }) => paperId))];
}

function listedOnOf(reading: PageReading, seenAt: Date): ListedOn | undefined {
  if (reading.kind === 'unreadable' || !reading.date) return undefined;
  return resolveListedOn(reading.date, seenAt);
}

/** Names entries and finds all that is stored under their names, as far as it takes to sort them. */
async function knownPapers(tx: Tx, sourceId: SourceId, entries: readonly Entry[]) {
  const found = await findKnownPapers(tx, sourceId, entries, keyed);
  const doubtful = found.keyed.filter((entry) => needsEvidence(entry, found.known));
  await addEvidence(tx, sourceId, found.known, doubtful);
  return found;
}

/** Sorts entries against everything that is stored. */
export async function sortEntries(
  tx: Tx,
  sourceId: SourceId,
  entries: readonly Entry[],
): Promise<PageDiff> {
  const { keyed: named, known } = await knownPapers(tx, sourceId, entries);
  return diffPage(named, known);
}

/** The day a page's papers were seen on: the page's own, else that of its capture. */
export function seenOn({ seenAt }: PageFacts, listedOn: ListedOn | undefined): ListedOn {
  const day = listedOn ?? parseListedOn(seenAt.toISOString());
  if (day === undefined) throw new RangeError('the page was seen at no real moment');
  return day;
}

/** Writes a diff, with an appearance for each paper but those `shown` already; gives what appears as what. */
export async function recordDiff(
  tx: Tx,
  page: RecordedPage,
  diff: PageDiff,
  shown: ReadonlyMap<PaperId, unknown> = new Map(),
): Promise<{ fresh: Sighted[]; again: Sighted[]; added: number }> {
  const fresh = await insertNewPapers(tx, page, diff.newEntries);
  const again = await updateRecurringPapers(tx, page, diff.recurringEntries);
  const sighted = [...fresh, ...again];
  const isMissing = ({ paperId }: Sighted) => !shown.has(paperId);
  const missing = shown.size > 0 ? sighted.filter(isMissing) : sighted;
  const recurring = shown.size > 0 ? again.filter(isMissing) : again;
  await together([
    insertAppearances(tx, page, missing),
    linkOtherWorks(tx, page, [...diff.newEntries, ...diff.recurringEntries], sighted),
    noteMergedSightings(tx, page, { recurring, repeated: diff.repeatedEntries }),
  ]);
  return { fresh, again, added: missing.length };
}

async function refreshRepeated(tx: Tx, batchPageId: ListingPageId, diff: PageDiff): Promise<void> {
  const seen = diff.recurringEntries.map(({ paper, entry }) => ({ paperId: paper.paperId, entry }));
  await refreshAppearances(tx, batchPageId, seen);
}

function findings(
  reading: PageReading,
  listedOn: ListedOn | undefined,
  { verdict, note }: Judgement,
  diff: PageDiff,
): Omit<PageFindings, 'appearances'> {
  const listing = reading.kind === 'listing' ? reading : undefined;
  return {
    verdict,
    note,
    ...(reading.format !== undefined && { format: reading.format }),
    ...(listedOn !== undefined && { listedOn }),
    ...(listing?.claimed !== undefined && { claimed: listing.claimed }),
    warnings: listing?.warnings ?? [],
    ...(listing && { shape: listing.shape, coverage: coverageOf(listing.entries) }),
    entries: listing?.entries.length ?? 0,
    abstracts: listing?.entries.filter((entry) => entry.abstract !== undefined).length ?? 0,
    ...counts(verdict, diff),
  };
}

/** An unchanged page brings nothing, whatever its diff says against all that is known. */
function counts(verdict: Judgement['verdict'], diff: PageDiff) {
  if (!isRecorded(verdict))
    return { new: 0, recurring: 0, repeated: diff.repeatedEntries.length, revised: 0 };
  return {
    new: diff.newEntries.length,
    recurring: diff.recurringEntries.length,
    repeated: diff.repeatedEntries.length,
    revised: diff.recurringEntries.filter(({ change }) => change.kind === 'revised').length,
  };
}
