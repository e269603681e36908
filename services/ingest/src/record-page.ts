import { hash } from 'node:crypto';
import {
  batchHistory,
  coverageOf,
  diffPage,
  type Entry,
  type Fingerprint,
  isRecorded,
  type Judgement,
  judgePage,
  type KeyedEntry,
  keysOf,
  type ListedOn,
  type ListingPageId,
  needsEvidence,
  type PageDiff,
  type PageReading,
  PaperboyError,
  type PaperId,
  parseListedOn,
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
  pageResult,
  papersInBatch,
  type RecordedPage,
  refreshAppearances,
  type Sighted,
  saveFindings,
  type Tx,
  updateRecurringPapers,
} from '@paperboy/store';
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
) {
  const before = await pageResult(db, listingPageId);
  if (before?.verdict != null) return before;
  const page = await loadPage(db, listingPageId);
  if (!page) throw new PaperboyError('NOT_FOUND', `listing page ${listingPageId}`);
  await readAndRecord(db, listingPageId, page, maxBytes, alerts);
  const result = await pageResult(db, listingPageId);
  if (!result) throw new PaperboyError('NOT_FOUND', `listing page ${listingPageId}`);
  return result;
}

type StoredPage = NonNullable<Awaited<ReturnType<typeof loadPage>>>;

async function readAndRecord(
  db: Db,
  listingPageId: ListingPageId,
  page: StoredPage,
  maxBytes: number,
  alerts: AlertOptions,
): Promise<void> {
  const reading = await readStoredPage(page, maxBytes);
  const facts = {
    listingPageId,
    sourceId: page.sourceId,
    seenAt: page.seenAt,
    isLive: page.address !== null,
    ...(page.askedFor !== null && { askedFor: page.askedFor }),
  };
  await recordReading(db, facts, reading, alerts);
}

/** Records what was read of a page; the part of `recordPage` that needs no stored bytes. */
export async function recordReading(
  db: Db,
  facts: PageFacts,
  reading: PageReading,
  alerts: AlertOptions = {},
): Promise<void> {
  await inTransaction(db, async (tx) => {
    // Sent together and done in this order, each with what the one before let in.
    const [, wasRead] = await Promise.all([lockRecording(tx), isRead(tx, facts.listingPageId)]);
    if (wasRead) return;
    await recordIn(tx, facts, reading, alerts);
  });
}

/**
 * Judges a reading and records it, in a transaction that holds the lock of recording. An old page says nothing of
 * how its source stands today.
 */
export async function recordIn(
  tx: Tx,
  facts: PageFacts,
  reading: PageReading,
  alerts: AlertOptions = {},
): Promise<void> {
  const { listingPageId, sourceId, isOld } = facts;
  const listedOn = listedOnOf(reading, facts.seenAt);
  const entries = reading.kind === 'listing' ? reading.entries : [];
  const [accepted, standing] = await Promise.all([
    acceptedPages(tx, sourceId, isOld ? listingPageId : undefined),
    lockStanding(tx, sourceId),
  ]);
  const history = batchHistory(accepted, listedOn);
  const diff = await sortEntries(tx, sourceId, entries);
  const recurring = diff.recurringEntries.map(({ paper }) => paper.paperId);
  const shared = history.last
    ? await papersInBatch(tx, history.last.batchPageId, recurring)
    : new Set<PaperId>();
  const papers = diff.newEntries.length + recurring.length;
  const past = pastOf(history, facts, standing, listedOn);
  const overlap = { papers, sharedWithLast: shared.size };
  const judgement = judgePage(reading, listedOn, overlap, past);
  const grows = judgement.verdict === 'grew' || judgement.verdict === 'unchanged';
  const added = grows
    ? {
        ...diff,
        recurringEntries: diff.recurringEntries.filter(({ paper }) => !shared.has(paper.paperId)),
      }
    : diff;
  const recorded = isRecorded(judgement.verdict);
  const page = { listingPageId, sourceId, seenOn: seenOn(facts, listedOn) };
  const appearances = recorded ? (await recordDiff(tx, page, added)).added : 0;
  if (grows && history.last) await refreshRepeated(tx, history.last.batchPageId, diff);
  const batchPageId = grows ? history.last?.batchPageId : listingPageId;
  await saveFindings(tx, listingPageId, {
    ...findings(reading, listedOn, judgement, diff),
    appearances,
    ...((grows || recorded) && batchPageId && { batchPageId }),
    ...(!grows && history.last && { previousBatchPageId: history.last.batchPageId }),
  });
  if (isOld) return;
  await settleReading(tx, { facts, reading, judgement, papers, past, history, standing, alerts });
}

/** Names an entry and digests its words. */
export function keyed(entry: Entry): KeyedEntry {
  return { ...entry, keys: keysOf(entry), fingerprint: fingerprintOf(entry) };
}

/** The words of one entry as bytes; grows with the longest. Its content lasts for one digest. */
let words = Buffer.allocUnsafe(16_384);
const BYTES_PER_UNIT = 3;

/**
 * Digest of the words as listed; where they differ at all, `textChange` compares the texts themselves. Half of a
 * SHA-256: 128 bits tell words apart, and Postgres keeps them as a uuid. The words are joined as bytes and digested
 * at once: joined as a string they would be copied twice, and a digest of each costs a call more.
 */
function fingerprintOf({ textKind, title, abstract = '' }: Entry): Fingerprint {
  const longest = (textKind.length + title.length + abstract.length) * BYTES_PER_UNIT + 2;
  if (longest > words.length) words = Buffer.allocUnsafe(longest);
  let end = words.write(`${textKind}\n`, 0);
  end += words.write(title, end);
  end += words.write('\n', end);
  end += words.write(abstract, end);
  return hash('sha256', words.subarray(0, end), 'hex').slice(0, 32) as Fingerprint;
}

function listedOnOf(reading: PageReading, seenAt: Date): ListedOn | undefined {
  if (reading.kind === 'unreadable' || !reading.date) return undefined;
  return resolveListedOn(reading.date, seenAt);
}

/** Sorts entries against everything that is stored. */
export async function sortEntries(
  tx: Tx,
  sourceId: SourceId,
  entries: readonly Entry[],
): Promise<PageDiff> {
  const found = await findKnownPapers(tx, sourceId, entries, keyed);
  const doubtful = found.keyed.filter((entry) => needsEvidence(entry, found.known));
  await addEvidence(tx, sourceId, found.known, doubtful);
  return diffPage(found.keyed, found.known);
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
  await Promise.all([
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
