import type { DayPage, ListedPaper } from '@paperboy/store';

/** What one source listed on a day. */
export interface SourceList {
  readonly name: string;
  readonly title: string;
  /** Latest first; several when the source listed more during the day. */
  readonly pages: readonly DayPage[];
  readonly papers: number;
}

/** Papers of one section under the source that shows them. */
export interface PaperGroup {
  readonly list: SourceList;
  readonly papers: readonly ListedPaper[];
  /** A page of the list has, or may have, more papers of the section than were asked for. */
  readonly isCut: boolean;
}

/** A day's pages by source, short lists first: to be on a short list says more of a paper. */
export function sourceLists(pages: readonly DayPage[]): SourceList[] {
  const bySource = Map.groupBy(pages, ({ sourceName }) => sourceName);
  const lists = [...bySource].map(([name, ofSource]) => ({
    name,
    title: ofSource[0]?.sourceTitle ?? name,
    pages: ofSource,
    papers: sum(ofSource.map((page) => page.newPapers + page.recurringPapers)),
  }));
  return lists.sort((a, b) => a.papers - b.papers || a.title.localeCompare(b.title));
}

export type Section = 'new' | 'recurring';

/**
 * Puts each paper under the first source that lists it, in page order; a paper stands once on a day's page.
 * `perSection` is how many papers were asked for from each page and section.
 */
export function groupPapers(
  papers: readonly ListedPaper[],
  lists: readonly SourceList[],
  perSection: number,
): Readonly<Record<Section, readonly PaperGroup[]>> {
  const groups: Record<Section, PaperGroup[]> = { new: [], recurring: [] };
  const placed = new Set<string>();
  for (const list of lists) {
    const pages = new Set(list.pages.map(({ id }) => id));
    const ofList = papers.filter(({ listingPageId }) => pages.has(listingPageId));
    const once = ofList.filter(({ paperId }) => placed.size < placed.add(paperId).size);
    for (const section of ['new', 'recurring'] as const) {
      const inSection = ({ isNew }: ListedPaper) => isNew === (section === 'new');
      const found = Map.groupBy(ofList.filter(inSection), ({ listingPageId }) => listingPageId);
      const isCut = [...found.values()].some(({ length }) => length >= perSection);
      const inOrder = once.filter(inSection).sort((a, b) => a.position - b.position);
      if (inOrder.length > 0) groups[section].push({ list, papers: inOrder, isCut });
    }
  }
  return groups;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
