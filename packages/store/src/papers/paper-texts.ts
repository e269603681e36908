import type { ListingPageId, PaperId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

const words = [
  'paper.id as paperId',
  'text.title',
  'text.abstract',
  'text.categories',
  'text.fingerprint',
] as const;

/** The names of all sources that ever listed the paper, in one pass over its appearances. */
const sources = sql<string[]>`array(
  select distinct source.name
  from appearance as seen
  join listing_page as page on page.id = seen.listing_page_id
  join source on source.id = page.source_id
  where seen.paper_id = paper.id
  order by source.name)`.as('sources');

/** The canonical words of every paper that appears on these pages, and who lists it, in their order. */
export async function textsOfPages(db: Db, ids: readonly ListingPageId[]) {
  return db
    .selectFrom('appearance')
    .innerJoin('paper', 'paper.id', 'appearance.paper_id')
    .innerJoin('paper_text as text', 'text.id', 'paper.text_id')
    .where('appearance.listing_page_id', 'in', ids)
    .select(words)
    .select(sources)
    .orderBy('appearance.listing_page_id')
    .orderBy('appearance.position')
    .execute();
}

/** The canonical words of these papers, and who lists them, each once. */
export async function textsOfPapers(db: Db, papers: readonly PaperId[]) {
  return db
    .selectFrom('paper')
    .innerJoin('paper_text as text', 'text.id', 'paper.text_id')
    .where('paper.id', '=', sql<PaperId>`any(${papers}::bigint[])`)
    .select(words)
    .select(sources)
    .orderBy('paper.id')
    .execute();
}

/** A paper that was matched already: one on a page that is ready for digests. */
const isPast = sql<boolean>`exists (
  select from appearance as seen join listing_page as page on page.id = seen.listing_page_id
  where seen.paper_id = paper.id and page.ready_no is not null)`;

/** The words of the first or the newest papers that were matched already, oldest first. */
export async function historyTexts(db: Db, most: number, which: 'first' | 'newest') {
  const papers = await db
    .selectFrom('paper')
    .innerJoin('paper_text as text', 'text.id', 'paper.text_id')
    .where(isPast)
    .select(words)
    .select(['text.id as textId'])
    .select(sources)
    .orderBy('paper.id', which === 'first' ? 'asc' : 'desc')
    .limit(most)
    .execute();
  return which === 'first' ? papers : papers.reverse();
}

/** The words of the papers that topics were learnt from, in the order in which they were. */
export async function textsOfPast(db: Db, pastId: string) {
  return db
    .selectFrom('paper_text as text')
    .innerJoin(
      sql<{ id: string; place: number }>`(
        select part.* from learnt_past, unnest(text_ids) with ordinality as part(id, place)
        where learnt_past.id = ${pastId})`.as('part'),
      'part.id',
      'text.id',
    )
    .innerJoin('paper', 'paper.id', 'text.paper_id')
    .select(words)
    .select(['text.id as textId'])
    .select(sources)
    .orderBy('part.place')
    .execute();
}

/** How many papers that history has, up to `most`. */
export async function historySize(db: Db, most: number): Promise<number> {
  const counted = await db
    .selectFrom(db.selectFrom('paper').where(isPast).select('paper.id').limit(most).as('past'))
    .select(sql<number>`count(*)::int`.as('papers'))
    .executeTakeFirstOrThrow();
  return counted.papers;
}
