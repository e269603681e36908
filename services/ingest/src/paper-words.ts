import type { PaperId } from '@paperboy/core';
import type { PaperText } from '@paperboy/topics';

/** A paper's words as the matcher sees them. */
export interface PaperWords {
  readonly paperId: PaperId;
  readonly title: string;
  readonly abstract: string | null;
  readonly categories: string[] | null;
  /** Names of all sources that list it. */
  readonly sources: readonly string[];
}

/** A stored paper as the topics package takes it. */
export function paperText({ title, abstract, categories, sources }: PaperWords): PaperText {
  return {
    title,
    sources,
    ...(abstract !== null && { abstract }),
    ...(categories !== null && { categories }),
  };
}
