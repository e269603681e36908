import type { ListingPageId, PaperId } from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { lockReadyPagesExclusive } from '../connection/locks.ts';
import { inTransaction } from '../connection/transaction.ts';
import { lastReadyNo } from '../deliveries/editions.ts';

/**
 * Gathers the words of papers that pages brought since the last time, for the search, page by page. Only what is not
 * known yet costs anything, so this may run at any time; of several at once one works. Merged and parted papers are
 * looked at again. Returns how many papers were worded. Stops between two pages when `signal` says so.
 */
export async function gatherWords(db: Db, signal?: AbortSignal): Promise<number> {
  // No page can become ready behind this number; the lock is held for the moment that reading it takes.
  const edge = await inTransaction(db, async (tx) => {
    await lockReadyPagesExclusive(tx);
    return lastReadyNo(tx);
  });
  let papers = await gatherMerged(db);
  for (;;) {
    if (signal?.aborted) return papers;
    const worded = await gatherNextPage(db, edge);
    if (worded === undefined) return papers;
    papers += worded;
  }
}

/** Undefined when there is no page left, or somebody else is at it. */
async function gatherNextPage(db: Db, edge: string): Promise<number | undefined> {
  return inTransaction(db, async (tx) => {
    const found = await sql<{ id: ListingPageId; no: string }>`
      select page.id, page.ready_no as no
      from (select through_no from paper_words_progress for update skip locked) progress
      join listing_page page on page.ready_no > progress.through_no and page.ready_no <= ${edge}::bigint
      order by page.ready_no limit 1`.execute(tx);
    const [page] = found.rows;
    if (!page) return undefined;
    const worded = await saveWords(
      tx,
      sql`select paper_id from appearance where listing_page_id = ${page.id}`,
    );
    await sql`update paper_words_progress set through_no = ${page.no}::bigint`.execute(tx);
    return worded;
  });
}

/** A page read while a merge was under way may have been passed; looked at again for as long as that takes. */
const OVERLAP = sql.lit('10 minutes');

async function gatherMerged(db: Db): Promise<number> {
  return inTransaction(db, async (tx) => {
    const found = await sql<{ at: Date; papers: PaperId[] }>`
      select now() as at, array(
        select unnest(merge.papers || merge.paper_id) from paper_merge merge
        where greatest(merged_at, undone_at) > gathered_at - ${OVERLAP}::interval) as papers
      from paper_words_progress for update skip locked`.execute(tx);
    const [progress] = found.rows;
    if (!progress) return 0;
    const { at, papers } = progress;
    await sql`update paper_words_progress set gathered_at = ${at}`.execute(tx);
    if (papers.length === 0) return 0;
    const changed = sql`select unnest(${papers}::bigint[])`;
    await sql`
      delete from paper_words using paper
      where paper_id in (${changed}) and paper.id = paper_id and paper.merged_into is not null`.execute(
      tx,
    );
    return saveWords(tx, changed);
  });
}

/** Writes the words of those papers that are unknown, or known in another wording or from fewer sources. */
async function saveWords(db: Db, papers: RawBuilder<unknown>): Promise<number> {
  const saved = await sql`
    with shown as (
      select paper.id as paper_id, paper.first_seen_on, text.id as text_id, text.fingerprint, text.title,
        text.authors, text.abstract, array(
          select distinct tag from (
            select 'cat:' || lower(category) from unnest(text.categories) category
            union all
            select 'cat:' || lower(split_part(category, '.', 1)) from unnest(text.categories) category
            union all
            select 'source:' || page.source_id from appearance join listing_page page on page.id = listing_page_id
            where appearance.paper_id = paper.id) tags (tag)
          where tag <> 'cat:' order by tag) as tags
      from paper join paper_text text on text.id = paper.text_id
      where paper.id in (${papers}) and paper.merged_into is null)
    insert into paper_words (paper_id, text_id, fingerprint, first_seen_on, tags, words)
    select shown.paper_id, shown.text_id, shown.fingerprint, shown.first_seen_on, shown.tags,
      setweight(to_tsvector('english', plain_words(shown.title)), 'A')
        || setweight(to_tsvector('english', plain_words(coalesce(array_to_string(shown.authors, ' '), ''))), 'B')
        || to_tsvector('english', plain_words(coalesce(shown.abstract, '')))
        || array_to_tsvector(shown.tags)
    from shown left join paper_words known on known.paper_id = shown.paper_id
    where (known.text_id, known.fingerprint, known.first_seen_on, known.tags)
      is distinct from (shown.text_id, shown.fingerprint, shown.first_seen_on, shown.tags)
    on conflict (paper_id) do update set text_id = excluded.text_id, fingerprint = excluded.fingerprint,
      first_seen_on = excluded.first_seen_on, tags = excluded.tags, words = excluded.words`.execute(
    db,
  );
  return Number(saved.numAffectedRows ?? 0n);
}
