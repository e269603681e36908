import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.ts';
import {
  inTransaction,
  openStore,
  previewTransaction,
  type Store,
  together,
} from '../src/index.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = openStore({ url: database.url, maxConnections: 2 });
  await store.pool.query('create table note (id int primary key)');
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const noted = async () => {
  const { rows } = await store.pool.query<{ id: number }>('select id from note order by id');
  return rows.map(({ id }) => id);
};
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'written',
    (error: Error) => error.message,
  );
const note = (id: number) => sql`insert into note values (${id})`;

test('statements that wait for no answer are sent before the first one is answered', async () => {
  const client = await store.pool.connect();
  client.release();
  const sent: string[] = [];
  const { query } = client;
  client.query = ((...args: Parameters<typeof query>) => {
    sent.push(String(args[0]));
    return query.apply(client, args);
  }) as typeof query;
  await inTransaction(store.db, async (tx) => {
    const slow = sql`select pg_sleep(0.05)`.execute(tx);
    const behind = sql<{ one: number }>`select 1 as one`.execute(tx);
    expect(sent.at(-1)).toBe('select 1 as one');
    const [, { rows }] = await together([slow, behind]);
    expect(rows).toEqual([{ one: 1 }]);
  });
  client.query = query;
  expect(sent).toEqual(['begin', 'select pg_sleep(0.05)', 'select 1 as one', 'commit']);
});

test('of statements that travel together the one that fails is told, and nothing of them stays', async () => {
  const failing = inTransaction(store.db, (tx) => {
    const first = async () => {
      await note(1).execute(tx);
      await note(2).execute(tx);
    };
    return together([first(), note(1).execute(tx), note(3).execute(tx)]);
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await noted()).toEqual([]);
});

test('what still asks once its transaction has failed is refused and writes nothing', async () => {
  let late: Promise<string> | undefined;
  const failing = inTransaction(store.db, async (tx) => {
    late = outcome(sleep(1).then(() => note(4).execute(tx)));
    throw new Error('not this time');
  });
  await expect(failing).rejects.toThrow('not this time');
  expect(await late).toMatch(/has ended|already/);
  expect(await noted()).toEqual([]);
});

test('what still asks once its transaction is committed is refused as well', async () => {
  let late: Promise<string> | undefined;
  await inTransaction(store.db, async (tx) => {
    await note(5).execute(tx);
    late = outcome(sleep(1).then(() => note(6).execute(tx)));
  });
  expect(await late).toMatch(/has ended|already/);
  expect(await noted()).toEqual([5]);
  await store.pool.query('delete from note');
});

test('a preview is undone, and the connection serves the next', async () => {
  await previewTransaction(store.db, (tx) => together([note(7).execute(tx), note(8).execute(tx)]));
  expect(await noted()).toEqual([]);
  await inTransaction(store.db, (tx) => note(9).execute(tx));
  expect(await noted()).toEqual([9]);
});

test('a transaction within a transaction is a part of it, and undone with it', async () => {
  const both = inTransaction(store.db, async (tx) => {
    await inTransaction(tx, (inner) => note(900).execute(inner));
    throw new Error('the outer one fails');
  });
  expect(await outcome(both)).toBe('the outer one fails');
  expect(await noted()).not.toContain(900);
});
