import { CHAOS_KINDS, type ChaosKind } from '@paperboy/core';
import {
  activeChaos,
  endChaos,
  listInboxMessages,
  startChaos,
  takeChaosTurn,
} from '@paperboy/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InboxServer, openRelay, type Relay, startInbox } from '../src/index.ts';
import { useEmptyRoom } from './use-room.ts';

const room = useEmptyRoom();
let inbox: InboxServer;
let relay: Relay;
beforeEach(async () => {
  await endChaos(room.db);
  inbox = await startInbox({ db: room.db });
  relay = openRelay({ url: inbox.url, connections: 2, connectTimeoutMs: 2_000 });
});
afterEach(async () => {
  relay.close();
  await inbox.stop();
});

const send = (to = 'ada@example.com', by = relay) =>
  by.use((hand) =>
    hand({
      from: 'paperboy@example.org',
      to,
      raw: Buffer.from('Subject: one\r\nMessage-ID: <one@example.org>\r\n\r\nHello\r\n'),
    }),
  );
const start = (kind: ChaosKind, own: { count?: number; recipient?: string; forMs?: number } = {}) =>
  startChaos(room.db, { kind, forMs: 60_000, ...own });
const kept = async () => (await listInboxMessages(room.db)).length;

test.each([
  ['throttle', { kind: 'refused', reply: { code: 421 } }, 0],
  ['greylist', { kind: 'refused', reply: { command: 'RCPT TO', code: 451 } }, 0],
  ['reject', { kind: 'refused', reply: { command: 'RCPT TO', code: 550 } }, 0],
  ['drop-before-data', { kind: 'lost', afterDot: false }, 0],
  ['drop-after-dot', { kind: 'lost', afterDot: true }, 0],
  ['drop-before-answer', { kind: 'lost', afterDot: true }, 1],
  ['slow', { kind: 'accepted' }, 1],
] as const)(
  '%s strikes once when it is to, and the next mail is taken',
  async (kind, outcome, messages) => {
    await start(kind, { count: 1 });
    expect(await send()).toMatchObject(outcome);
    expect(await kept()).toBe(messages);
    expect(await activeChaos(room.db)).toEqual([]);
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(await kept()).toBe(messages + 1);
  },
  20_000,
);

test.each([
  ['throttle', { kind: 'refused', reply: { code: 421 } }, 0],
  ['greylist', { kind: 'refused', reply: { command: 'RCPT TO', code: 451 } }, 0],
  ['reject', { kind: 'refused', reply: { command: 'RCPT TO', code: 550 } }, 0],
  // All of it is under way by then, and nobody can know.
  ['drop-before-data', { kind: 'lost', afterDot: true }, 0],
  ['drop-in-data', { kind: 'lost', afterDot: true }, 0],
  ['drop-after-dot', { kind: 'lost', afterDot: true }, 0],
  ['drop-before-answer', { kind: 'lost', afterDot: true }, 1],
] as const)(
  'where bytes are counted, %s strikes once as well, and the next mail is taken',
  async (kind, outcome, messages) => {
    const counting = await startInbox({ db: room.db, offersChunking: true });
    const by = openRelay({ url: counting.url, connections: 1, connectTimeoutMs: 2_000 });
    await start(kind, { count: 1 });
    expect(await send('ada@example.com', by)).toMatchObject(outcome);
    expect(await kept()).toBe(messages);
    expect(await send('ada@example.com', by)).toMatchObject({ kind: 'accepted' });
    expect(await kept()).toBe(messages + 1);
    by.close();
    await counting.stop();
  },
);

test('a mail dropped in its DATA is not kept', async () => {
  await start('drop-in-data', { count: 1 });
  expect(await send()).toMatchObject({ kind: 'lost' });
  expect(await kept()).toBe(0);
});

test('a fault for one address leaves the others alone, and lasts until its time is up', async () => {
  await start('reject', { recipient: 'Ada@example.com' });
  for (let turn = 0; turn < 3; turn++) {
    expect(await send('ada@example.com')).toMatchObject({ kind: 'refused' });
    expect(await send('bo@example.com')).toMatchObject({ kind: 'accepted' });
  }
  await room.query(`update inbox_chaos set ends_at = now()`);
  expect(await activeChaos(room.db)).toEqual([]);
  expect(await send('ada@example.com')).toMatchObject({ kind: 'accepted' });
});

test('every inbox of the database plays the same faults', async () => {
  const other = await startInbox({ db: room.db });
  const second = openRelay({ url: other.url, connections: 1, connectTimeoutMs: 2_000 });
  await start('greylist', { count: 2 });
  expect(await send()).toMatchObject({ kind: 'refused' });
  expect(await send('ada@example.com', second)).toMatchObject({ kind: 'refused' });
  expect(await send()).toMatchObject({ kind: 'accepted' });
  second.close();
  await other.stop();
});

test('many takers at once get the turns that were set, and no more', async () => {
  await start('greylist', { count: 7 });
  const taken = await Promise.all(
    Array.from({ length: 40 }, () => takeChaosTurn(room.db, 'greylist', 'ada@example.com')),
  );
  expect(taken.filter((took) => took)).toHaveLength(7);
});

test('a fault that is set again begins anew, and all are switched off at once', async () => {
  await start('reject', { count: 1 });
  await start('reject', { count: 5, recipient: 'ada@example.com' });
  await start('slow');
  expect(await activeChaos(room.db)).toMatchObject([
    { kind: 'reject', remaining: 5, recipient: 'ada@example.com' },
    { kind: 'slow', remaining: null, recipient: null },
  ]);
  expect(await endChaos(room.db, 'slow')).toBe(1);
  expect(await endChaos(room.db)).toBe(1);
  expect(await send()).toMatchObject({ kind: 'accepted' });
});

test('the database knows every kind that the code knows, and no other', async () => {
  for (const kind of CHAOS_KINDS) await start(kind);
  expect((await activeChaos(room.db)).map(({ kind }) => kind).sort()).toEqual(
    [...CHAOS_KINDS].sort(),
  );
  await expect(
    room.query(`insert into inbox_chaos (kind, ends_at) values ('storm', now())`),
  ).rejects.toThrow('inbox_chaos_kind_check');
});
