import {
  type AcceptedPage,
  type BatchHistory,
  batchHistory,
  type ListedOn,
  type ListingPageId,
  type PaperId,
  type PaperKey,
} from '@paperboy/core';
import { PAST_PAGES, type SourceStanding } from '@paperboy/store';
import type { NamedEntries, PageDecision } from './decide-page.ts';
import { type Settled, standingAfter } from './settle-source.ts';

/**
 * Pages of one source that are recorded in one transaction: what they are held against is read once and carried from
 * page to page, and what they bring waits to be written together. A page that depends on what still waits says so;
 * then that is written first, so that every page is decided as if it were recorded by itself.
 */
export class PageGroup {
  /** Newest first. */
  #accepted: readonly AcceptedPage[];
  #standing: SourceStanding;
  #settled: Settled | undefined;
  #waiting: PageDecision[] = [];
  /** Of each batch with pages that wait: the stored papers that these list. */
  readonly #listed = new Map<ListingPageId, Set<PaperId>>();
  /** What was brought or changed since the names of the group were looked up. */
  readonly #touchedKeys = new Set<PaperKey>();
  readonly #touchedPapers = new Set<PaperId>();

  constructor(accepted: readonly AcceptedPage[], standing: SourceStanding) {
    this.#accepted = accepted;
    this.#standing = standing;
  }

  get standing(): SourceStanding {
    return this.#standing;
  }

  /** What all pages together say of their source. */
  get settled(): Settled | undefined {
    return this.#settled;
  }

  history(listedOn: ListedOn | undefined): BatchHistory {
    return batchHistory(this.#accepted, listedOn);
  }

  /** Whether a page before this one has changed what its names lead to, so that they are to be looked up again. */
  isOutdated({ keyed, known }: NamedEntries): boolean {
    const keys = this.#touchedKeys;
    if (keys.size === 0) return false;
    if (keyed.some((entry) => entry.keys.some((key) => keys.has(key)))) return true;
    const papers = this.#touchedPapers;
    return papers.size > 0 && [...known.values()].some(({ paperId }) => papers.has(paperId));
  }

  /** The stored papers that waiting pages list for a batch; undefined where none of its pages waits. */
  listedFor(batchPageId: ListingPageId): ReadonlySet<PaperId> | undefined {
    return this.#listed.get(batchPageId);
  }

  /** Whether all of a batch waits, so that nothing of it is stored. */
  isWaiting(batchPageId: ListingPageId): boolean {
    return this.#waiting.some(({ page }) => page.listingPageId === batchPageId);
  }

  add(decision: PageDecision): void {
    const { added, accepted, settled } = decision;
    this.#waiting.push(decision);
    if (accepted) {
      this.#accepted = withPage(this.#accepted, accepted);
      const listed = this.#listed.get(accepted.batchPageId) ?? new Set();
      for (const { paper } of added.recurringEntries) listed.add(paper.paperId);
      this.#listed.set(accepted.batchPageId, listed);
    }
    for (const { entry } of added.newEntries) this.#touch(entry.keys);
    for (const { entry, paper, change, newKeys } of added.recurringEntries) {
      if (change.kind === 'same' && newKeys.length === 0) continue;
      this.#touch(entry.keys);
      this.#touchedPapers.add(paper.paperId);
    }
    if (!settled) return;
    this.#standing = standingAfter(this.#standing, settled);
    this.#settled = { ...this.#settled, ...settled };
  }

  /** Gives what waits to whoever writes it. */
  take(): readonly PageDecision[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#listed.clear();
    return taken;
  }

  #touch(keys: readonly PaperKey[]): void {
    for (const key of keys) this.#touchedKeys.add(key);
  }
}

/** In the order that the database gives them in, which is that of their numbers. */
function withPage(pages: readonly AcceptedPage[], page: AcceptedPage): readonly AcceptedPage[] {
  const number = BigInt(page.listingPageId);
  const index = pages.findIndex(({ listingPageId }) => BigInt(listingPageId) < number);
  return pages.toSpliced(index < 0 ? pages.length : index, 0, page).slice(0, PAST_PAGES);
}
