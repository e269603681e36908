import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../../test/support/database.ts';
import {
  endTurn,
  openStore,
  type Store,
  type Turn,
  type TurnWish,
  takeTurn,
} from '../src/index.ts';

let store: Store;
let close: () => Promise<void>;
beforeAll(async () => {
  const database = await createDatabase();
  store = openStore({ url: database.url, maxConnections: 8 });
  close = async () => {
    await store.close();
    await database.drop();
  };
});
afterAll(() => close());

let hosts = 0;
const aHost = () => `host-${++hosts}.example`;
const MINUTE = 60_000;

function wish(host: string, holder: string, more: Partial<TurnWish> = {}): Promise<Turn> {
  return takeTurn(store.db, {
    host,
    holder,
    pauseMs: MINUTE,
    leaseMs: 10 * MINUTE,
    patienceMs: 60 * MINUTE,
    isBooked: false,
    ...more,
  });
}
const wait = (turn: Turn) => ('waitMs' in turn ? Math.round(turn.waitMs / MINUTE) : 0);

test('a host is asked by one of any number at once', async () => {
  const host = aHost();
  const turns = await Promise.all(Array.from({ length: 20 }, (_, n) => wish(host, `${n}`)));
  expect(turns.filter(({ kind }) => kind === 'granted')).toHaveLength(1);
});

test('those that wait come one after the other, a pause apart, and nobody before them', async () => {
  const host = aHost();
  await wish(host, 'first');
  const line = [await wish(host, 'a'), await wish(host, 'b'), await wish(host, 'c')];
  expect(line.map(wait)).toEqual([1, 2, 3]);
  await endTurn(store.db, { host, holder: 'first', pauseMs: 0 });
  expect(await wish(host, 'late')).toMatchObject({ kind: 'booked' });
  expect(await wish(host, 'a', { isBooked: true })).toEqual({ kind: 'granted' });
});

test('a turn that ends leaves the host alone for its pause, or for as long as it asked', async () => {
  const host = aHost();
  await wish(host, 'first');
  await endTurn(store.db, { host, holder: 'first', pauseMs: 5 * MINUTE });
  const next = await wish(host, 'a');
  expect([next.kind, wait(next)]).toEqual(['booked', 5]);
  expect(await wish(host, 'a', { isBooked: true })).toMatchObject({ kind: 'booked' });
});

test('who has less patience than the line is long gets no place in it', async () => {
  const host = aHost();
  await wish(host, 'first');
  await wish(host, 'a');
  const refused = await wish(host, 'hasty', { patienceMs: MINUTE });
  expect(refused.kind).toBe('refused');
  const next = await wish(host, 'b');
  expect([next.kind, wait(next)]).toEqual(['booked', 2]);
  expect(await wish(host, 'b', { isBooked: true, patienceMs: 0 })).toMatchObject({
    kind: 'refused',
  });
});

describe('a holder that is lost', () => {
  test('holds up the others until its lease lapses, and cannot end the turn of the next', async () => {
    const host = aHost();
    await wish(host, 'lost', { leaseMs: 0, pauseMs: 0 });
    expect(await wish(host, 'next', { isBooked: true })).toEqual({ kind: 'granted' });
    await endTurn(store.db, { host, holder: 'lost', pauseMs: 0 });
    expect(await wish(host, 'other', { isBooked: true })).toMatchObject({ kind: 'booked' });
  });
});

test('hosts do not wait for each other', async () => {
  expect([await wish(aHost(), 'a'), await wish(aHost(), 'a')]).toEqual([
    { kind: 'granted' },
    { kind: 'granted' },
  ]);
});
