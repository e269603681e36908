import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { PREPARED } from '../src/connection/prepared-statements.ts';
import { inTransaction, openStore, pendingMigrations, type Store } from '../src/index.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = openStore({ url: database.url, maxConnections: 2 });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const killConnections = () =>
  store.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );

test('a connection that breaks between two queries of a transaction fails it, and nothing else', async () => {
  const broken = inTransaction(store.db, async (tx) => {
    await tx.selectFrom('source').select('id').execute();
    await killConnections();
    // The end of the connection is heard here, while no query is under way on it.
    await sleep(50);
    await tx.selectFrom('source').select('id').execute();
  });
  await expect(broken).rejects.toThrow();
  expect(await store.db.selectFrom('source').select('id').execute()).toEqual([]);
});

test('a database that lacks migrations is told which, in order; one without any lacks all', async () => {
  expect(await pendingMigrations(store.pool)).toEqual([]);
  const { rows } = await store.pool.query<{ name: string }>(
    'delete from schema_migration where name > $1 returning name',
    ['0038'],
  );
  const lacking = rows.map(({ name }) => name).sort();
  expect(lacking.length).toBeGreaterThan(1);
  expect(await pendingMigrations(store.pool)).toEqual(lacking);
  await store.pool.query('alter table schema_migration rename to elsewhere');
  expect((await pendingMigrations(store.pool)).slice(-lacking.length)).toEqual(lacking);
  await store.pool.query('alter table elsewhere rename to schema_migration');
});

test('a calendar day stays the text it is, whatever the zone', async () => {
  const { rows } = await store.pool.query(
    `select '2026-03-11'::date as day, '9007199254740993'::bigint as id`,
  );
  expect(rows).toEqual([{ day: '2026-03-11', id: '9007199254740993' }]);
});

test('a marked statement is prepared once on a connection, asked twice at once as well, and no other is', async () => {
  const ask = (tx: Parameters<Parameters<typeof inTransaction>[1]>[0], n: number) =>
    sql<{ n: number }>`${PREPARED} select ${n}::int as n`.execute(tx);
  await inTransaction(store.db, async (tx) => {
    const answers = await Promise.all([ask(tx, 1), ask(tx, 2)]);
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual([1, 2]);
    await sql`select ${3}::int`.execute(tx);
    const prepared = await sql<{
      statement: string;
    }>`select statement from pg_prepared_statements`.execute(tx);
    expect(prepared.rows).toEqual([{ statement: '/* prepared */ select $1::int as n' }]);
  });
});
