import type { Db, Tx } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';

/** From what to what, in short. */
interface AuditedChange {
  readonly was?: string | undefined;
  readonly became?: string | undefined;
}

/**
 * Writes a change down: what was done, such as `pause`, and to what, such as `source hf-daily`. Readers stand here by
 * their id: the log outlives their erasure.
 */
export type NoteChange = (action: string, object: string, change?: AuditedChange) => Promise<void>;

const LONGEST = 500;

/**
 * Makes a person's change and writes it down in one transaction: neither stands without the other. `actor` is an
 * admin's name, that of a token, the command, or how somebody without a name came in. What no transaction can undo,
 * such as a word to a queue, is to be said after the note: it does not happen where the note cannot be kept.
 */
export function audited<Result>(
  db: Db,
  actor: string,
  work: (tx: Tx, note: NoteChange) => Promise<Result>,
): Promise<Result> {
  return inTransaction(db, (tx) =>
    work(tx, async (action, object, { was, became } = {}) => {
      const short = (text: string | undefined) => text?.slice(0, LONGEST) ?? null;
      const told = { object: object.slice(0, LONGEST), was: short(was), became: short(became) };
      await tx
        .insertInto('audit_event')
        .values({ actor, action, ...told })
        .execute();
    }),
  );
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
