import type { KeyedEntry, PaperId, PaperKey } from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Tx } from '../connection/database.ts';
import type { RecordedPage, Sighted } from './record-papers.ts';

/** What a page shows of papers that are stored. */
export interface SeenAgain {
  readonly page: RecordedPage;
  readonly recurring: readonly Sighted[];
  readonly repeated: readonly KeyedEntry[];
}

/**
 * Notes by which names merged papers were listed on pages, for the day one of them is split again. Costs one look
 * at an empty table where nothing was ever merged.
 */
export async function noteMergedSightings(tx: Tx, pages: readonly SeenAgain[]): Promise<void> {
  if (pages.every(({ recurring }) => recurring.length === 0)) return;
  const merges = await tx
    .selectFrom('paper_merge')
    .where('undone_at', 'is', null)
    .groupBy('paper_id')
    .select(['paper_id as paperId', (row) => row.fn.max('id').as('mergeId')])
    .execute();
  if (merges.length === 0) return;
  const mergeOf = new Map(merges.map(({ paperId, mergeId }) => [paperId, mergeId]));
  for (const page of pages) await noteOnPage(tx, page, mergeOf);
}

async function noteOnPage(
  tx: Tx,
  { page, ...seen }: SeenAgain,
  mergeOf: ReadonlyMap<PaperId, string | null>,
): Promise<void> {
  const listed = seen.recurring.filter(({ paperId }) => mergeOf.has(paperId));
  if (listed.length === 0) return;
  const paperOf = new Map<PaperKey, PaperId>();
  for (const { paperId, entry } of listed) for (const key of entry.keys) paperOf.set(key, paperId);
  for (const [key, paperId] of await keysOfPapers(tx, listed)) paperOf.set(key, paperId);
  const again = seen.repeated.flatMap((entry) => {
    const key = entry.keys.find((name) => paperOf.has(name));
    const paperId = key && paperOf.get(key);
    return paperId ? [{ paperId, entry, textId: null }] : [];
  });
  const rows = [...listed, ...again];
  await sql`
    insert into merged_sighting (merge_id, listing_page_id, position, keys, text_id, section, upvotes, arxiv_version)
    select merge_id, ${page.listingPageId}, position, array(select jsonb_array_elements_text(keys::jsonb)), text_id, section,
      upvotes, version
    from unnest(
      ${column('bigint', rows, ({ paperId }) => mergeOf.get(paperId))},
      ${column('int', rows, ({ entry }) => entry.position)},
      ${column('text', rows, ({ entry }) => JSON.stringify(entry.keys))},
      ${column('bigint', rows, ({ textId }) => textId)},
      ${column('text', rows, ({ entry }) => entry.section)},
      ${column('int', rows, ({ entry }) => entry.upvotes)},
      ${column('smallint', rows, ({ entry }) => entry.ids.arxivVersion)})
      as seen(merge_id, position, keys, text_id, section, upvotes, version)
    on conflict do nothing`.execute(tx);
}

/** Every name of the papers: a repeated entry may come by one that the first did not have. */
async function keysOfPapers(
  tx: Tx,
  papers: readonly { readonly paperId: PaperId }[],
): Promise<[PaperKey, PaperId][]> {
  const ids = papers.map(({ paperId }) => paperId);
  const rows = await tx
    .selectFrom('paper_key')
    .where('paper_id', '=', sql<PaperId>`any(${ids}::bigint[])`)
    .select(['key', 'paper_id as paperId'])
    .execute();
  return rows.map(({ key, paperId }) => [key, paperId]);
}
