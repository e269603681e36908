import { readdirSync, readFileSync } from 'node:fs';
import { PaperboyError } from '@paperboy/core';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Migration, MigrationResultSet, Migrator } from 'kysely/migration';
import pg from 'pg';

const FOLDER = new URL('../migrations/', import.meta.url);

/** Of the numbered SQL files, in order, without `.sql`. */
export function migrationNames(): string[] {
  return readdirSync(FOLDER)
    .flatMap((file) => /^(.*)\.sql$/.exec(file)?.[1] ?? [])
    .sort();
}

/** By name, each run as one statement batch. */
function migrations(chosen: readonly string[]): Record<string, Migration> {
  return Object.fromEntries(
    chosen.map((name) => {
      const text = readFileSync(new URL(`${name}.sql`, FOLDER), 'utf8');
      return [name, { up: async (db) => void (await sql.raw(text).execute(db)) }];
    }),
  );
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 });
  // A server that goes away between two queries is reported by the next query.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

async function migratorOn(
  pool: pg.Pool,
  chosen: readonly string[],
): Promise<{ db: Kysely<unknown>; migrator: Migrator }> {
  // Loaded here: on most starts nothing is migrated.
  const { Migrator } = await import('kysely/migration');
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations(chosen) },
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
    // Changes that were made side by side need not have come in the order of their numbers.
    allowUnorderedMigrations: true,
  });
  return { db, migrator };
}

/**
 * Brings the database to this version, in one transaction under a lock, so that two starts at once are safe.
 * Returns the names of what was applied now. Throws MIGRATION_FAILED, and then nothing has changed. It is looked at
 * first through `open`, a pool that is open already, where there is one.
 */
export async function migrate(url: string, open?: pg.Pool): Promise<{ applied: string[] }> {
  if (open && (await isOfThisVersion(open))) return { applied: [] };
  return migrateBy(url, migrationNames(), async (migrator, pool) =>
    !open && (await isOfThisVersion(pool)) ? {} : migrator.migrateToLatest(),
  );
}

/** Gives a database the tables of an earlier version: those that these migrations make. Throws MIGRATION_FAILED. */
export async function migrateTo(url: string, names: readonly string[]): Promise<void> {
  await migrateBy(url, names, (migrator) => migrator.migrateToLatest());
}

async function migrateBy(
  url: string,
  chosen: readonly string[],
  run: (migrator: Migrator, pool: pg.Pool) => Promise<Partial<MigrationResultSet>>,
): Promise<{ applied: string[] }> {
  const pool = openPool(url);
  const { db, migrator } = await migratorOn(pool, chosen);
  try {
    const { error, results = [] } = await run(migrator, pool);
    if (error) {
      const failed =
        results.find((result) => result.status === 'Error')?.migrationName ?? 'the database';
      const reason = error instanceof Error ? error.message : String(error);
      throw new PaperboyError('MIGRATION_FAILED', `${failed}: ${reason}`, { cause: error });
    }
    return { applied: results.map((result) => result.migrationName) };
  } finally {
    await db.destroy();
  }
}

/** As most starts find it; the migrator takes 0.2 s to find the same, as it reads all tables there are. */
async function isOfThisVersion(pool: pg.Pool): Promise<boolean> {
  const [applied, known] = [await appliedTo(pool), migrationNames()];
  return applied.size === known.length && known.every((name) => applied.has(name));
}

/** The migrations that this version knows and the database has not had yet, in order. */
export async function pendingMigrations(pool: pg.Pool): Promise<string[]> {
  const applied = await appliedTo(pool);
  return migrationNames().filter((name) => !applied.has(name));
}

/** SQLSTATE undefined_table. */
const NO_TABLE = '42P01';

/** Names of what the database has had; none where it has never been migrated. */
export async function appliedTo(pool: Pick<pg.Pool | pg.Client, 'query'>): Promise<Set<string>> {
  try {
    const { rows } = await pool.query<{ name: string }>('select name from schema_migration');
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === NO_TABLE) return new Set();
    throw error;
  }
}
