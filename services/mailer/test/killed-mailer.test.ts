import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BreakPoint, inboxLog, startInbox } from '../src/index.ts';
import { mailerOn } from './mailer-of-tests.ts';
import {
  addReader,
  clear,
  copies,
  letTimePass,
  openRoom,
  plan,
  recordPage,
  sourceOf,
  states,
  type TestRoom,
} from './support.ts';

let room: TestRoom;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const READERS = 40;
const CHILD = join(import.meta.dirname, 'mailer-child.ts');

test.each<[BreakPoint, number]>([
  ['mail', 1],
  ['rcpt', 25],
  ['data', 3],
  ['dot', 17],
  ['commit', 30],
])('a mailer killed at %s of message %i leaves one copy of each digest', async (point, nth) => {
  await clear(room);
  const daily = await sourceOf(room);
  for (let reader = 0; reader < READERS; reader++) await addReader(room, { name: `r${reader}` });
  await recordPage(room, { sourceId: daily, day: '2026-03-02', papers: ['flow one'] });
  await plan(room, '2026-03-02T08:00:00Z');

  let child: ChildProcess | undefined;
  let met = 0;
  const inbox = await startInbox({
    db: room.db,
    interfere: (step) => {
      if (step === point && ++met === nth) child?.kill('SIGKILL');
      return undefined;
    },
  });
  child = spawn(process.execPath, [CHILD, room.url, inbox.url], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  const { sending = 0 } = await states(room);
  expect(sending).toBeGreaterThan(0);

  const next = await mailerOn(room, { smtpUrl: inbox.url, relayLog: inboxLog(room.db) });
  // A living mailer's claim is not touched, however often this runs.
  expect(Object.values(await next.reconcile())).toEqual([0, 0, 0, 0, 0]);
  await inbox.stop();
  await letTimePass(room);
  const { released, accepted, uncertain } = await next.reconcile();
  expect({ settled: released + accepted, uncertain }).toEqual({ settled: sending, uncertain: 0 });
  await next.close();

  const last = await mailerOn(room);
  await last.deliverDue();
  await last.close();
  expect(await states(room)).toEqual({ accepted: READERS });
  expect(Object.values(await copies(room))).toEqual(Array(READERS).fill(1));
});
