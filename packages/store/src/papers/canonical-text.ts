import type { PaperId, PaperTextId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Tx } from '../connection/database.ts';

/** Of each source's wordings of one kind the newest is in force, as the next listing is compared with it. */
export async function settleWordings(tx: Tx, paperId: PaperId): Promise<void> {
  await sql`
    update paper_text text set replaced_at = now()
    where paper_id = ${paperId} and replaced_at is null and exists (select from paper_text newer
      where newer.paper_id = text.paper_id and newer.source_id = text.source_id
        and newer.text_kind = text.text_kind and newer.id > text.id)`.execute(tx);
  await sql`
    update paper_text text set replaced_at = null
    where paper_id = ${paperId} and replaced_at is not null and not exists (select from paper_text newer
      where newer.paper_id = text.paper_id and newer.source_id = text.source_id
        and newer.text_kind = text.text_kind and newer.id > text.id)`.execute(tx);
}

/** Shows the best of a paper's wordings in force: an abstract before a summary, then the source's priority. */
export async function chooseCanonicalText(tx: Tx, paperId: PaperId): Promise<PaperTextId> {
  const chosen = await sql<{ id: PaperTextId }>`
    update paper set text_id = best.id
    from (
      select text.id from paper_text text
      join source on source.id = text.source_id join paper shown on shown.id = text.paper_id
      where text.paper_id = ${paperId} and text.replaced_at is null
      order by (text.abstract is not null and text.text_kind = 'abstract') desc, source.text_priority desc,
        text.id = shown.text_id desc, text.id desc
      limit 1) best
    where paper.id = ${paperId} returning best.id`.execute(tx);
  const [row] = chosen.rows;
  if (!row) throw new RangeError(`paper ${paperId} has no wording in force`);
  return row.id;
}
