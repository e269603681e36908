import { findInboxMessage, listInboxMessages } from '@paperboy/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type InboxServer,
  type MessageToSend,
  openRelay,
  type Relay,
  startInbox,
} from '../src/index.ts';
import { useEmptyRoom } from './use-room.ts';

const room = useEmptyRoom();
let inbox: InboxServer;
let relay: Relay;
beforeEach(async () => {
  inbox = await startInbox({ db: room.db, maxBytes: 10_000 });
  relay = openRelay({ url: inbox.url, connections: 1, connectTimeoutMs: 2_000 });
});
afterEach(async () => {
  relay.close();
  await inbox.stop();
});

const sendOn = ({ use }: Relay, sent: MessageToSend) => use((send) => send(sent));

const message = (id: string, body = 'Hello') => ({
  from: 'paperboy@example.org',
  to: 'ada@example.com',
  raw: Buffer.from(`Subject: one\r\nMessage-ID:\r\n <${id}@example.org>\r\n\r\n${body}\r\n`),
});

test('a message is kept byte for byte before it is accepted', async () => {
  const sent = message('one', '.a line that begins with a dot\r\n..\r\nümlaut');
  const outcome = await sendOn(relay, sent);
  const [entry, ...others] = await listInboxMessages(room.db);
  expect(others).toEqual([]);
  expect(outcome).toMatchObject({
    kind: 'accepted',
    code: 250,
    reply: expect.stringContaining(`kept as ${entry?.id}`),
  });
  const kept = await findInboxMessage(room.db, entry?.id ?? '');
  expect(kept).toMatchObject({
    mailFrom: 'paperboy@example.org',
    recipients: ['ada@example.com'],
    messageId: '<one@example.org>',
  });
  expect(kept.raw.equals(sent.raw)).toBe(true);
  expect(entry).toMatchObject({ bytes: sent.raw.length, head: sent.raw });
});

test('one that comes with its commands is kept byte for byte too, and one that is too big is not', async () => {
  const counting = await startInbox({ db: room.db, maxBytes: 10_000, offersChunking: true });
  const by = openRelay({ url: counting.url, connections: 1, connectTimeoutMs: 2_000 });
  const sent = message('one', '.a line that begins with a dot\r\n.\r\nQUIT\r\nümlaut');
  expect(await sendOn(by, sent)).toMatchObject({ kind: 'accepted' });
  expect(await sendOn(by, message('big', 'x'.repeat(20_000)))).toMatchObject({
    kind: 'refused',
    reply: { command: 'DATA', code: 552 },
  });
  expect(await sendOn(by, sent)).toMatchObject({ kind: 'accepted' });
  for (const { head } of await listInboxMessages(room.db)) expect(head).toEqual(sent.raw);
  expect(await listInboxMessages(room.db)).toHaveLength(2);
  by.close();
  await counting.stop();
});

test('a message over the limit is refused as the message’s fault, and the next one is taken', async () => {
  expect(await sendOn(relay, message('big', 'x'.repeat(20_000)))).toMatchObject({
    kind: 'refused',
    reply: { code: 552 },
  });
  expect(await sendOn(relay, message('small'))).toMatchObject({ kind: 'accepted' });
  expect(await listInboxMessages(room.db)).toHaveLength(1);
});

test('it listens on loopback alone, and says which port is taken', async () => {
  expect(inbox.host).toBe('127.0.0.1');
  await expect(startInbox({ db: room.db, port: inbox.port })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
  });
});

test('a database that does not answer is a refusal for now, and nothing is lost in silence', async () => {
  await room.query('alter table inbox_message rename to elsewhere');
  try {
    expect(await sendOn(relay, message('one'))).toMatchObject({
      kind: 'refused',
      reply: { code: 451 },
    });
  } finally {
    await room.query('alter table elsewhere rename to inbox_message');
  }
});

test('a connection that the server dropped while it was idle is opened again', async () => {
  expect(await sendOn(relay, message('one'))).toMatchObject({ kind: 'accepted' });
  const { port } = inbox;
  await inbox.stop();
  inbox = await startInbox({ db: room.db, port });
  expect(await sendOn(relay, message('two'))).toMatchObject({ kind: 'accepted' });
});

test('a server off this machine must offer TLS', async () => {
  // 0.0.0.0 reaches this machine without being a loopback name.
  const outside = openRelay({
    url: `smtp://0.0.0.0:${inbox.port}`,
    connections: 1,
    connectTimeoutMs: 2_000,
  });
  expect(await sendOn(outside, message('one'))).toMatchObject({
    kind: expect.stringMatching(/refused|lost/),
  });
  expect(await listInboxMessages(room.db)).toEqual([]);
  outside.close();
});
