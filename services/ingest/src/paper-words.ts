import type { Fingerprint, PaperId } from '@paperboy/core';

/** A paper's words as the matcher sees them. */
export interface PaperWords {
  readonly paperId: PaperId;
  /** Of the wording; what an embedding service said of it is kept under that. */
  readonly fingerprint: Fingerprint;
  readonly title: string;
  readonly abstract: string | null;
  readonly categories: string[] | null;
  /** Names of all sources that list it. */
  readonly sources: readonly string[];
}
