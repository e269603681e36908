import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of a test file's own. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it; connections that are still open are broken off. */
  drop(): Promise<void>;
}

/** Makes a database with all tables and no rows, as a copy of a template that is migrated once per run. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const template = await ensureTemplate(server);
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  // Not `strategy file_copy`: its two checkpoints make it 290 ms instead of 200.
  await execute(server, `create database ${name} template ${template}`);
  return {
    url: databaseUrl(server, name),
    drop: () => execute(server, `drop database if exists ${name} with (force)`),
  };
}

/** Any number, the same for all test files: whoever comes first makes the template, the others wait. */
const TEMPLATE_LOCK = 7_203_331;

async function ensureTemplate(server: string): Promise<string> {
  const template = `template_${migrationsHash()}`;
  await withClient(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const made = await client.query('select from pg_database where datname = $1', [template]);
    if (made.rowCount !== 0) return;
    // Renamed when it is complete: a failed migration leaves no template that looks finished.
    const draft = `${template}_draft`;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft}`);
    const { migrate } = await import('@paperboy/store');
    await migrate(databaseUrl(server, draft));
    await client.query(`alter database ${draft} rename to ${template}`);
  });
  return template;
}

/** A server that outlives the run may hold the template of other migrations. */
function migrationsHash(): string {
  const store = join(import.meta.dirname, '../../packages/store/src');
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' });
  const hash = createHash('sha256');
  for (const file of files.filter((name) => name.endsWith('.sql')).sort()) {
    hash.update(file).update(readFileSync(join(store, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function execute(server: string, sql: string): Promise<void> {
  await withClient(server, (client) => client.query(sql));
}

async function withClient(
  url: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
