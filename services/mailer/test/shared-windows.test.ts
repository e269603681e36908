import { setTimeout as wait } from 'node:timers/promises';
import type { SubscriberId } from '@paperboy/core';
import {
  changeSchedule,
  findSubscriber,
  inTransaction,
  leave,
  lockReadyPagesExclusive,
  pauseReader,
  rejoin,
} from '@paperboy/store';
import { beforeEach, expect, test } from 'vitest';
import { planEdition } from '../src/plan-editions.ts';
import { addReader, given, plan, recordPage } from './support.ts';
import { useDailyRoom } from './use-room.ts';

const { room, daily } = useDailyRoom();

const DAILY = { cadence: 'daily', weekdays: [1, 2, 3, 4, 5, 6, 7], hour: 8, zone: 'UTC' } as const;
const EVENING = { ...DAILY, hour: 20 };
const page = (day: string, ...papers: string[]) =>
  recordPage(room, { sourceId: daily(), day, papers });
const at = (iso: string) => plan(room, iso);
const newFor = async (id: SubscriberId) => (await given(room, id)).map((digest) => digest.new);
/** How many share each window. */
const sharing = async () =>
  (
    await room.query<{ n: number }>(
      'select count(*)::int as n from subscriber where shared_window_id is not null group by shared_window_id order by n',
    )
  ).map(({ n }) => n);
const planWithin = (tx: Parameters<typeof planEdition>[0], iso: string) =>
  planEdition(
    tx,
    { cadence: 'daily', windowEnd: new Date(iso) },
    { kind: 'schedules', schedules: [DAILY] },
  );

let ada: SubscriberId;
let ben: SubscriberId;
beforeEach(async () => {
  ada = await addReader(room, { name: 'ada' });
  ben = await addReader(room, { name: 'ben' });
  await page('2026-03-02', 'flow one');
  await at('2026-03-02T08:00:00Z');
});

test('readers who were planned together share their window, and the next plan moves it once for both', async () => {
  expect(await sharing()).toEqual([2]);
  const rows = 'select xmin::text from subscriber order by id';
  const before = await room.query(rows);
  await page('2026-03-03', 'flow two');
  await at('2026-03-03T08:00:00Z');
  expect(await room.query(rows)).toEqual(before);
  expect(await newFor(ada)).toEqual([['flow one'], ['flow two']]);
  expect(await newFor(ben)).toEqual([['flow one'], ['flow two']]);
  expect((await findSubscriber(room.db, ada)).plannedUntil).toEqual(
    new Date('2026-03-03T08:00:00Z'),
  );
});

test('who joins later shares it after their first plan', async () => {
  const late = await addReader(room, { name: 'late', since: '2026-03-02T09:00:00Z' });
  expect(await sharing()).toEqual([2]);
  await page('2026-03-03', 'flow two');
  await at('2026-03-03T08:00:00Z');
  expect(await sharing()).toEqual([3]);
  expect(await newFor(late)).toEqual([['flow two', 'flow one']]);
});

test('who moves to another hour takes along where they stand', async () => {
  await page('2026-03-03', 'flow two');
  await at('2026-03-03T08:00:00Z');
  await changeSchedule(room.db, ada, EVENING);
  expect(await sharing()).toEqual([1]);
  await page('2026-03-04', 'flow three');
  await at('2026-03-04T08:00:00Z');
  await at('2026-03-04T20:00:00Z');
  expect(await newFor(ada)).toEqual([['flow one'], ['flow two'], ['flow three']]);
  expect(await newFor(ben)).toEqual([['flow one'], ['flow two'], ['flow three']]);
  expect(await sharing()).toEqual([1, 1]);
});

test('who left is not moved with the others, and is told on return what they missed', async () => {
  await leave(room.db, ada);
  await page('2026-03-03', 'flow two');
  await at('2026-03-03T08:00:00Z');
  await rejoin(room.db, ada);
  await page('2026-03-04', 'flow three');
  await at('2026-03-04T08:00:00Z');
  expect(await newFor(ada)).toEqual([['flow one'], ['flow three', 'flow two']]);
  await pauseReader(room.db, ben, new Date('2026-04-01T00:00:00Z'));
  expect(await sharing()).toEqual([1]);
});

test('who moves while a plan is under way has been planned by it', async () => {
  await page('2026-03-03', 'flow two');
  let changed: Promise<void> | undefined;
  await inTransaction(room.db, async (tx) => {
    await lockReadyPagesExclusive(tx);
    await planWithin(tx, '2026-03-03T08:00:00Z');
    changed = changeSchedule(room.db, ada, EVENING);
    await waitsForALock();
  });
  await changed;
  await page('2026-03-04', 'flow three');
  await at('2026-03-03T20:00:00Z');
  expect(await newFor(ada)).toEqual([['flow one'], ['flow two'], ['flow three']]);
});

test('a plan waits for who is moving, and leaves them out', async () => {
  await page('2026-03-03', 'flow two');
  let planned: Promise<unknown> | undefined;
  await inTransaction(room.db, async (tx) => {
    await changeSchedule(tx, ada, EVENING);
    planned = at('2026-03-03T08:00:00Z');
    await waitsForALock();
  });
  await planned;
  expect(await newFor(ada)).toEqual([['flow one']]);
  expect(await newFor(ben)).toEqual([['flow one'], ['flow two']]);
  await at('2026-03-03T20:00:00Z');
  expect(await newFor(ada)).toEqual([['flow one'], ['flow two']]);
});

/** Returns once some session waits for a row of another. */
async function waitsForALock(): Promise<void> {
  for (;;) {
    const [row] = await room.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (row && row.waiting > 0) return;
    await wait(5);
  }
}
