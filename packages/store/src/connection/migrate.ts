import { readdirSync, readFileSync } from 'node:fs';
import { PaperboyError } from '@paperboy/core';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import pg from 'pg';

const FOLDER = new URL('../migrations/', import.meta.url);

/** The numbered SQL files, by name without `.sql`, each run as one statement batch. */
function migrations(): Record<string, Migration> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
  return Object.fromEntries(
    files.map((name) => {
      const text = readFileSync(new URL(name, FOLDER), 'utf8');
      return [
        name.replace(/\.sql$/, ''),
        { up: async (db) => void (await sql.raw(text).execute(db)) },
      ];
    }),
  );
}

function migratorOn(url: string): { db: Kysely<unknown>; migrator: Migrator } {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 });
  // A server that goes away between two queries is reported by the next query.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations() },
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  });
  return { db, migrator };
}

/**
 * Brings the database to this version, in one transaction under a lock, so that two starts at once are safe.
 * Returns the names of what was applied now. Throws MIGRATION_FAILED, and then nothing has changed.
 */
export async function migrate(url: string): Promise<{ applied: string[] }> {
  const { db, migrator } = migratorOn(url);
  try {
    const { error, results = [] } = await migrator.migrateToLatest();
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

/** The migrations that this version knows and the database has not had yet. */
export async function pendingMigrations(url: string): Promise<string[]> {
  const { db, migrator } = migratorOn(url);
  try {
    const all = await migrator.getMigrations();
    return all
      .filter((migration) => migration.executedAt === undefined)
      .map((migration) => migration.name);
  } finally {
    await db.destroy();
  }
}
