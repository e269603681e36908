import type { Entry, KeyedEntry, OtherWork, PaperId } from '@paperboy/core';
import { sql } from 'kysely';
import { column } from './columns.ts';
import type { Tx } from './database.ts';
import type { RecordedPage, Sighted } from './record-papers.ts';

/** Links each paper of a page to the other works that its names lead to, once for ever. Most pages have none. */
export async function linkOtherWorks(
  tx: Tx,
  page: RecordedPage,
  entries: readonly { readonly entry: KeyedEntry; readonly otherWorks: readonly OtherWork[] }[],
  sighted: readonly Sighted[],
): Promise<void> {
  const linked = entries.filter(({ otherWorks }) => otherWorks.length > 0);
  if (linked.length === 0) return;
  const paperOf = new Map<Entry, PaperId>();
  for (const { entry, paperId } of sighted) paperOf.set(entry, paperId);
  const pairs = linked.flatMap(({ entry, otherWorks }) => {
    const paperId = paperOf.get(entry);
    return otherWorks.flatMap(({ by, paper }) => {
      const otherId = typeof paper === 'string' ? paper : paperOf.get(paper);
      return paperId && otherId ? [{ by, paperId, otherId }] : [];
    });
  });
  const rows = sql`
    select distinct by, greatest(one, other) as paper_id, least(one, other) as other_paper_id
    from unnest(
      ${column('text', pairs, ({ by }) => by)},
      ${column('bigint', pairs, ({ paperId }) => paperId)},
      ${column('bigint', pairs, ({ otherId }) => otherId)}) as pair(by, one, other)`;
  await sql`
    with pair as (${rows}), named as (
      insert into shared_entry (paper_id, other_paper_id, listing_page_id)
      select paper_id, other_paper_id, ${page.listingPageId} from pair where by = 'id' on conflict do nothing)
    insert into same_title (paper_id, other_paper_id)
    select paper_id, other_paper_id from pair where by = 'title' on conflict do nothing`.execute(
    tx,
  );
}
