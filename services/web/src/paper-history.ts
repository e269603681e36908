import type { ListedOn } from '@paperboy/core';
import type { AppearanceView } from '@paperboy/store';

/** What is drawn of an appearance. */
export type Sighted = Pick<
  AppearanceView,
  'seenOn' | 'sourceName' | 'sourceTitle' | 'position' | 'previousPosition' | 'upvotes'
>;

/** Where a paper stood on one day of a source's list; of several pages that day the last counts. */
interface Standing {
  readonly day: ListedOn;
  /** Its place in time, from 0 for the first day of the whole history to 1 for the last. */
  readonly at: number;
  readonly position: number;
  readonly upvotes: number | null;
  /** It stood on the source's list before this one too. */
  readonly isNext: boolean;
}

/** A paper's way through one source's lists, oldest first. */
export interface SourceHistory {
  readonly title: string;
  readonly standings: readonly Standing[];
}

/** What there is to draw of a paper: sources that listed it on two days and more, on one scale of time. */
export interface PaperHistory {
  readonly from: ListedOn;
  readonly to: ListedOn;
  readonly sources: readonly SourceHistory[];
}

/** Sorts appearances, newest first as the store gives them, by source and day. Undefined where nothing moves. */
export function paperHistory(appearances: readonly Sighted[]): PaperHistory | undefined {
  const oldestFirst = appearances.toReversed();
  const [first, last] = [oldestFirst[0], oldestFirst.at(-1)];
  if (!first || !last || first.seenOn === last.seenOn) return undefined;
  const start = Date.parse(first.seenOn);
  const span = Date.parse(last.seenOn) - start;
  const bySource = Map.groupBy(oldestFirst, ({ sourceName }) => sourceName);
  const sources = [...bySource.values()].flatMap((ofSource): SourceHistory[] => {
    const byDay = [...Map.groupBy(ofSource, ({ seenOn }) => seenOn)];
    const [any] = ofSource;
    if (!any || byDay.length < 2) return [];
    const standings = byDay.flatMap(([day, ofDay]): Standing[] => {
      const shown = ofDay.at(-1);
      if (!shown) return [];
      const { position, upvotes } = shown;
      const isNext = ofDay.some(({ previousPosition }) => previousPosition !== null);
      return [{ day, at: (Date.parse(day) - start) / span, position, upvotes, isNext }];
    });
    return [{ title: any.sourceTitle, standings }];
  });
  return sources.length === 0 ? undefined : { from: first.seenOn, to: last.seenOn, sources };
}

/** Upvotes of the days whose list counted them. */
export function votesOf({ standings }: SourceHistory): { at: number; upvotes: number }[] {
  return standings.flatMap(({ at, upvotes }) => (upvotes === null ? [] : [{ at, upvotes }]));
}
