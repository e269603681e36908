import type { Entry, KeyedEntry, OtherWork, PaperId } from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Tx } from '../connection/database.ts';
import type { OnPage, Sighted } from './record-papers.ts';

type WithOthers = OnPage<{
  readonly entry: KeyedEntry;
  readonly otherWorks: readonly OtherWork[];
}>;

/**
 * Links each paper to the other works that its names lead to, once for ever: the first page stands for all. Most pages
 * have none.
 */
export async function linkOtherWorks(
  tx: Tx,
  entries: readonly WithOthers[],
  sighted: readonly Sighted[],
): Promise<void> {
  const linked = entries.filter(({ otherWorks }) => otherWorks.length > 0);
  if (linked.length === 0) return;
  const paperOf = new Map<Entry, PaperId>();
  for (const { entry, paperId } of sighted) paperOf.set(entry, paperId);
  const pairs = linked.flatMap(({ entry, page, otherWorks }) => {
    const paperId = paperOf.get(entry);
    return otherWorks.flatMap(({ by, paper }) => {
      const otherId = typeof paper === 'string' ? paper : paperOf.get(paper);
      return paperId && otherId ? [{ by, page, paperId, otherId }] : [];
    });
  });
  const rows = sql`
    select distinct on (by, paper_id, other_paper_id) by, greatest(one, other) as paper_id,
      least(one, other) as other_paper_id, page_id
    from unnest(
      ${column('text', pairs, ({ by }) => by)},
      ${column('bigint', pairs, ({ paperId }) => paperId)},
      ${column('bigint', pairs, ({ otherId }) => otherId)},
      ${column('bigint', pairs, ({ page }) => page.listingPageId)})
      with ordinality as pair(by, one, other, page_id, ord)
    order by by, paper_id, other_paper_id, ord`;
  await sql`
    with pair as (${rows}), named as (
      insert into shared_entry (paper_id, other_paper_id, listing_page_id)
      select paper_id, other_paper_id, page_id from pair where by = 'id' on conflict do nothing)
    insert into same_title (paper_id, other_paper_id)
    select paper_id, other_paper_id from pair where by = 'title' on conflict do nothing`.execute(
    tx,
  );
}
