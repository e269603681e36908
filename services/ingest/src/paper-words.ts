import type { PaperId } from '@paperboy/core';

/** A paper's words as the matcher sees them. */
export interface PaperWords {
  readonly paperId: PaperId;
  readonly title: string;
  readonly abstract: string | null;
  readonly categories: string[] | null;
  /** Names of all sources that list it. */
  readonly sources: readonly string[];
}
