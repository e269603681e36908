import type { ListingPageId } from '@paperboy/core';
import type { Db } from './database.ts';

const words = ['paper.id as paperId', 'text.title', 'text.abstract', 'text.categories'] as const;

/** The canonical words of every paper that appears on a page, in page order. */
export async function textsOfPage(db: Db, id: ListingPageId) {
  return db
    .selectFrom('appearance')
    .innerJoin('paper', 'paper.id', 'appearance.paper_id')
    .innerJoin('paper_text as text', 'text.id', 'paper.text_id')
    .where('appearance.listing_page_id', '=', id)
    .select(words)
    .orderBy('appearance.position')
    .execute();
}

/** The canonical words of papers on pages seen since a moment, each once. */
export async function textsSeenSince(db: Db, since: Date) {
  return db
    .selectFrom('paper')
    .innerJoin('paper_text as text', 'text.id', 'paper.text_id')
    .where((paper) =>
      paper.exists(
        paper
          .selectFrom('appearance')
          .innerJoin('listing_page as page', 'page.id', 'appearance.listing_page_id')
          .whereRef('appearance.paper_id', '=', 'paper.id')
          .where('page.seen_at', '>=', since)
          .select('page.id'),
      ),
    )
    .select(words)
    .orderBy('paper.id')
    .execute();
}
