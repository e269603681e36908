import { createHash, randomBytes } from 'node:crypto';
import { PaperboyError } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';

export const ADMIN_ROLES = ['full', 'read-only'] as const;
/** `read-only` sees every page and changes nothing but their own login. */
export type AdminRole = (typeof ADMIN_ROLES)[number];

/** Somebody who may open the operator's pages. */
export interface Admin {
  readonly id: string;
  readonly name: string;
  readonly role: AdminRole;
  readonly createdAt: Date;
}

/** A one-time link, as it is told once. */
interface Invitation {
  readonly token: string;
  readonly expiresAt: Date;
}

/** How long a one-time link can be taken up. */
const INVITATION_MS = 24 * 3600_000;

/** Who invites the first admin. */
const BY_START = 'the start';

/** What is kept of a token: whoever reads the table cannot use it. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Whether anybody was made an admin yet: until then the operator's pages go by password or machine. */
export async function hasAdmins(db: Db): Promise<boolean> {
  const { there } = await db
    .selectNoFrom((row) => row.exists(row.selectFrom('admin').select('id')).as('there'))
    .executeTakeFirstOrThrow();
  return Boolean(there);
}

/** Makes a one-time link for a new admin: its token, which is told here and kept nowhere, and until when it opens. */
export async function inviteAdmin(
  db: Db,
  { role, by }: { readonly role: AdminRole; readonly by: string },
): Promise<Invitation> {
  const token = randomBytes(32).toString('base64url');
  await db.deleteFrom('admin_invitation').where('expires_at', '<', sql<Date>`now()`).execute();
  const { expiresAt } = await db
    .insertInto('admin_invitation')
    .values({
      token_hash: tokenHash(token),
      role,
      invited_by: by,
      expires_at: sql<Date>`now() + ${INVITATION_MS} * interval '1 millisecond'`,
    })
    .returning('expires_at as expiresAt')
    .executeTakeFirstOrThrow();
  return { token, expiresAt };
}

/** A link for the first admin; undefined once there is one. With the first admin all such links are over. */
export async function inviteFirstAdmin(db: Db): Promise<Invitation | undefined> {
  if (await hasAdmins(db)) return undefined;
  return inviteAdmin(db, { role: 'full', by: BY_START });
}

/** The role an invitation gives; undefined for one that is forged, used or too old. */
export async function invitationRole(db: Db, token: string): Promise<AdminRole | undefined> {
  const found = await db
    .selectFrom('admin_invitation')
    .where('token_hash', '=', tokenHash(token))
    .where('expires_at', '>', sql<Date>`now()`)
    .select('role')
    .executeTakeFirst();
  return found?.role;
}

/**
 * Takes an invitation up, once: of two who try at the same time one is made an admin. Throws LINK_INVALID, and
 * ALREADY_EXISTS where the name is taken; the invitation is good for another try then.
 */
export function acceptInvitation(
  db: Db,
  token: string,
  { name, passwordHash }: { readonly name: string; readonly passwordHash: string },
): Promise<Admin> {
  return inTransaction(db, async (tx) => {
    const used = await tx
      .deleteFrom('admin_invitation')
      .where('token_hash', '=', tokenHash(token))
      .where('expires_at', '>', sql<Date>`now()`)
      .returning('role')
      .executeTakeFirst();
    if (!used) throw new PaperboyError('LINK_INVALID', 'this invitation opens nothing any more');
    const made = await tx
      .insertInto('admin')
      .values({ name, password_hash: passwordHash, role: used.role })
      .onConflict((conflict) => conflict.expression(sql`lower(name)`).doNothing())
      .returning(adminColumns)
      .executeTakeFirst();
    if (!made) throw new PaperboyError('ALREADY_EXISTS', `an admin named ${name}`);
    // Links for the first admin stand in logs: with the first one they are over.
    await tx.deleteFrom('admin_invitation').where('invited_by', '=', BY_START).execute();
    return made;
  });
}

const adminColumns = ['id', 'name', 'role', 'created_at as createdAt'] as const;

/** Who has a name, with what is kept of the password; undefined when nobody has. */
export async function findAdmin(
  db: Db,
  name: string,
): Promise<(Admin & { readonly passwordHash: string }) | undefined> {
  return db
    .selectFrom('admin')
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .select(adminColumns)
    .select('password_hash as passwordHash')
    .executeTakeFirst();
}

/** Every admin by name, with how many sessions of theirs were used in the last day. */
export async function listAdmins(
  db: Db,
): Promise<(Admin & { readonly sessions: number; readonly lastSeenAt: Date | null })[]> {
  return db
    .selectFrom('admin')
    .leftJoin('admin_session', 'admin_session.admin_id', 'admin.id')
    .groupBy('admin.id')
    .select(['admin.id', 'admin.name', 'admin.role', 'admin.created_at as createdAt'])
    .select([
      sql<number>`count(token_hash)::int`.as('sessions'),
      sql<Date | null>`max(seen_at)`.as('lastSeenAt'),
    ])
    .orderBy(sql`lower(admin.name)`)
    .execute();
}

/** Gives somebody a new password, and ends every session of theirs. */
export async function changePassword(db: Db, id: string, passwordHash: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx
      .updateTable('admin')
      .where('id', '=', id)
      .set({ password_hash: passwordHash })
      .execute();
    await tx.deleteFrom('admin_session').where('admin_id', '=', id).execute();
  });
}

/**
 * Removes an admin with all their sessions. Throws NOT_FOUND, and USAGE for the last one who may change something:
 * without them nobody could invite another by the pages.
 */
export function removeAdmin(db: Db, name: string): Promise<Admin> {
  return inTransaction(db, async (tx) => {
    // All rows, so that two who remove each other at the same time do not both succeed.
    const admins = await tx.selectFrom('admin').select(adminColumns).forUpdate().execute();
    const found = admins.find((admin) => admin.name.toLowerCase() === name.toLowerCase());
    if (!found) throw new PaperboyError('NOT_FOUND', `no admin is named "${name}"`);
    const others = admins.filter(({ id, role }) => id !== found.id && role === 'full');
    if (found.role === 'full' && others.length === 0) {
      throw new PaperboyError('USAGE', `${found.name} is the last admin who may change something`);
    }
    await tx.deleteFrom('admin').where('id', '=', found.id).execute();
    return found;
  });
}
