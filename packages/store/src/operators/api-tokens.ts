import { type ApiScope, PaperboyError } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A token as the operator sees it; the token itself is kept nowhere. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scope: ApiScope;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** To the hour. */
  readonly lastUsedAt: Date | null;
}

export interface NewApiToken {
  readonly name: string;
  readonly scope: ApiScope;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  /** For ever when left out. */
  readonly expiresAt?: Date;
}

const columns = [
  'id',
  'name',
  sql<ApiScope>`scope`.as('scope'),
  'created_at as createdAt',
  'expires_at as expiresAt',
  'revoked_at as revokedAt',
  'last_used_at as lastUsedAt',
] as const;

/** Keeps a new token. Throws ALREADY_EXISTS where one in use has the name. */
export async function addApiToken(db: Db, token: NewApiToken): Promise<ApiToken> {
  const { name, scope, hash, expiresAt = null } = token;
  const added = await db
    .insertInto('api_token')
    .values({ name, scope, token_hash: hash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('name').where('revoked_at', 'is', null).doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (!added) throw new PaperboyError('ALREADY_EXISTS', `a token named ${name}`);
  return added;
}

/** All tokens that were ever made, those in use first, then the newest. */
export function listApiTokens(db: Db): Promise<ApiToken[]> {
  return db
    .selectFrom('api_token')
    .select(columns)
    .orderBy(sql`revoked_at is not null`)
    .orderBy('id', 'desc')
    .execute();
}

/** Ends a token for good; it stays in the list. Throws NOT_FOUND where none in use has the name. */
export async function revokeApiToken(db: Db, name: string): Promise<ApiToken> {
  const revoked = await db
    .updateTable('api_token')
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .set({ revoked_at: sql<Date>`now()` })
    .returning(columns)
    .executeTakeFirst();
  if (!revoked) throw new PaperboyError('NOT_FOUND', `no token in use is named "${name}"`);
  return revoked;
}

/**
 * The token of this digest, if it is in force. That it was used is written down once an hour, so that reading is
 * nearly always reading.
 */
export async function findApiToken(
  db: Db,
  hash: Buffer,
): Promise<{ readonly id: string; readonly name: string; readonly scope: ApiScope } | undefined> {
  const found = await db
    .selectFrom('api_token')
    .where('token_hash', '=', hash)
    .where('revoked_at', 'is', null)
    .where(sql<boolean>`(expires_at is null or expires_at > now())`)
    .select(['id', 'name', sql<ApiScope>`scope`.as('scope')])
    .select(sql<boolean>`coalesce(last_used_at < now() - interval '1 hour', true)`.as('isStale'))
    .executeTakeFirst();
  if (!found) return undefined;
  const { isStale, ...token } = found;
  if (isStale)
    await db
      .updateTable('api_token')
      .where('id', '=', token.id)
      .set({ last_used_at: sql<Date>`now()` })
      .execute();
  return token;
}
