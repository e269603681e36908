import { setTimeout as wait } from 'node:timers/promises';
import { openQueues, type Queues } from '@paperboy/queue';
import { silentLog } from '@paperboy/runtime';
import { relayGate, retryHeldRelay } from '@paperboy/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MailerService, type MailerServiceParts, startMailer } from '../src/index.ts';
import { journalsOfTests, links, mailSettings } from './mailer-of-tests.ts';
import { polite, startScripted } from './scripted-server.ts';
import {
  addReader,
  copies,
  openRoom,
  plan,
  recordPage,
  sourceOf,
  states,
  type TestRoom,
} from './support.ts';

let room: TestRoom;
let queues: Queues;
let service: MailerService | undefined;

beforeEach(async () => {
  room = await openRoom();
  queues = await openQueues({
    queueUrl: 'postgres',
    databaseUrl: room.url,
    log: silentLog,
  });
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  await queues.close();
  await room.close();
});

async function start(
  over: Partial<MailerServiceParts['settings']> = {},
  more: Pick<MailerServiceParts, 'reconcileMs'> = {},
): Promise<void> {
  const settings = { ...mailSettings, ...over };
  const journals = journalsOfTests();
  const parts = { db: room.db, queues, log: silentLog, links, settings, journals };
  service = await startMailer({ ...parts, ...more });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; await wait(50)) if (await holds()) return;
  throw new Error('it never came to that');
}

const isDelivered = (digests: number) => async () => (await states(room)).accepted === digests;

/** In a far year, so that the plan of the real now that every start makes finds nobody due. */
async function pageFor(...readers: string[]): Promise<void> {
  for (const name of readers) await addReader(room, { name, since: '2126-01-01T00:00:00Z' });
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2126-03-02', papers: ['flow one'] });
}

test('a plan-editions job plans its hour and has it delivered', async () => {
  await pageFor('ada', 'bob');
  await start();
  expect(service?.inbox?.url).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/);
  await queues.add('plan-editions', { at: '2126-03-02T08:00:00Z' });
  await until(isDelivered(2));
  expect(await copies(room)).toEqual({ 'ada@example.com': 1, 'bob@example.com': 1 });
  const [edition] = await room.query('select state from edition');
  expect(edition).toEqual({ state: 'planned' });
  expect(await queues.schedules()).toMatchObject([
    { key: 'plan-editions', job: 'plan-editions', cron: '*/5 * * * *', zone: 'UTC' },
  ]);
});

test('a start delivers what was planned when the queue lost its jobs, and closes the edition', async () => {
  await pageFor('ada');
  await plan(room, '2126-03-02T08:00:00Z');
  await start();
  await until(isDelivered(1));
  await service?.stop();
  await start();
  expect(await room.query('select state from edition')).toEqual([{ state: 'done' }]);
  expect(await copies(room)).toEqual({ 'ada@example.com': 1 });
});

test('with sending off digests are planned and kept', async () => {
  await pageFor('ada');
  await start({ sending: false });
  await queues.add('plan-editions', { at: '2126-03-02T08:00:00Z' });
  await until(async () => (await states(room)).ready === 1);
  await wait(300);
  expect(await states(room)).toEqual({ ready: 1 });
  await service?.stop();
  await start();
  await until(isDelivered(1));
});

test('a relay that waits for a person costs no failed jobs, and mail goes on when it is mended', async () => {
  let isMended = false;
  const relay = await startScripted((command, socket) =>
    command.startsWith('MAIL') && !isMended ? '553 5.7.1 not yours' : polite(command, socket),
  );
  try {
    await pageFor('ada', 'bob');
    await plan(room, '2126-03-02T08:00:00Z');
    await start({ smtpUrl: `smtp://127.0.0.1:${relay.port}` }, { reconcileMs: 100 });
    await until(async () => (await relayGate(room.db)).kind === 'held');
    await wait(500);
    const [mailer] = (await queues.queueCounts()).filter(({ queue }) => queue === 'mailer');
    expect(mailer).toMatchObject({ failed: 0, waiting: 0 });
    expect(await states(room)).toEqual({ ready: 2 });
    isMended = true;
    await retryHeldRelay(room.db);
    await until(isDelivered(2));
  } finally {
    relay.close();
  }
});

test('a relay that rests is tried as soon as its pause is over', async () => {
  await pageFor('ada');
  await plan(room, '2126-03-02T08:00:00Z');
  await room.query(`update relay set state = 'open', error_code = 'RELAY_UNAVAILABLE',
    detail = 'no answer', open_until = now() + interval '1 second', pause_ms = 1000`);
  await start();
  await until(isDelivered(1));
  const [mailer] = (await queues.queueCounts()).filter(({ queue }) => queue === 'mailer');
  expect(mailer?.failed).toBe(0);
});

test('a stop in the middle of a run loses and repeats nothing', async () => {
  await pageFor(...Array.from({ length: 60 }, (_, index) => `reader${index}`));
  await plan(room, '2126-03-02T08:00:00Z');
  await start();
  await until(async () => Object.keys(await copies(room)).length > 5);
  await service?.stop();
  const { sending = 0 } = await states(room);
  expect(sending).toBe(0);
  await start();
  await until(isDelivered(60));
  expect(Object.values(await copies(room))).toEqual(Array(60).fill(1));
});
