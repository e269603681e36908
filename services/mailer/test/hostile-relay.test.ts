import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openRelay, type Relay, type SendOutcome } from '../src/index.ts';
import { type Script, type ScriptedServer, startScripted } from './scripted-server.ts';

/* Relays that offer CHUNKING and do not keep to RFC 3030, or to their last answer. */

let server: ScriptedServer;
let relay: Relay;
afterEach(() => {
  relay.close();
  server.close();
});

const counting = (command: string): string =>
  command.startsWith('EHLO') ? '250-x\r\n250-PIPELINING\r\n250 CHUNKING' : '250 ok';

async function serve(script: Script): Promise<void> {
  server = await startScripted(script);
  const url = `smtp://127.0.0.1:${server.port}`;
  relay = openRelay({ url, connections: 1, connectTimeoutMs: 2_000 });
}

const MESSAGE = 'Subject: x\r\n\r\n.dot\r\nDATA\r\n';
const send = (): Promise<SendOutcome> =>
  relay.use((hand) =>
    hand({ from: 'a@example.org', to: 'b@example.org', raw: Buffer.from(MESSAGE) }),
  );
const times = (verb: string) => server.said.filter((command) => command.startsWith(verb)).length;

const refused = (command: string, code: number) => ({ kind: 'refused', reply: { command, code } });
const LOST = { kind: 'lost', afterDot: true };
const TAKEN = { kind: 'accepted', reply: '250 ok' };

test.each<[string, { MAIL?: string; RCPT?: string; BDAT?: string }, object, number]>([
  [
    'refuses the sender, and so all that came with it',
    { MAIL: '451 4.3.0 later', RCPT: '503 5.5.1 no', BDAT: '503 5.5.1 no' },
    refused('MAIL FROM', 451),
    1,
  ],
  [
    'refuses the recipient, and takes a message for nobody',
    { RCPT: '550 5.1.1 who' },
    refused('RCPT TO', 550),
    2,
  ],
  [
    'refuses the recipient, and knows no BDAT',
    { RCPT: '550 5.1.1 who', BDAT: '500 5.5.2 what' },
    refused('RCPT TO', 550),
    1,
  ],
  ['finds the message too big', { BDAT: '552 5.3.4 too big' }, refused('DATA', 552), 1],
  ['says farewell to the recipient', { RCPT: '421 4.7.0 slow' }, refused('RCPT TO', 421), 2],
  ['says farewell to the message', { BDAT: '421 4.3.2 away' }, LOST, 2],
  ['invites a message that it has', { BDAT: '354 go on' }, LOST, 2],
  ['invites one before its time', { MAIL: '354 go on' }, LOST, 2],
  ['says what is no reply', { BDAT: 'hello' }, LOST, 2],
  ['answers without end', { BDAT: '250-and so on\r\n'.repeat(6_000) }, LOST, 2],
  ['answers once more than it was asked', { BDAT: '250 ok\r\n250 ok' }, TAKEN, 2],
  [
    'answers in several lines',
    {
      MAIL: '250-2.1.0 a\r\n250 b',
      RCPT: '250-2.1.5 c\r\n250-d\r\n250 e',
      BDAT: '250-2.0.0\r\n250 f',
    },
    { kind: 'accepted', reply: '250-2.0.0\n250 f' },
    1,
  ],
])('one that %s', async (_, answers, outcome, conversations) => {
  let isOdd = true;
  await serve((command) => {
    const verb = command.slice(0, 4);
    const isCommand = verb === 'MAIL' || verb === 'RCPT' || verb === 'BDAT';
    return (isOdd && isCommand && answers[verb]) || counting(command);
  });
  expect(await send()).toMatchObject(outcome);
  isOdd = false;
  // Whatever it was: the next message is met as if nothing had been, and nothing is said twice.
  expect(await send()).toMatchObject(TAKEN);
  expect(server.greetings).toBe(conversations);
  expect([times('MAIL'), times('BDAT')]).toEqual([2, 2]);
});

test('one whose answers come byte by byte', async () => {
  let dripping = Promise.resolve();
  await serve((command, socket) => {
    if (command.startsWith('EHLO')) return counting(command);
    const reply = `250-2.0.0 ${command.slice(0, 4)}\r\n250 ok\r\n`;
    dripping = dripping.then(() => drip(socket, reply));
    return undefined;
  });
  expect(await send()).toMatchObject({ kind: 'accepted', reply: '250-2.0.0 BDAT\n250 ok' });
  expect(await send()).toMatchObject({ kind: 'accepted', reply: '250-2.0.0 BDAT\n250 ok' });
  expect(server.greetings).toBe(1);
});

test('one that reads the message for commands, as it knows no BDAT', async () => {
  await serve((command) =>
    command.startsWith('BDAT')
      ? `500 5.5.2 what\r\n${'500 5.5.2 what\r\n'.repeat(4)}354 go`
      : command === 'DATA'
        ? '354 go'
        : counting(command),
  );
  // Nothing of it was taken, and the conversation is none any more: it waits, in doubt about nothing.
  expect(await send()).toMatchObject({ kind: 'lost', afterDot: false });
  expect(await send()).toMatchObject(TAKEN);
  expect([times('BDAT'), times('DATA'), server.greetings]).toEqual([1, 1, 2]);
});

test('one that closes in the middle of a message', async () => {
  let isOdd = true;
  await serve((command, socket) => {
    if (isOdd && command.startsWith('RCPT')) {
      socket.destroy();
      isOdd = false;
    }
    return counting(command);
  });
  expect(await send()).toMatchObject(LOST);
  expect(await send()).toMatchObject(TAKEN);
});

test('one that says farewell after two messages has none in doubt', async () => {
  const counts = new WeakMap<Socket, number>();
  await serve((command, socket) => {
    const mails = (counts.get(socket) ?? 0) + (command.startsWith('MAIL') ? 1 : 0);
    counts.set(socket, mails);
    return mails > 2 ? '421 4.7.0 enough' : counting(command);
  });
  for (let sent = 0; sent < 7; sent++) expect(await send()).toMatchObject(TAKEN);
  expect([server.greetings, times('BDAT') - server.greetings]).toEqual([4, 6]);
});

test('one that ends conversations without a word has one in doubt, and gets no more by BDAT', async () => {
  const counts = new WeakMap<Socket, number>();
  await serve((command, socket) => {
    if (command === 'DATA') return '354 go';
    const mails = (counts.get(socket) ?? 0) + (command.startsWith('MAIL') ? 1 : 0);
    counts.set(socket, mails);
    if (mails > 2) socket.destroy();
    return counting(command);
  });
  const outcomes: SendOutcome['kind'][] = [];
  for (let sent = 0; sent < 7; sent++) outcomes.push((await send()).kind);
  const taken = Array(4).fill('accepted');
  expect(outcomes).toEqual(['accepted', 'accepted', 'lost', ...taken]);
});

async function drip(socket: Socket, text: string): Promise<void> {
  socket.setNoDelay(true);
  for (const byte of text) {
    socket.write(byte);
    await sleep(0);
  }
}
