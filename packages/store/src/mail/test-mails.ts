import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';

/** How many test mails may leave: to one address in ten minutes, and to all in an hour. */
const MOST = { toOne: 2, toAll: 20 } as const;

/**
 * Notes a test mail that is about to be sent, unless there were enough: `too-many-to-it` within ten minutes,
 * `too-many` within the hour. One at a time, so that two commands at once are counted.
 */
export async function noteTestMail(
  db: Db,
  addressHash: Buffer,
): Promise<'noted' | 'too-many-to-it' | 'too-many'> {
  return inTransaction(db, async (tx) => {
    await sql`lock table test_mail in share row exclusive mode`.execute(tx);
    const counted = await sql<{ toOne: number; toAll: number }>`
      select count(*) filter (where address_hash = ${addressHash} and sent_at > now() - interval '10 minutes')::int as "toOne",
        count(*)::int as "toAll"
      from test_mail where sent_at > now() - interval '1 hour'`.execute(tx);
    const { toOne = 0, toAll = 0 } = counted.rows[0] ?? {};
    if (toOne >= MOST.toOne) return 'too-many-to-it';
    if (toAll >= MOST.toAll) return 'too-many';
    await sql`delete from test_mail where sent_at < now() - interval '1 day'`.execute(tx);
    await tx.insertInto('test_mail').values({ address_hash: addressHash }).execute();
    return 'noted';
  });
}

/** Whether an address must not be mailed, whatever the reason. */
export async function isSuppressed(db: Db, addressHash: Buffer): Promise<boolean> {
  const found = await db
    .selectFrom('suppression')
    .where('address_hash', '=', addressHash)
    .select('reason')
    .executeTakeFirst();
  return found !== undefined;
}
