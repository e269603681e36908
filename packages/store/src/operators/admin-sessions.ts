import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { type AdminRole, tokenHash } from './admins.ts';

/** A session ends when nobody used it for so long, and in any case so long after the login. */
export const SESSION_LIFE = { idleMs: 8 * 3600_000, wholeMs: 7 * 24 * 3600_000 } as const;

/** Whose session a request belongs to. */
export interface SessionOwner {
  readonly adminId: string;
  readonly name: string;
  readonly role: AdminRole;
}

/** Begins a session: its token, which belongs into the cookie and is kept nowhere. */
export async function beginSession(db: Db, adminId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.deleteFrom('admin_session').where(sql<boolean>`not ${isAlive}`).execute();
  await db
    .insertInto('admin_session')
    .values({ token_hash: tokenHash(token), admin_id: adminId })
    .execute();
  return token;
}

const isAlive = sql<boolean>`(seen_at > now() - ${SESSION_LIFE.idleMs} * interval '1 millisecond'
  and admin_session.created_at > now() - ${SESSION_LIFE.wholeMs} * interval '1 millisecond')`;

/**
 * Whose session a token is; undefined for one that is forged or over. `isUse` keeps it from being idle, written down
 * once a minute; what a page asks by itself is no use of it.
 */
export async function sessionOwner(
  db: Db,
  token: string,
  { isUse }: { readonly isUse: boolean },
): Promise<SessionOwner | undefined> {
  const hash = tokenHash(token);
  const found = await db
    .selectFrom('admin_session')
    .innerJoin('admin', 'admin.id', 'admin_session.admin_id')
    .where('token_hash', '=', hash)
    .where(isAlive)
    .select(['admin.id as adminId', 'admin.name', 'admin.role'])
    .select(sql<boolean>`seen_at < now() - interval '1 minute'`.as('isStale'))
    .executeTakeFirst();
  if (!found) return undefined;
  const { isStale, ...owner } = found;
  if (isUse && isStale) {
    await db
      .updateTable('admin_session')
      .where('token_hash', '=', hash)
      .set({ seen_at: sql`now()` })
      .execute();
  }
  return owner;
}

/** Ends one session. */
export async function endSession(db: Db, token: string): Promise<void> {
  await db.deleteFrom('admin_session').where('token_hash', '=', tokenHash(token)).execute();
}

/** Ends every session of somebody; how many. */
export async function endSessionsOf(db: Db, adminId: string): Promise<number> {
  const ended = await db
    .deleteFrom('admin_session')
    .where('admin_id', '=', adminId)
    .executeTakeFirst();
  return Number(ended.numDeletedRows);
}
