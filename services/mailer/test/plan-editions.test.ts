import { setTimeout as wait } from 'node:timers/promises';
import { composeOrder, type PaperId, type SubscriberId } from '@paperboy/core';
import {
  changeSchedule,
  eraseReader,
  type FeedbackAction,
  giveFeedback,
  inTransaction,
  leave,
  listDeliveries,
  listEditions,
  loadDigests,
  markReady,
  suppress,
} from '@paperboy/store';
import { expect, test } from 'vitest';
import { planEdition } from '../src/plan-editions.ts';
import { links } from './mailer-of-tests.ts';
import {
  addReader,
  given,
  makeReady,
  plan,
  recordPage,
  sourceOf,
  type TestReader,
} from './support.ts';
import { useDailyRoom } from './use-room.ts';

const { room, daily } = useDailyRoom();
const page = (day: string, ...papers: string[]) =>
  recordPage(room, { sourceId: daily(), day, papers });
const reader = (over: TestReader = {}) => addReader(room, over);
const at = (iso: string) => plan(room, iso);
const newFor = async (id: SubscriberId) => (await given(room, id)).map((digest) => digest.new);

test('a paper is NEW for a reader once, for ever', async () => {
  const ada = await reader({ recurringPolicy: 'all' });
  await page('2026-03-02', 'flow one', 'flow two', 'other');
  await at('2026-03-02T08:00:00Z');
  await page('2026-03-03', 'flow two', 'flow three');
  await at('2026-03-03T08:00:00Z');
  await page('2026-06-03', 'flow one');
  await at('2026-06-03T08:00:00Z');
  expect(await given(room, ada)).toEqual([
    { at: '2026-03-02T08:00', new: ['flow one', 'flow two'], recurring: [] },
    { at: '2026-03-03T08:00', new: ['flow three'], recurring: ['flow two'] },
    { at: '2026-06-03T08:00', new: [], recurring: ['flow one'] },
  ]);
});

test('a paper that is old news to the lists is NEW for a reader who never got it', async () => {
  await reader({ name: 'veteran' });
  await page('2026-03-01', 'flow one');
  await page('2026-03-05', 'another flow');
  const ada = await reader({ since: '2026-03-05T09:00:00Z' });
  await page('2026-03-06', 'flow one');
  await at('2026-03-06T08:00:00Z');
  expect(await given(room, ada)).toEqual([
    { at: '2026-03-06T08:00', new: ['another flow', 'flow one'], recurring: [] },
  ]);
});

test('a first digest reaches back one day from the newest page, a weekly one seven', async () => {
  await reader({ name: 'veteran' });
  await page('2026-03-01', 'flow old');
  await page('2026-03-06', 'flow week');
  await page('2026-03-09', 'flow day');
  const since = '2026-03-09T09:00:00Z';
  const day = await reader({ since });
  const week = await reader({ since, schedule: { cadence: 'weekly', weekdays: [2] } });
  await at('2026-03-10T08:00:00Z');
  expect(await newFor(day)).toEqual([['flow day']]);
  expect(await newFor(week)).toEqual([['flow day', 'flow week']]);
});

test('policy off shows no recurring paper, all every one, trending only what was away or climbed', async () => {
  const all = await reader({ recurringPolicy: 'all' });
  const off = await reader({ recurringPolicy: 'off' });
  const trending = await reader({ recurringPolicy: 'trending' });
  await page('2026-03-02', 'flow away', 'flow steady');
  await at('2026-03-02T08:00:00Z');
  for (const day of ['2026-03-20', '2026-04-01', '2026-04-02']) await page(day, 'flow steady');
  await at('2026-04-02T08:00:00Z');
  await page('2026-04-03', 'flow steady', 'flow away');
  await at('2026-04-03T08:00:00Z');
  const recurring = async (id: SubscriberId) =>
    (await given(room, id)).map((digest) => digest.recurring);
  expect(await recurring(all)).toEqual([[], ['flow steady'], ['flow steady', 'flow away']]);
  expect(await recurring(off)).toEqual([[]]);
  expect(await recurring(trending)).toEqual([[], ['flow steady'], ['flow away']]);
});

test('a climb of twenty places is worth telling again', async () => {
  const ada = await reader();
  const fillers = Array.from({ length: 20 }, (_, index) => `filler ${index}`);
  const first = await page('2026-03-02', 'flow high', ...fillers, 'flow low');
  await at('2026-03-02T08:00:00Z');
  const nextPage = {
    sourceId: daily(),
    day: '2026-04-10',
    papers: ['flow low', 'flow high'],
    previous: first,
  };
  await page('2026-04-09', 'flow low', 'flow high');
  await at('2026-04-09T08:00:00Z');
  await recordPage(room, nextPage);
  await at('2026-04-10T08:00:00Z');
  expect((await given(room, ada)).map((digest) => digest.recurring)).toEqual([
    [],
    ['flow low', 'flow high'],
  ]);
  const trending = await room.query<{ trending: boolean }>(
    `select trending from edition_paper join edition on edition.id = edition_id
     where window_end = '2026-04-10T08:00:00Z' order by ordinal`,
  );
  expect(trending.map((row) => row.trending)).toEqual([true, false]);
});

test('trending tells at most three again, and none that was shown in the last thirty days', async () => {
  const ada = await reader();
  const names = ['flow 1', 'flow 2', 'flow 3', 'flow 4', 'flow 5'];
  await page('2026-01-02', ...names);
  await at('2026-01-02T08:00:00Z');
  await page('2026-02-10', ...names);
  await at('2026-02-10T08:00:00Z');
  await page('2026-02-20', ...names);
  await at('2026-02-20T08:00:00Z');
  expect((await given(room, ada)).map((digest) => digest.recurring)).toEqual([
    [],
    ['flow 1', 'flow 2', 'flow 3'],
    ['flow 4', 'flow 5'],
  ]);
});

test('topics take turns at the places of papers that are told again, each with its strongest first', async () => {
  const ada = await reader({ topics: ['flow', 'sparse', 'agents'] });
  const names = [
    'flow 1',
    'flow 2',
    'flow 3',
    'flow 4',
    'sparse 1',
    'sparse 2',
    'agents with flow',
  ];
  const strengths = [5, 6, 7, 8, 1, 2, 3];
  await page('2026-01-02', ...names);
  for (const [index, strength] of strengths.entries())
    await room.query(
      `update match set strength = $2 from paper_text where paper_text.paper_id = match.paper_id and title = $1`,
      [names[index], strength],
    );
  await room.query(
    `update match set strength = 4 from topic where topic.id = topic_id and query like '%agents%'`,
  );
  await at('2026-01-02T08:00:00Z');
  await page('2026-02-10', ...names);
  await at('2026-02-10T08:00:00Z');
  expect((await given(room, ada)).map((digest) => digest.recurring)).toEqual([
    [],
    ['flow 4', 'agents with flow', 'sparse 2'],
  ]);
});

test('what a reader said is not for them never comes again, whatever they asked for', async () => {
  const [ada, bola] = [
    await reader({ recurringPolicy: 'all', topics: ['flow', 'sparse'] }),
    await reader({ recurringPolicy: 'trending' }),
  ];
  await page('2026-01-02', 'flow liked', 'flow unwanted');
  await at('2026-01-02T08:00:00Z');
  const vote = async (reader: SubscriberId, title: string, action: FeedbackAction) => {
    const [paper] = await room.query<{ id: PaperId }>(
      'select paper_id as id from paper_text where title = $1',
      [title],
    );
    if (paper) await giveFeedback(room.db, { subscriberId: reader, paperId: paper.id }, action);
  };
  await vote(ada, 'flow unwanted', 'dislike');
  await vote(ada, 'flow liked', 'like');
  await vote(bola, 'flow liked', 'dislike');
  await page('2026-02-10', 'flow liked', 'flow unwanted');
  await at('2026-02-10T08:00:00Z');
  const recurring = async (id: SubscriberId) =>
    (await given(room, id)).map((digest) => digest.recurring);
  expect(await recurring(ada)).toEqual([[], ['flow liked']]);
  expect(await recurring(bola)).toEqual([[], ['flow unwanted']]);
});

test('papers are planned in the order of pages and positions, and shown by the strongest match before it', async () => {
  const ada = await reader({ topics: ['flow', 'sparse'] });
  await page('2026-03-01', 'flow late');
  await page('2026-03-02', 'flow a', 'flow b', 'flow sparse');
  await room.query(
    `update match set strength = 3 from paper_text where paper_text.paper_id = match.paper_id and title = 'flow b'`,
  );
  await at('2026-03-02T08:00:00Z');
  expect(await newFor(ada)).toEqual([['flow a', 'flow b', 'flow sparse', 'flow late']]);
  const deliveries = await listDeliveries(room.db, { subscriberId: ada });
  const [digest] = await loadDigests(
    room.db,
    deliveries.map(({ id }) => id),
  );
  if (!digest) throw new Error('nothing was planned');
  const [a, b, ...others] = digest.newPapers;
  expect(composeOrder(digest).newPapers).toEqual([b, a, ...others]);
});

test('how strict a subscription is decides about what is not certain', async () => {
  const readers = { wide: await reader(), normal: await reader(), strict: await reader() };
  for (const [strictness, id] of Object.entries(readers))
    await room.query('update subscription set strictness = $1 where subscriber_id = $2', [
      strictness,
      id,
    ]);
  await page('2026-03-02', 'flow a', 'flow b', 'flow c', 'flow d');
  for (const [title, strength] of [
    ['flow a', 0.55],
    ['flow b', 0.45],
    ['flow c', 0.35],
    ['flow d', 0.1],
  ] as const)
    await room.query(
      `update match set strength = $2, is_certain = $1 = 'flow d' from paper_text where paper_text.paper_id = match.paper_id and title = $1`,
      [title, strength],
    );
  await at('2026-03-02T08:00:00Z');
  expect(await newFor(readers.strict)).toEqual([['flow a', 'flow d']]);
  expect(await newFor(readers.normal)).toEqual([['flow a', 'flow b', 'flow d']]);
  expect(await newFor(readers.wide)).toEqual([['flow a', 'flow b', 'flow c', 'flow d']]);
});

test('a reader without a paper gets no row, and an hour without a reader no edition', async () => {
  await reader({ topics: ['absent'] });
  await page('2026-03-02', 'flow one');
  const [edition] = await at('2026-03-02T08:00:00Z');
  expect(edition).toMatchObject({ subscribers: 1, deliveries: 0 });
  expect(await at('2026-03-02T09:00:00Z')).toEqual([]);
  expect(await at('2026-03-02T07:59:00Z')).toEqual([]);
  expect(await listEditions(room.db)).toHaveLength(1);
});

test('planning again changes nothing', async () => {
  const ada = await reader();
  await page('2026-03-02', 'flow one');
  await at('2026-03-02T08:00:00Z');
  await page('2026-03-02', 'flow two');
  expect(await at('2026-03-02T08:05:00Z')).toEqual([]);
  expect(await newFor(ada)).toEqual([['flow one']]);
  await at('2026-03-03T08:00:00Z');
  expect(await newFor(ada)).toEqual([['flow one'], ['flow two']]);
});

test('two planners at once leave the rows of one', async () => {
  const readers = await Promise.all(Array.from({ length: 20 }, () => reader()));
  await page('2026-03-02', 'flow one');
  const plans = await Promise.all(Array.from({ length: 4 }, () => at('2026-03-02T08:00:00Z')));
  expect(plans.flat()).toHaveLength(1);
  for (const id of readers) expect(await newFor(id)).toEqual([['flow one']]);
});

test('a crash before the commit leaves nothing, and the next plan is the same', async () => {
  const ada = await reader();
  await page('2026-03-02', 'flow one');
  const hour = { cadence: 'daily' as const, windowEnd: new Date('2026-03-02T08:00:00Z') };
  const crash = inTransaction(room.db, async (tx) => {
    await planEdition(tx, hour, { kind: 'one', subscriberId: ada });
    throw new Error('crash');
  });
  await expect(crash).rejects.toThrow('crash');
  expect(await given(room, ada)).toEqual([]);
  expect(await listEditions(room.db)).toEqual([]);
  await at('2026-03-02T08:00:00Z');
  expect(await newFor(ada)).toEqual([['flow one']]);
});

test('each reader is served at their own hour, zone and weekdays', async () => {
  const since = '2026-03-02T00:00:00Z'; // a Monday
  const berlin = await reader({ since, schedule: { zone: 'Europe/Berlin' } });
  const tokyo = await reader({ since, schedule: { zone: 'Asia/Tokyo', hour: 20 } });
  const weekend = await reader({ since, schedule: { weekdays: [6, 7] } });
  const weekly = await reader({ since, schedule: { cadence: 'weekly', weekdays: [3] } });
  for (let hour = 0; hour < 8 * 24; hour++) {
    const now = new Date(Date.parse(since) + hour * 3_600_000);
    const day = now.toISOString().slice(0, 10);
    if (now.getUTCHours() === 1) await page(day, `flow ${day}`);
    await at(now.toISOString());
  }
  const times = async (id: SubscriberId) => (await given(room, id)).map((digest) => digest.at);
  expect(await times(berlin)).toEqual(
    ['02', '03', '04', '05', '06', '07', '08', '09'].map((day) => `2026-03-${day}T07:00`),
  );
  expect(await times(tokyo)).toEqual(
    ['02', '03', '04', '05', '06', '07', '08', '09'].map((day) => `2026-03-${day}T11:00`),
  );
  expect(await times(weekend)).toEqual(['2026-03-07T08:00', '2026-03-08T08:00']);
  expect(await times(weekly)).toEqual(['2026-03-04T08:00']);
  expect((await newFor(weekend))[0]).toHaveLength(6);
});

test('daylight saving neither skips a day nor sends two digests', async () => {
  const ada = await reader({
    since: '2026-03-27T12:00:00Z',
    schedule: { zone: 'Europe/Berlin', hour: 2 },
  });
  for (let hour = 0; hour < 72; hour++) {
    const now = new Date(Date.parse('2026-03-27T12:00:00Z') + hour * 3_600_000);
    if (now.getUTCHours() === 20) {
      const day = now.toISOString().slice(0, 10);
      await page(day, `flow ${day}`);
    }
    await at(now.toISOString());
  }
  // On the 29th the clocks go from 02:00 straight to 03:00.
  expect((await given(room, ada)).map((digest) => digest.at)).toEqual([
    '2026-03-28T01:00',
    '2026-03-29T01:00',
    '2026-03-30T00:00',
  ]);
});

test('a digest is caught up within its limit, and what is later goes into the next one', async () => {
  const ada = await reader();
  await page('2026-03-02', 'flow one');
  expect(await at('2026-03-03T04:30:00Z')).toEqual([]);
  await page('2026-03-03', 'flow two');
  await at('2026-03-04T03:59:00Z');
  expect(await given(room, ada)).toEqual([
    { at: '2026-03-03T08:00', new: ['flow two', 'flow one'], recurring: [] },
  ]);
});

test('a clock that jumps ahead and back again gives nobody a digest or a paper twice', async () => {
  const ada = await reader();
  await page('2026-03-02', 'flow one');
  await at('2026-03-02T08:00:00Z');
  await page('2026-03-03', 'flow two');
  // Two days ahead, then an hour and two days back, and on as if nothing had been.
  for (const now of ['05T08:30', '05T07:30', '03T08:00', '04T08:00', '05T08:30'])
    await at(`2026-03-${now}:00Z`);
  await page('2026-03-06', 'flow three');
  await at('2026-03-06T08:00:00Z');
  expect(await given(room, ada)).toEqual([
    { at: '2026-03-02T08:00', new: ['flow one'], recurring: [] },
    { at: '2026-03-05T08:00', new: ['flow two'], recurring: [] },
    { at: '2026-03-06T08:00', new: ['flow three'], recurring: [] },
  ]);
});

test('a changed hour, zone or cadence neither skips nor repeats a paper', async () => {
  const ada = await reader();
  const hour = { cadence: 'daily' as const, weekdays: [1, 2, 3, 4, 5, 6, 7], hour: 8, zone: 'UTC' };
  await page('2026-03-02', 'flow one');
  await at('2026-03-02T08:00:00Z');
  await changeSchedule(room.db, ada, { ...hour, hour: 18 });
  await page('2026-03-02', 'flow two');
  await at('2026-03-02T18:00:00Z');
  // Earlier the next day in another zone: that hour of today has been served already.
  await changeSchedule(room.db, ada, { ...hour, hour: 20, zone: 'Asia/Tokyo' });
  await at('2026-03-02T19:00:00Z');
  await page('2026-03-03', 'flow three');
  await at('2026-03-03T11:00:00Z');
  await changeSchedule(room.db, ada, { ...hour, cadence: 'weekly', weekdays: [1] });
  await page('2026-03-05', 'flow four');
  await at('2026-03-05T11:00:00Z');
  await at('2026-03-09T08:00:00Z');
  expect(await newFor(ada)).toEqual([['flow one'], ['flow two'], ['flow three'], ['flow four']]);
});

test('a reader who joins an hour that is planned is added to its edition', async () => {
  const ada = await reader();
  await page('2026-03-02', 'flow one');
  await at('2026-03-02T08:00:00Z');
  const bob = await reader({ since: '2026-03-01T00:00:00Z' });
  await page('2026-03-02', 'flow late');
  const [again] = await at('2026-03-02T08:30:00Z');
  expect(again).toMatchObject({ subscribers: 1, deliveries: 1 });
  expect(await newFor(ada)).toEqual([['flow one']]);
  expect(await newFor(bob)).toEqual([['flow one']]);
  await at('2026-03-03T08:00:00Z');
  expect(await newFor(bob)).toEqual([['flow one'], ['flow late']]);
  expect(await listEditions(room.db)).toHaveLength(2);
});

test('a page that becomes ready late is in the next digest, papers seen elsewhere meanwhile included', async () => {
  const other = await sourceOf(room, 'other');
  const ada = await reader();
  const late = await recordPage(room, {
    sourceId: daily(),
    day: '2026-03-02',
    papers: ['flow one'],
    ready: false,
  });
  const otherPage = await recordPage(room, {
    sourceId: other,
    day: '2026-03-02',
    papers: ['flow one'],
    ready: false,
  });
  // The page that came second is matched first, and its paper has no match yet.
  await makeReady(room, otherPage);
  await room.query('delete from match');
  await at('2026-03-02T08:00:00Z');
  expect(await given(room, ada)).toEqual([]);
  await makeReady(room, late);
  await at('2026-03-03T08:00:00Z');
  expect(await newFor(ada)).toEqual([['flow one']]);
});

test('a page that is becoming ready while the window is closed is not left behind it', async () => {
  const ada = await reader();
  const slow = await recordPage(room, {
    sourceId: daily(),
    day: '2026-03-02',
    papers: ['flow slow'],
    ready: false,
  });
  await makeReady(room, slow);
  await room.query('update listing_page set ready_no = null where id = $1', [slow]);
  const { promise: fast, resolve: fastIsReady } = Promise.withResolvers<void>();
  const marking = inTransaction(room.db, async (tx) => {
    await markReady(tx, slow);
    await fast;
  });
  // A higher number is committed first; the planner must wait for the lower one.
  await page('2026-03-02', 'flow fast');
  const planning = at('2026-03-02T08:00:00Z');
  await wait(200);
  fastIsReady();
  await Promise.all([marking, planning]);
  expect((await newFor(ada)).flat().sort()).toEqual(['flow fast', 'flow slow']);
});

test('whoever left or is suppressed gets nothing planned', async () => {
  const left = await reader({ name: 'left' });
  const bounced = await reader({ name: 'bounced' });
  await leave(room.db, left);
  await suppress(room.db, links.addressHash('Bounced@example.com'), 'hard-bounce');
  await page('2026-03-02', 'flow one');
  await at('2026-03-02T08:00:00Z');
  expect(await given(room, left)).toEqual([]);
  expect(await given(room, bounced)).toEqual([]);
});

test.each(['left', 'complaint'] as const)(
  'an address with the reason %s gets nothing after it was erased and imported again',
  async (reason) => {
    const first = await reader({ name: 'gone' });
    await suppress(room.db, links.addressHash('gone@example.com'), reason);
    expect(await eraseReader(room.db, first)).toBe(true);
    const again = await reader({ name: 'gone' });
    expect(again).not.toBe(first);
    await page('2026-03-02', 'flow one');
    await at('2026-03-02T08:00:00Z');
    expect(await given(room, again)).toEqual([]);
  },
);

test('a list that was cut short is said, also when it has no paper for anybody', async () => {
  const broken = await sourceOf(room, 'broken');
  await reader({ since: '2026-03-01T08:00:00Z' });
  await page('2026-03-02', 'flow one');
  await recordPage(room, {
    sourceId: daily(),
    day: '2026-03-02',
    papers: ['flow two'],
    verdict: 'cut',
  });
  await recordPage(room, {
    sourceId: broken,
    day: '2026-03-02',
    papers: [],
    verdict: 'broken',
    ready: false,
  });
  await at('2026-03-02T08:00:00Z');
  await page('2026-03-03', 'flow three');
  await at('2026-03-03T08:00:00Z');
  const [second, first] = await listEditions(room.db);
  expect(first?.notes).toEqual([
    'The broken list: the list could not be read',
    'The daily list: the list was cut short (1 of 2 read)',
  ]);
  expect(second?.notes).toEqual([]);
});

test('a delivery needs its edition and its subscriber, and they stay as long as it does', async () => {
  const ada = await reader();
  await page('2026-03-02', 'flow one');
  await at('2026-03-02T08:00:00Z');
  const insert = (edition: string, subscriber: string) =>
    room.query(
      `insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers)
       select ${edition}, ${subscriber}, domain, new_papers, recurring_papers from delivery`,
    );
  await expect(insert('edition_id', '0')).rejects.toThrow('needs its edition and its subscriber');
  await expect(insert('0', 'subscriber_id')).rejects.toThrow('needs its edition');
  await expect(room.query('update delivery set folded_into = 0')).rejects.toThrow(
    'folded into another one only',
  );
  await room.query('delete from subscription');
  await room.query('delete from consent_event');
  await expect(room.query('delete from subscriber where id = $1', [ada])).rejects.toThrow(
    'deliveries refer to this subscriber',
  );
  await room.query('delete from edition_paper');
  await expect(room.query('delete from edition')).rejects.toThrow(
    'deliveries refer to this edition',
  );
});
