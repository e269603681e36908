import type { Db } from './database.ts';

/** A change that a person made, as it is written down: who, what, to what, and in short from what to what. */
export interface AuditNote {
  /** An admin's name, `the command`, or how somebody without a name came in. */
  readonly actor: string;
  /** Such as `pause`. */
  readonly action: string;
  /** Such as `source hf-daily`. Readers stand here by their id: the log outlives their erasure. */
  readonly object: string;
  readonly was?: string | undefined;
  readonly became?: string | undefined;
}

const LONGEST = 500;

/** Writes a change down. */
export async function noteAudit(db: Db, note: AuditNote): Promise<void> {
  const short = (text: string | undefined) => text?.slice(0, LONGEST) ?? null;
  const { actor, action, object, was, became } = note;
  await db
    .insertInto('audit_event')
    .values({
      actor,
      action,
      object: object.slice(0, LONGEST),
      was: short(was),
      became: short(became),
    })
    .execute();
}

/** Changes, newest first; `before` is the id of the last one on the page before. */
export async function listAudit(
  db: Db,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
) {
  let rows = db
    .selectFrom('audit_event')
    .select(['id', 'happened_at as happenedAt', 'actor', 'action', 'object', 'was', 'became'])
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  return rows.execute();
}

export type AuditEntry = Awaited<ReturnType<typeof listAudit>>[number];
