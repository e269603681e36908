import type { DayPage, ListedPaper } from '@paperboy/store';

/** What one source listed on a day. */
export interface SourceList {
  readonly name: string;
  readonly title: string;
  /** Latest first; several when the source listed more during the day. */
  readonly pages: readonly DayPage[];
  readonly newPapers: number;
  readonly recurringPapers: number;
}

/** Papers of one section under the source that shows them. */
export interface PaperGroup {
  readonly list: SourceList;
  readonly papers: readonly ListedPaper[];
}

/** A day's pages by source, short lists first: to be on a short list says more of a paper. */
export function sourceLists(pages: readonly DayPage[]): SourceList[] {
  const bySource = Map.groupBy(pages, ({ sourceName }) => sourceName);
  const lists = [...bySource].map(([name, ofSource]) => ({
    name,
    title: ofSource[0]?.sourceTitle ?? name,
    pages: ofSource,
    newPapers: sum(ofSource.map(({ newPapers }) => newPapers)),
    recurringPapers: sum(ofSource.map(({ recurringPapers }) => recurringPapers)),
  }));
  const size = (list: SourceList) => list.newPapers + list.recurringPapers;
  return lists.sort((a, b) => size(a) - size(b) || a.title.localeCompare(b.title));
}

/** Puts each paper under the first source that lists it, in page order; a paper stands once on a day's page. */
export function groupPapers(
  papers: readonly ListedPaper[],
  lists: readonly SourceList[],
): { readonly new: PaperGroup[]; readonly recurring: PaperGroup[] } {
  const placed = new Set<string>();
  const groups: { new: PaperGroup[]; recurring: PaperGroup[] } = { new: [], recurring: [] };
  for (const list of lists) {
    const ids = new Set(list.pages.map(({ id }) => id));
    const ofList = papers.filter(
      ({ paperId, listingPageId }) => ids.has(listingPageId) && !placed.has(paperId),
    );
    const once = ofList.filter(({ paperId }) => placed.size < placed.add(paperId).size);
    const inOrder = once.sort((a, b) => a.position - b.position);
    for (const section of ['new', 'recurring'] as const) {
      const ofSection = inOrder.filter(({ isNew }) => isNew === (section === 'new'));
      if (ofSection.length > 0) groups[section].push({ list, papers: ofSection });
    }
  }
  return groups;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
