import { PaperboyError } from '@paperboy/core';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { preparing } from './prepared-statements.ts';
import type { DB } from './tables.ts';

/** A connection pool or an open transaction; every function of the store takes it first. */
export type Db = Kysely<DB>;
/** An open transaction, for what must not be done outside one. */
export type Tx = Transaction<DB>;

/** An open pool with its typed query builder. */
export interface Store {
  readonly db: Db;
  /** The raw pool, for COPY and listeners. */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

const DATE = 1082;

/** Calendar days stay `2026-03-11`: as a Date they would shift with the server's zone. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === DATE
      ? (value: unknown) => String(value)
      : pg.types.getTypeParser(oid, format as 'text'),
};

export interface StoreOptions {
  readonly url: string;
  readonly maxConnections?: number;
  /** Told of a connection that broke while idle; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/** Opens a pool. Nothing is sent yet: the first query connects, see `checkDatabase`. */
export function openStore({ url, maxConnections = 10, onIdleError }: StoreOptions): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    keepAlive: true,
    // Statements that do not wait for one another's answers travel together.
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    types,
  });
  pool.on('error', (error) => onIdleError?.(error));
  // The pool does not listen for a client that is in use: one that breaks between two queries would end the
  // process. The next query on it fails, and tells whoever waits for it.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
  const close = async () => {
    await db.destroy();
    // Without a single query Kysely has not taken up the pool, and leaves it open.
    if (!pool.ended) await pool.end();
  };
  return { db, pool, close };
}

/** Asks the server for a sign of life. Throws POSTGRES_UNAVAILABLE in one sentence. */
export async function checkDatabase({ pool }: Store): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (cause) {
    const reason = cause instanceof Error && cause.message ? cause.message : 'no answer';
    throw new PaperboyError('POSTGRES_UNAVAILABLE', reason, { cause });
  }
}
