import { judgePage, type Listing } from '@paperboy/core';
import { expect, test } from 'vitest';
import { CAPTURES, capture, readListing } from '../test/support.ts';

/** Real pages and mails of arXiv; run with PAPERBOY_CAPTURES naming their folder. */
const onCaptures = test.skipIf(!CAPTURES);

const FINANCE = 'arxiv_list_new_q-fin.rendered-2024-markup.html';
const FINANCE_OLD = 'arxiv_list_new_q-fin.rendered-old-markup.html';
const FINANCE_MAIL = 'arxiv_mail_listing_q-fin_2023.txt';
const ALGEBRAS = 'arxiv_list_new_math.OA.rendered-2024-markup.html';
const ALGEBRAS_MAIL = 'arxiv_mail_listing_math.OA_2023.txt';
const RECENT = 'arxiv_list_recent_cs.AI_2026-10-07.excerpt.html';

function sections({ entries }: Listing): Record<string, number> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(entries, ({ section }) => section)).map(([name, list]) => [
      name,
      list.length,
    ]),
  );
}

function verdict(listing: Listing): string {
  const overlap = { papers: listing.entries.length, sharedWithLast: 0 };
  const past = { batchSizes: [], coverage: {}, due: 'unknown' } as const;
  return judgePage(listing, undefined, overlap, past).verdict;
}

onCaptures.each([
  [FINANCE, { new: 13, replace: 3 }, { year: 2023, month: 3, day: 17 }, 16],
  [FINANCE_OLD, { new: 13, replace: 3 }, { year: 2023, month: 3, day: 17 }, 16],
  [FINANCE_MAIL, { new: 13, replace: 3 }, { year: 2023, month: 3, day: 17 }, 16],
  [ALGEBRAS, { cross: 1, replace: 2 }, { year: 2023, month: 6, day: 9 }, 3],
  [ALGEBRAS_MAIL, { cross: 1, replace: 2 }, { year: 2023, month: 6, day: 9 }, undefined],
])(
  'capture %s has its entries by section, its date and its claim',
  (name, counts, date, claimed) => {
    const listing = readListing(capture(name));
    expect(sections(listing)).toEqual(counts);
    expect(listing).toMatchObject({ shape: 'batch', date, unreadableEntries: 0, warnings: [] });
    expect(listing.claimed).toBe(claimed);
    expect(verdict(listing)).toBe('new-batch');
  },
);

onCaptures.each([
  [FINANCE, FINANCE_MAIL],
  [FINANCE_OLD, FINANCE_MAIL],
  [ALGEBRAS, ALGEBRAS_MAIL],
])('capture %s equals the mail %s entry by entry', (page, mail) => {
  const kept = (name: string) =>
    readListing(capture(name)).entries.map(({ publishedAt, ids, ...rest }) => ({
      ...rest,
      arxiv: ids.arxiv,
    }));
  expect(kept(page)).toEqual(kept(mail));
});

onCaptures.each([FINANCE, FINANCE_MAIL])(
  'capture %s has a text for each new paper and none for a replacement',
  (name) => {
    for (const { section, abstract, authors, categories } of readListing(capture(name)).entries) {
      expect(abstract === undefined).toBe(section === 'replace');
      expect(authors?.length && categories?.length).toBeTruthy();
    }
  },
);

onCaptures('capture of names with TeX accents has them as letters', () => {
  for (const name of [ALGEBRAS, ALGEBRAS_MAIL]) {
    const authors = readListing(capture(name)).entries.flatMap((entry) => entry.authors ?? []);
    expect(authors).toEqual(
      expect.arrayContaining(['Frédéric Patras', 'Ludwik Dąbrowski', 'Paweł Zalecki']),
    );
  }
});

onCaptures('capture of 4 out of 350 recent papers is cut, and says where the rest is', () => {
  const listing = readListing(capture(RECENT), { address: 'https://arxiv.org/list/cs.AI/recent' });
  expect(listing.entries.map(({ ids }) => ids.arxiv)).toEqual([
    '2610.08778',
    '2610.08775',
    '2610.08722',
    '2610.08683',
  ]);
  expect(listing).toMatchObject({
    shape: 'window',
    date: { year: 2026, month: 10, day: 7 },
    claimed: 350,
    nextPages: ['https://arxiv.org/list/cs.AI/recent?skip=50&show=50'],
    warnings: [],
  });
  expect(verdict(listing)).toBe('cut');
});
