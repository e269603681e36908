import type { Listing, PageReading } from './entry.ts';
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
export type Verdict = (typeof VERDICTS)[number];
export type PageOutcome = Verdict | 'blocked';

export interface Judgement {
  readonly verdict: PageOutcome;
  /** The reason in words, with its numbers. */
  readonly note: string;
}

/** What the source showed before and what is expected of it now. */
export interface SourcePast {
  /** The last reading that was accepted; absent for a source's first page. */
  readonly last?: { readonly listedOn?: ListedOn; readonly papers: number };
  /** Papers in the last accepted batches, newest first, at most ten. */
  readonly batchSizes: readonly number[];
  /** Mean share of entries with an abstract over those batches, 0 to 1. */
  readonly abstractCoverage?: number;
  /** The date that was asked for, where the address names one. */
  readonly askedFor?: ListedOn;
  /** By the source's schedule a newer batch than the last one ought to be there. */
  readonly newBatchDue: boolean;
  /** Time since the page's day began, when it is read live; absent for saved pages. */
  readonly pageAgeMs?: number;
}

/** How the page's papers (after identification, repeats left out) stand to those of the last accepted reading. */
export interface Overlap {
  readonly papers: number;
  readonly sharedWithLast: number;
}

/** Bounds that nobody measured; each is a proposal of the sources' observed habits (see docs/decisions). */
export const JUDGE_LIMITS = {
  unreadableShare: 0.2,
  coverageDrop: 0.3,
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
    judgeCut(reading) ??
    judgeStale(reading, listedOn, overlap, past) ??
    judgeRepeat(reading, listedOn, overlap, past) ??
    judgePartial(listedOn, overlap, past) ?? {
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
  if (count === 0 && !reading.statedEmpty)
    return broken('no entries, and the page does not say that it is empty');
  if (reading.unreadableEntries > total * JUDGE_LIMITS.unreadableShare) {
    return broken(`${reading.unreadableEntries} of ${total} entries have no title or no id`);
  }
  if (past.abstractCoverage === undefined || count === 0) return undefined;
  const coverage = reading.entries.filter((entry) => entry.abstract !== undefined).length / count;
  if (past.abstractCoverage - coverage >= JUDGE_LIMITS.coverageDrop) {
    return broken(
      `${percent(coverage)} of the entries have an abstract, ${percent(past.abstractCoverage)} used to`,
    );
  }
  return undefined;
}

function judgeCut(reading: Listing): Judgement | undefined {
  if (reading.cutBecause !== undefined) return { verdict: 'cut', note: reading.cutBecause };
  if (reading.claimed !== undefined && reading.claimed > reading.entries.length) {
    return {
      verdict: 'cut',
      note: `${reading.entries.length} entries where the page claims ${reading.claimed}`,
    };
  }
  return undefined;
}

function judgeStale(
  reading: Listing,
  listedOn: ListedOn | undefined,
  overlap: Overlap,
  past: SourcePast,
): Judgement | undefined {
  const stale = (note: string): Judgement => ({ verdict: 'stale', note });
  if (past.askedFor !== undefined && listedOn !== undefined && listedOn !== past.askedFor) {
    return stale(`asked for ${past.askedFor}, answered for ${listedOn}`);
  }
  if (reading.shape === 'window' || !past.last || !sameSet(overlap, past.last.papers))
    return undefined;
  const sameDay = listedOn === past.last.listedOn;
  if (!sameDay && listedOn !== undefined && overlap.papers > 0) {
    return stale(`the date moved to ${listedOn} and the papers did not`);
  }
  return past.newBatchDue
    ? stale('a new batch is due and the page still shows the last one')
    : undefined;
}

function judgeRepeat(
  reading: Listing,
  listedOn: ListedOn | undefined,
  overlap: Overlap,
  past: SourcePast,
): Judgement | undefined {
  if (!past.last) return undefined;
  if (sameSet(overlap, past.last.papers))
    return { verdict: 'unchanged', note: 'the same papers as last time' };
  if (reading.shape === 'window' || listedOn === undefined || listedOn !== past.last.listedOn)
    return undefined;
  const missing = past.last.papers - overlap.sharedWithLast;
  const added = overlap.papers - overlap.sharedWithLast;
  if (missing === 0) return { verdict: 'grew', note: `${added} papers were added` };
  if (added > 0) return undefined;
  if (overlap.papers < past.last.papers * JUDGE_LIMITS.vanishedShare) {
    return {
      verdict: 'cut',
      note: `${missing} of ${past.last.papers} papers are gone from the same day's page`,
    };
  }
  return { verdict: 'unchanged', note: `${missing} of ${past.last.papers} papers are missing` };
}

function judgePartial(
  listedOn: ListedOn | undefined,
  overlap: Overlap,
  past: SourcePast,
): Judgement | undefined {
  if (past.pageAgeMs === undefined || past.pageAgeMs >= JUDGE_LIMITS.partialAgeMs) return undefined;
  if (past.batchSizes.length === 0 || listedOn === past.last?.listedOn) return undefined;
  const usual = median(past.batchSizes);
  const least = Math.max(JUDGE_LIMITS.partialFloor, usual * JUDGE_LIMITS.partialShare);
  if (overlap.papers >= least) return undefined;
  return {
    verdict: 'partial',
    note: `${overlap.papers} papers where ${usual} are usual; the page is still filling`,
  };
}

const sameSet = (overlap: Overlap, last: number) =>
  overlap.papers === last && overlap.sharedWithLast === last;
const percent = (share: number) => `${Math.round(share * 100)} %`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** Whether the entries of a page with this outcome are recorded as appearances. */
export function isRecorded(outcome: PageOutcome): boolean {
  return (
    outcome === 'new-batch' || outcome === 'grew' || outcome === 'partial' || outcome === 'cut'
  );
}
