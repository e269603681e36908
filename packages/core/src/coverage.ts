import type { Entry } from './entry.ts';

export const COVERED_FIELDS = ['abstract', 'id', 'authors', 'links'] as const;
type CoveredField = (typeof COVERED_FIELDS)[number];

/** Which share of a page's entries has a field, 0 to 1; absent where no entry of the page could have it. */
export type Coverage = Partial<Readonly<Record<CoveredField, number>>>;

/** What an entry has, and whether it counts: replaced papers are listed without their abstract by some sources. */
const HAS: Readonly<Record<CoveredField, (entry: Entry) => boolean | undefined>> = {
  abstract: (entry) => (entry.section.startsWith('replace') ? undefined : !!entry.abstract),
  id: ({ ids }) => ids.arxiv !== undefined || ids.doi !== undefined || ids.openreview !== undefined,
  authors: ({ authors = [] }) => authors.length > 0,
  links: ({ links }) => links.length > 0,
};

/** The shares of a page. */
export function coverageOf(entries: readonly Entry[]): Coverage {
  const shares: Partial<Record<CoveredField, number>> = {};
  for (const field of COVERED_FIELDS) {
    let asked = 0;
    let having = 0;
    for (const entry of entries) {
      const has = HAS[field](entry);
      if (has === undefined) continue;
      asked += 1;
      if (has) having += 1;
    }
    if (asked > 0) shares[field] = having / asked;
  }
  return shares;
}

/** The mean of several pages, field by field. */
export function meanCoverage(pages: readonly Coverage[]): Coverage {
  const means: Partial<Record<CoveredField, number>> = {};
  for (const field of COVERED_FIELDS) {
    const shares = pages.flatMap((page) => page[field] ?? []);
    if (shares.length > 0) means[field] = shares.reduce((sum, one) => sum + one) / shares.length;
  }
  return means;
}
