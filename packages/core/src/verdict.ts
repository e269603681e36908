import { COVERED_FIELDS, type Coverage, coverageOf } from './coverage.ts';
import type { Listing, PageReading, PageShape } from './entry.ts';
import type { ListedOn } from './page-date.ts';

/** What a reading of a listing page turned out to be. `blocked` (nothing was read) is the outcome of a fetch. */
export const VERDICTS = [
  'new-batch',
  'unchanged',
  'grew',
  'partial',
  'stale',
  'cut',
  'broken',
] as const;
type Verdict = (typeof VERDICTS)[number];
export type PageOutcome = Verdict | 'blocked';

export interface Judgement {
  readonly verdict: PageOutcome;
  /** The reason in words, with its numbers. */
  readonly note: string;
}

/** What the source showed before and what is expected of it now. */
export interface SourcePast {
  /** The accepted batch of the same day, else the last one; absent for a source's first page. */
  readonly last?: {
    readonly listedOn?: ListedOn;
    readonly papers: number;
    /** It was opened by a page that was still filling. */
    readonly isPartial?: boolean;
  };
  /** Papers in the last accepted batches, newest first, at most ten. */
  readonly batchSizes: readonly number[];
  /** Mean share of entries with a field over the last ten accepted pages. */
  readonly coverage: Coverage;
  /** The date that was asked for, where the address names one. */
  readonly askedFor?: ListedOn;
  /** Whether a newer batch than the last one ought to be there by now, as far as the source's publishing is known. */
  readonly due: 'yes' | 'no' | 'unknown';
  /** Time since the page's day began, when it is read live; absent for saved pages. */
  readonly pageAgeMs?: number;
}

/** How the page's papers (after identification, repeats left out) stand to those of `SourcePast.last`. */
export interface Overlap {
  readonly papers: number;
  readonly sharedWithLast: number;
}

/** Bounds that nobody measured; each is a proposal of the sources' observed habits (see docs/decisions). */
const JUDGE_LIMITS = {
  unreadableShare: 0.2,
  coverageDrop: 0.3,
  coverageFloor: 3,
  partialShare: 0.25,
  partialFloor: 3,
  partialAgeMs: 6 * 3600_000,
  vanishedShare: 0.5,
} as const;

/** Judges a reading against its source's past. The first rule that applies wins, in the order of the parts below. */
export function judgePage(
  reading: PageReading,
  listedOn: ListedOn | undefined,
  overlap: Overlap,
  past: SourcePast,
): Judgement {
  if (reading.kind === 'unreadable') {
    const verdict = reading.reason === 'challenge-page' ? 'blocked' : 'broken';
    return { verdict, note: reading.detail };
  }
  return (
    judgeBroken(reading, past) ??
    judgeCut(reading, listedOn, overlap, past) ??
    judgeStale(reading, listedOn, overlap, past) ??
    judgeRepeat(reading, listedOn, overlap, past) ??
    judgePartial(reading, listedOn, overlap, past) ?? {
      verdict: 'new-batch',
      note: newBatchNote(reading, overlap),
    }
  );
}

function newBatchNote(reading: Listing, { papers }: Overlap): string {
  return reading.statedEmpty ? 'the page says that there is nothing' : `${papers} papers`;
}

function judgeBroken(reading: Listing, past: SourcePast): Judgement | undefined {
  const count = reading.entries.length;
  const total = count + reading.unreadableEntries;
  const broken = (note: string): Judgement => ({ verdict: 'broken', note });
  // A page that promises entries and holds none owes them; one that holds what cannot be read has changed.
  const isOwing = reading.claimed !== undefined && reading.claimed > 0;
  if (count === 0 && !reading.statedEmpty && !isOwing)
    return broken('no entries, and the page does not say that it is empty');
  if (reading.unreadableEntries > total * JUDGE_LIMITS.unreadableShare) {
    return broken(`${reading.unreadableEntries} of ${total} entries have no title or no id`);
  }
  // A single odd entry is no sign on a page of two.
  if (count < JUDGE_LIMITS.coverageFloor) return undefined;
  const shares = coverageOf(reading.entries);
  for (const field of COVERED_FIELDS) {
    const { [field]: share } = shares;
    const { [field]: usual } = past.coverage;
    if (share === undefined || usual === undefined) continue;
    if (usual - share < JUDGE_LIMITS.coverageDrop) continue;
    return broken(
      `${percent(share)} of the entries have ${NOUNS[field]}, ${percent(usual)} used to`,
    );
  }
  return undefined;
}

function judgeCut(
  reading: Listing,
  listedOn: ListedOn | undefined,
  overlap: Overlap,
  { last }: SourcePast,
): Judgement | undefined {
  const cut = (note: string): Judgement => ({ verdict: 'cut', note });
  if (reading.cutBecause !== undefined) return cut(reading.cutBecause);
  const found = reading.entries.length + reading.unreadableEntries;
  if (reading.claimed !== undefined && reading.claimed > found) {
    return cut(`${found} entries where the page claims ${reading.claimed}`);
  }
  if (!last || !isSameDay(reading, listedOn, last) || overlap.papers > overlap.sharedWithLast)
    return undefined;
  return overlap.papers < last.papers * JUDGE_LIMITS.vanishedShare
    ? cut(
        `${last.papers - overlap.papers} of ${last.papers} papers are gone from the same day's page`,
      )
    : undefined;
}

function judgeStale(
  reading: Listing,
  listedOn: ListedOn | undefined,
  overlap: Overlap,
  { last, askedFor, due }: SourcePast,
): Judgement | undefined {
  const stale = (note: string): Judgement => ({ verdict: 'stale', note });
  if (due !== 'no' && askedFor !== undefined && listedOn !== undefined && listedOn !== askedFor) {
    return stale(`asked for ${askedFor}, answered for ${listedOn}`);
  }
  if (reading.shape === 'window' || reading.statedEmpty || !last) return undefined;
  const isSame = sameSet(overlap, last.papers);
  if (isSame && listedOn !== undefined && listedOn !== last.listedOn) {
    return stale(`the date moved to ${listedOn} and the papers did not`);
  }
  const showsLast = isSame || (isSameDay(reading, listedOn, last) && addsNothing(overlap));
  return due === 'yes' && showsLast
    ? stale('a new batch is due and the page still shows the last one')
    : undefined;
}

function judgeRepeat(
  reading: Listing,
  listedOn: ListedOn | undefined,
  overlap: Overlap,
  { last }: SourcePast,
): Judgement | undefined {
  if (!last) return undefined;
  if (sameSet(overlap, last.papers))
    return { verdict: 'unchanged', note: 'the same papers as last time' };
  if (!isSameDay(reading, listedOn, last)) return undefined;
  const missing = last.papers - overlap.sharedWithLast;
  const added = overlap.papers - overlap.sharedWithLast;
  if (missing === 0) return { verdict: 'grew', note: `${added} papers were added` };
  return added === 0
    ? { verdict: 'unchanged', note: `${missing} of ${last.papers} papers are missing` }
    : undefined;
}

function judgePartial(
  reading: Listing,
  listedOn: ListedOn | undefined,
  { papers }: Overlap,
  past: SourcePast,
): Judgement | undefined {
  if (reading.shape === 'window' || reading.statedEmpty) return undefined;
  if (listedOn !== undefined && listedOn === past.last?.listedOn) return undefined;
  if (!isFilling(papers, past)) return undefined;
  return {
    verdict: 'partial',
    note: `${papers} papers where ${median(past.batchSizes)} are usual; the page is still filling`,
  };
}

/** Whether a batch of so many papers is far shorter than usual and its day has only begun. */
export function isFilling(
  papers: number,
  { batchSizes, pageAgeMs }: Pick<SourcePast, 'batchSizes' | 'pageAgeMs'>,
): boolean {
  const { partialAgeMs, partialFloor, partialShare } = JUDGE_LIMITS;
  if (pageAgeMs === undefined || pageAgeMs >= partialAgeMs || batchSizes.length === 0) return false;
  return papers < Math.max(partialFloor, median(batchSizes) * partialShare);
}

/** What the same bytes as before mean, given what the page was then. */
export function judgeSameBytes(
  page: {
    readonly verdict: PageOutcome;
    readonly note: string | null;
    readonly shape: PageShape;
    /** It belongs to the source's last accepted batch. */
    readonly isOfLastBatch: boolean;
    /** It says in words that it has nothing. */
    readonly isEmpty: boolean;
    /** Its batch is far shorter than usual and its day has only begun. */
    readonly isFilling: boolean;
  },
  due: SourcePast['due'],
): Judgement {
  const { verdict, note, shape, isOfLastBatch, isEmpty } = page;
  if (verdict === 'broken' || verdict === 'blocked' || verdict === 'cut')
    return { verdict, note: note ?? 'the same bytes as before' };
  if (page.isFilling)
    return { verdict: 'partial', note: 'the same bytes as before, still filling' };
  const isBatch = shape === 'batch' && !isEmpty;
  if (isBatch && !isOfLastBatch && due !== 'no')
    return { verdict: 'stale', note: 'an older page came again' };
  if (isBatch && due === 'yes')
    return {
      verdict: 'stale',
      note: 'a new batch is due and the page still shows the last one',
    };
  return { verdict: 'unchanged', note: 'the same bytes as before' };
}

/** Of one day by their dates; pages without a date are of none. */
function isSameDay(
  reading: Listing,
  listedOn: ListedOn | undefined,
  last: { readonly listedOn?: ListedOn },
): boolean {
  return reading.shape !== 'window' && listedOn !== undefined && listedOn === last.listedOn;
}

const NOUNS = {
  abstract: 'an abstract',
  id: 'an id',
  authors: 'authors',
  links: 'a link',
} as const;
const addsNothing = ({ papers, sharedWithLast }: Overlap) => papers === sharedWithLast;
const sameSet = (overlap: Overlap, last: number) =>
  overlap.papers === last && overlap.sharedWithLast === last;
const percent = (share: number) => `${Math.round(share * 100)} %`;

/** The lower of the two in the middle where they are even in number; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** Whether the entries of a page with this outcome are recorded as appearances. */
export function isRecorded(outcome: PageOutcome): boolean {
  return (
    outcome === 'new-batch' || outcome === 'grew' || outcome === 'partial' || outcome === 'cut'
  );
}
