import type { PaperId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** Two papers that became one. */
export interface MergeView {
  readonly id: string;
  readonly survivorId: PaperId;
  readonly survivorTitle: string;
  readonly otherId: PaperId;
  readonly otherTitle: string;
  readonly mergedAt: Date;
  readonly mergedBy: string;
  readonly reason: string | null;
  /** What the two looked like, as `paper merge` wrote it down. */
  readonly evidence: unknown;
  readonly undoneAt: Date | null;
  readonly undoneBy: string | null;
  /** Whether it is the next one that `paper split` of the survivor undoes. */
  readonly isLast: boolean;
}

/** Merges, newest first; of one paper, those into it and those of what it absorbed. */
export async function listMerges(
  db: Db,
  { limit, paperId }: { readonly limit: number; readonly paperId?: PaperId },
): Promise<MergeView[]> {
  const ofPaper = paperId
    ? sql`paper_merge.paper_id = ${paperId} or paper_merge.other_paper_id = ${paperId}
        or survivor.merged_into = ${paperId}`
    : sql`true`;
  const rows = await sql<MergeView>`
    select paper_merge.id, paper_merge.paper_id as "survivorId", shown.title as "survivorTitle",
      paper_merge.other_paper_id as "otherId", others.title as "otherTitle", merged_at as "mergedAt",
      merged_by as "mergedBy", reason, evidence, undone_at as "undoneAt", undone_by as "undoneBy",
      undone_at is null and survivor.merged_into is null and not exists (select from paper_merge later
        where later.paper_id = paper_merge.paper_id and later.undone_at is null and later.id > paper_merge.id)
        as "isLast"
    from paper_merge
    join paper survivor on survivor.id = paper_merge.paper_id
    join paper_text shown on shown.id = survivor.text_id
    join paper other on other.id = paper_merge.other_paper_id
    join paper_text others on others.id = other.text_id
    where ${ofPaper}
    order by paper_merge.id desc limit ${limit}`.execute(db);
  return rows.rows;
}
