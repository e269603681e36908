import { createHash } from 'node:crypto';
import { checkSchedule } from '@paperboy/core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.ts';
import {
  addSubscriber,
  ensureSubscriber,
  ensureTopic,
  findSubscriber,
  leave,
  listSubscribers,
  type NewSubscriber,
  openStore,
  rejoin,
  type Store,
  suppress,
} from '../src/index.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = openStore({ url: database.url });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(async () => {
  await store.pool.query('truncate topic, subscriber, suppression cascade');
});

const hash = (text: string) => createHash('sha256').update(text).digest();

async function newSubscriber(address: string): Promise<NewSubscriber> {
  const topicId = await ensureTopic(store.db, { query: 'flow', queryHash: hash('flow') });
  return {
    address,
    domain: 'example.com',
    addressHash: hash(address.toLowerCase()),
    schedule: checkSchedule({ cadence: 'daily', weekdays: [5, 1], hour: 7, zone: 'Asia/Tokyo' }),
    topics: [{ topicId, name: 'Flow matching' }],
    at: new Date('2026-03-01T00:00:00Z'),
  };
}

async function consentOf(id: string): Promise<string[]> {
  const { rows } = await store.pool.query(
    'select kind from consent_event where subscriber_id = $1 order by id',
    [id],
  );
  return rows.map((row) => row.kind);
}

test('an added subscriber is found by address in any case, and by id', async () => {
  const id = await addSubscriber(store.db, await newSubscriber('Ada@example.com'));
  const found = await findSubscriber(store.db, 'ADA@example.com ');
  expect(found).toMatchObject({
    id,
    address: 'Ada@example.com',
    state: 'active',
    schedule: { cadence: 'daily', weekdays: [1, 5], hour: 7, zone: 'Asia/Tokyo' },
    recurringPolicy: 'trending',
    maxPapers: 20,
    topics: [{ name: 'Flow matching', query: 'flow' }],
    plannedUntil: new Date('2026-03-01T00:00:00Z'),
    suppressedFor: null,
  });
  expect(await findSubscriber(store.db, id)).toEqual(found);
  expect(await consentOf(id)).toEqual(['imported']);
  await expect(findSubscriber(store.db, 'bob@example.com')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('an address is one subscriber, in whatever case it comes again', async () => {
  const id = await addSubscriber(store.db, await newSubscriber('ada@example.com'));
  const again = await newSubscriber('ADA@example.com');
  await expect(addSubscriber(store.db, again)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  expect(await ensureSubscriber(store.db, again)).toEqual({ id, fresh: false });
  const both = await Promise.all([
    ensureSubscriber(store.db, await newSubscriber('bob@example.com')),
    ensureSubscriber(store.db, await newSubscriber('Bob@example.com')),
  ]);
  expect(both.filter(({ fresh }) => fresh)).toHaveLength(1);
});

test('an international domain is found as people write it, and as it is stored', async () => {
  const address = 'ada@xn--bcher-kva.example';
  const id = await addSubscriber(store.db, await newSubscriber(address));
  for (const typed of [address, 'ada@bücher.example', ' Ada@BÜCHER.example']) {
    expect(await findSubscriber(store.db, typed)).toMatchObject({ id });
  }
  for (const part of ['ada@', 'bücher.example', '@Bücher.example', 'xn--b']) {
    expect(await listSubscribers(store.db, { part })).toMatchObject([{ id }]);
  }
  expect(await listSubscribers(store.db, { part: 'bü cher' })).toEqual([]);
  await expect(findSubscriber(store.db, 'ada@bü cher.example')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('lists go on from the last address', async () => {
  for (const name of ['cleo', 'Ada', 'bob']) {
    await addSubscriber(store.db, await newSubscriber(`${name}@example.com`));
  }
  const addresses = async (filter: Parameters<typeof listSubscribers>[1]) =>
    (await listSubscribers(store.db, filter)).map(({ address }) => address);
  expect(await addresses({ limit: 2 })).toEqual(['Ada@example.com', 'bob@example.com']);
  expect(await addresses({ after: 'bob@example.com' })).toEqual(['cleo@example.com']);
  expect(await addresses({ state: 'left' })).toEqual([]);
});

test('a leave is at once, is told, and can be taken back within a day', async () => {
  const id = await addSubscriber(store.db, await newSubscriber('ada@example.com'));
  expect(await rejoin(store.db, id)).toBe(false);
  expect(await leave(store.db, id, { by: 'page' })).toBe(true);
  expect(await leave(store.db, id)).toBe(false);
  expect(await findSubscriber(store.db, id)).toMatchObject({
    state: 'left',
    suppressedFor: 'left',
  });
  expect(await rejoin(store.db, id)).toBe(true);
  expect(await findSubscriber(store.db, id)).toMatchObject({
    state: 'active',
    suppressedFor: null,
  });
  expect(await consentOf(id)).toEqual(['imported', 'left', 'rejoined']);
});

test('a leave of yesterday stands', async () => {
  const id = await addSubscriber(store.db, await newSubscriber('ada@example.com'));
  await leave(store.db, id);
  await store.pool.query(`update subscriber set left_at = now() - interval '25 hours'`);
  expect(await rejoin(store.db, id)).toBe(false);
  expect(await findSubscriber(store.db, id)).toMatchObject({ state: 'left' });
});

test('coming back ends no suppression but that of leaving, and leaving softens none', async () => {
  const id = await addSubscriber(store.db, await newSubscriber('ada@example.com'));
  await suppress(store.db, hash('ada@example.com'), 'complaint');
  await leave(store.db, id);
  await rejoin(store.db, id);
  expect(await findSubscriber(store.db, id)).toMatchObject({ suppressedFor: 'complaint' });
});
