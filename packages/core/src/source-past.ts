import { type Coverage, meanCoverage } from './coverage.ts';
import type { ListingPageId } from './ids.ts';
import type { ListedOn } from './page-date.ts';

/** A page of a source whose papers were accepted, as later pages are judged by it. */
export interface AcceptedPage {
  readonly listingPageId: ListingPageId;
  readonly batchPageId: ListingPageId;
  readonly listedOn: ListedOn | null;
  readonly seenAt: Date;
  /** Whether it was fetched, and not read from a file. */
  readonly isLive: boolean;
  readonly verdict: string;
  /** Without those that stood on the page twice. */
  readonly papers: number;
  readonly appearances: number;
  readonly coverage: Coverage | null;
}

/** A batch that a page is compared with. */
interface PastBatch {
  readonly batchPageId: ListingPageId;
  readonly listedOn?: ListedOn;
  /** Papers recorded for it, by its first page and those that grew it. */
  readonly papers: number;
  /** Opened by a page that was still filling. */
  readonly isPartial: boolean;
}

export interface BatchHistory {
  /** The batch of the same day, or the last one; absent for a source's first page. */
  readonly last?: PastBatch;
  /** Papers of the batches before it that had any, newest first, at most ten. */
  readonly batchSizes: readonly number[];
  readonly coverage: Coverage;
  /** When batches were first seen live. */
  readonly openings: readonly Date[];
}

const MOST = 10;

/** Sums up a source's accepted pages (newest first) for judging a page that is listed on a day, if on any. */
export function batchHistory(
  pages: readonly AcceptedPage[],
  listedOn: ListedOn | undefined,
): BatchHistory {
  const batches = [...Map.groupBy(pages, ({ batchPageId }) => batchPageId)]
    .map(([id, of]) => batchOf(id, of))
    .filter(({ isOwed }) => !isOwed);
  const sameDay = batches.find((batch) => listedOn !== undefined && batch.listedOn === listedOn);
  const [newest] = batches;
  const last = sameDay ?? newest;
  // What is still filling says nothing of how long lists are.
  const isUsual = (batch: (typeof batches)[number]) =>
    batch !== sameDay && batch.papers > 0 && !(batch === newest && batch.isPartial);
  const measured = pages.flatMap(({ papers, coverage }) => (papers > 0 ? (coverage ?? []) : []));
  return {
    ...(last && { last }),
    batchSizes: batches
      .filter(isUsual)
      .map(({ listed }) => listed)
      .slice(0, MOST),
    coverage: meanCoverage(measured.slice(0, MOST)),
    openings: batches.filter(({ isLive }) => isLive).map(({ openedAt }) => openedAt),
  };
}

function batchOf(batchPageId: ListingPageId, pages: readonly AcceptedPage[]) {
  const first = pages.at(-1);
  const listedOn = first?.listedOn;
  return {
    batchPageId,
    ...(listedOn && { listedOn }),
    papers: pages.reduce((sum, page) => sum + page.appearances, 0),
    isPartial: first?.verdict === 'partial',
    /** A page that promised papers and held none says nothing of its list: the next one is not compared with it. */
    isOwed: first?.verdict === 'cut' && pages.every((page) => page.papers === 0),
    /** As many as its longest page showed. */
    listed: Math.max(...pages.map(({ papers }) => papers)),
    isLive: first?.isLive ?? false,
    openedAt: first?.seenAt ?? new Date(0),
  };
}
