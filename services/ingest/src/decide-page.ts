import {
  type AcceptedPage,
  type BatchHistory,
  coverageOf,
  isRecorded,
  type Judgement,
  judgePage,
  type KeyedEntry,
  type KnownEntry,
  type ListedOn,
  type ListingPageId,
  type PageDiff,
  type PageReading,
  type PaperId,
  type PaperKey,
  parseListedOn,
  type RecurringEntry,
  resolveListedOn,
} from '@paperboy/core';
import type { PageFindings, RecordedPage, SourceStanding } from '@paperboy/store';
import type { PageFacts } from './page-facts.ts';
import { type AlertOptions, pastOf, type Settled, settledBy } from './settle-source.ts';

/** A page that was read, and is to be recorded. */
export interface ReadPage {
  readonly facts: PageFacts;
  readonly reading: PageReading;
}

/** A page's entries by name, and what is stored under their names. */
export interface NamedEntries {
  readonly keyed: readonly KeyedEntry[];
  readonly known: ReadonlyMap<PaperKey, KnownEntry>;
}

/** What a page is held against. */
export interface PageGround {
  /** Its entries, sorted against everything that is stored. */
  readonly diff: PageDiff;
  /** Of its source, for the day it is listed on. */
  readonly history: BatchHistory;
  /** Papers of it that its source's last batch shows already. */
  readonly shared: ReadonlySet<PaperId>;
  readonly standing: SourceStanding;
  readonly alerts: AlertOptions;
}

/** All that is written of a page. */
export interface PageDecision {
  readonly page: RecordedPage;
  /** Its entries, as far as they appear; none of a page that is not recorded, or of a batch that has them. */
  readonly added: PageDiff;
  readonly findings: PageFindings;
  /** The batch that it shows again, with places and votes that may have changed, and the papers it shows of it. */
  readonly again?: {
    readonly batchPageId: ListingPageId;
    readonly seen: readonly RecurringEntry[];
  };
  /** What it is to the pages after it; absent where it is nothing to go by. */
  readonly accepted?: AcceptedPage;
  /** What it says of its source. */
  readonly settled?: Settled;
}

/** Judges a page and says what is written of it. Pure: what it needs to know is the ground it is held against. */
export function decidePage({ facts, reading }: ReadPage, ground: PageGround): PageDecision {
  const { diff, history, shared, standing, alerts } = ground;
  const { listingPageId, sourceId, seenAt } = facts;
  const listedOn = listedOnOf(reading, seenAt);
  const { last } = history;
  const papers = diff.newEntries.length + diff.recurringEntries.length;
  const past = pastOf(history, facts, standing, listedOn);
  const isShared = ({ paper }: RecurringEntry) => shared.has(paper.paperId);
  const overlap = { papers, sharedWithLast: diff.recurringEntries.filter(isShared).length };
  const judgement = judgePage(reading, listedOn, overlap, past);
  const grows = judgement.verdict === 'grew' || judgement.verdict === 'unchanged';
  const recorded = isRecorded(judgement.verdict);
  const recurringEntries = diff.recurringEntries.filter((entry) => !(grows && isShared(entry)));
  const added = recorded ? { ...diff, recurringEntries } : NOTHING;
  const batchPageId = grows ? last?.batchPageId : listingPageId;
  const isAccepted = (grows || recorded) && batchPageId !== undefined;
  const findings: PageFindings = {
    id: listingPageId,
    ...found(reading, listedOn, judgement, diff),
    appearances: added.newEntries.length + added.recurringEntries.length,
    ...(isAccepted && { batchPageId }),
    ...(!grows && last && { previousBatchPageId: last.batchPageId }),
  };
  const settled = facts.isOld
    ? undefined
    : settledBy({ facts, reading, judgement, papers, past, history, standing, alerts });
  return {
    page: { listingPageId, sourceId, seenOn: seenOn(facts, listedOn) },
    added,
    findings,
    ...(grows && last && { again: { batchPageId: last.batchPageId, seen: diff.recurringEntries } }),
    ...(isAccepted && { accepted: acceptedAs(facts, findings, batchPageId) }),
    ...(settled && { settled }),
  };
}

const NOTHING: PageDiff = { newEntries: [], recurringEntries: [], repeatedEntries: [] };

/** The row that the judge of later pages reads of it. */
function acceptedAs(
  { listingPageId, seenAt, isLive = false }: PageFacts,
  { listedOn, verdict, entries, repeated, appearances, coverage }: PageFindings,
  batchPageId: ListingPageId,
): AcceptedPage {
  return {
    listingPageId,
    batchPageId,
    listedOn: listedOn ?? null,
    seenAt,
    isLive,
    verdict,
    papers: entries - repeated,
    appearances,
    coverage: coverage ?? null,
  };
}

/** The day that a page is the list of, where it says one. */
export function listedOnOf(reading: PageReading, seenAt: Date): ListedOn | undefined {
  if (reading.kind === 'unreadable' || !reading.date) return undefined;
  return resolveListedOn(reading.date, seenAt);
}

/** The day a page's papers were seen on: the page's own, else that of its capture. */
export function seenOn({ seenAt }: PageFacts, listedOn: ListedOn | undefined): ListedOn {
  const day = listedOn ?? parseListedOn(seenAt.toISOString());
  if (day === undefined) throw new RangeError('the page was seen at no real moment');
  return day;
}

function found(
  reading: PageReading,
  listedOn: ListedOn | undefined,
  { verdict, note }: Judgement,
  diff: PageDiff,
): Omit<PageFindings, 'id' | 'appearances'> {
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
