import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { openRelay, type Relay, type SendOutcome } from '../src/index.ts';
import { polite, type Script, type ScriptedServer, startScripted } from './scripted-server.ts';

let server: ScriptedServer;
let relay: Relay;

afterEach(async () => {
  relay.close();
  server.close();
});

async function serve(script: Script, over: { user?: string; connections?: number } = {}) {
  server = await startScripted(script);
  const user = over.user ? `${over.user}@` : '';
  relay = openRelay({
    url: `smtp://${user}127.0.0.1:${server.port}`,
    connections: over.connections ?? 1,
    connectTimeoutMs: 2_000,
  });
}

const send = (signal?: AbortSignal): Promise<SendOutcome> =>
  relay.use((hand) =>
    hand(
      {
        from: 'a@example.org',
        to: 'b@example.org',
        raw: Buffer.from('Subject: x\r\n\r\n.dot\r\n'),
      },
      signal,
    ),
  );

test('one conversation takes many messages, and goes on after a refusal', async () => {
  let messages = 0;
  await serve((command, socket) =>
    command === 'DOT' && ++messages === 2 ? '554 5.6.0 no' : polite(command, socket),
  );
  expect(await send()).toMatchObject({ kind: 'accepted', code: 250, reply: '250 ok' });
  expect(await send()).toMatchObject({
    kind: 'refused',
    reply: { command: 'DATA', code: 554, text: '554 5.6.0 no' },
  });
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(server.greetings).toBe(1);
  expect(server.said.filter((command) => command === 'RSET')).toHaveLength(1);
});

test('an idle connection that the server has dropped is opened anew, within the same sending', async () => {
  const sockets: Socket[] = [];
  await serve((command, socket) => {
    sockets.push(socket);
    return polite(command, socket);
  });
  expect(await send()).toMatchObject({ kind: 'accepted' });
  sockets[0]?.destroy();
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(server.greetings).toBe(2);
});

test.each<[string, boolean]>([
  ['DATA', false],
  ['DOT', true],
])('a connection that breaks at %s is lost, after the dot: %s', async (at, afterDot) => {
  await serve((command, socket) => {
    if (command === at) socket.destroy();
    return polite(command, socket);
  });
  expect(await send()).toMatchObject({ kind: 'lost', afterDot });
});

test('421 ends the conversation; the next message has another', async () => {
  let isAway = true;
  await serve((command, socket) =>
    isAway && command.startsWith('MAIL') ? '421 4.3.2 away' : polite(command, socket),
  );
  expect(await send()).toMatchObject({ kind: 'refused', reply: { code: 421 } });
  isAway = false;
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(server.greetings).toBe(2);
});

test.each(['DATA', 'DOT'])(
  'an abort while %s is not answered breaks it off at once',
  async (at) => {
    const heard = Promise.withResolvers<void>();
    await serve((command, socket) => {
      if (command !== at) return polite(command, socket);
      heard.resolve();
      return undefined;
    });
    const stop = new AbortController();
    const sending = send(stop.signal);
    await heard.promise;
    stop.abort();
    expect(await sending).toMatchObject({ kind: 'lost', afterDot: at === 'DOT' });
    expect(await send(stop.signal)).toMatchObject({ kind: 'lost', afterDot: false });
  },
);

test('closing ends what is under way, and nothing is begun after it', async () => {
  const heard = Promise.withResolvers<void>();
  await serve((command, socket) => {
    if (command !== 'DOT') return polite(command, socket);
    heard.resolve();
    return undefined;
  });
  const sending = send();
  await heard.promise;
  relay.close();
  expect(await sending).toMatchObject({ kind: 'lost', afterDot: true });
  expect(await send()).toMatchObject({ kind: 'lost', afterDot: false });
  await sleep(20);
  expect(server.greetings).toBe(1);
});

test('a server that offers no login to us, who have one, is misconfigured', async () => {
  await serve(polite, { user: 'ada:secret' });
  expect(await send()).toMatchObject({ kind: 'misconfigured' });
  expect(server.said.join()).not.toContain('MAIL');
});

test('a login is made once, and a wrong one is told', async () => {
  const offering: Script = (command, socket) =>
    command.startsWith('EHLO') ? '250-x\r\n250 AUTH PLAIN' : polite(command, socket);
  await serve(
    (command, socket) =>
      command.startsWith('AUTH') ? '235 2.7.0 welcome' : offering(command, socket),
    { user: 'ada:secret' },
  );
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(server.said.filter((command) => command.startsWith('AUTH'))).toHaveLength(1);
  relay.close();
  server.close();
  await serve(
    (command, socket) => (command.startsWith('AUTH') ? '535 5.7.8 no' : offering(command, socket)),
    { user: 'ada:wrong' },
  );
  expect(await send()).toMatchObject({ kind: 'refused', reply: { code: 535 } });
});

test('a dot that opens a line is doubled, and comes out as it was', async () => {
  await serve(polite);
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(server.said).toContain('DOT');
});

describe('a server that offers PIPELINING', () => {
  const offering =
    (script: Script): Script =>
    (command, socket) =>
      command.startsWith('EHLO') ? '250-x\r\n250 PIPELINING' : script(command, socket);

  test('is told all that comes before the message at once', async () => {
    let heard: string[] = [];
    const together: string[][] = [];
    await serve(
      offering((command, socket) => {
        if (heard.length === 0) setImmediate(() => together.push(heard.splice(0)));
        heard.push(command);
        return polite(command, socket);
      }),
    );
    expect(await send()).toMatchObject({ kind: 'accepted' });
    heard = [];
    expect(together[0]).toEqual(['MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.org>', 'DATA']);
  });

  test('and refuses a recipient, but not DATA, gets an empty message for nobody and goes on', async () => {
    let isKnown = false;
    await serve(
      offering((command, socket) =>
        command.startsWith('RCPT') && !isKnown ? '550 5.1.1 who' : polite(command, socket),
      ),
    );
    expect(await send()).toMatchObject({
      kind: 'refused',
      reply: { command: 'RCPT TO', code: 550, text: '550 5.1.1 who' },
    });
    isKnown = true;
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(server.greetings).toBe(1);
  });
});

describe('a server that offers CHUNKING', () => {
  const offers = (command: string) =>
    command.startsWith('EHLO') ? '250-x\r\n250-PIPELINING\r\n250 CHUNKING' : undefined;
  const yes: Script = (command) => offers(command) ?? '250 ok';

  test('is given the message with its commands, as it is', async () => {
    const messages: string[] = [];
    await serve((command, socket) => {
      if (command.startsWith('BDAT')) messages.push(command);
      return yes(command, socket);
    });
    expect(await send()).toMatchObject({ kind: 'accepted', reply: '250 ok' });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(messages).toEqual(Array(2).fill('BDAT 20 LAST Subject: x\r\n\r\n.dot\r\n'));
    expect(server.said).not.toContain('DATA');
  });

  test('and refuses a recipient is asked to forget it, and goes on', async () => {
    let isKnown = false;
    await serve((command, socket) => {
      if (isKnown) return yes(command, socket);
      if (command.startsWith('RCPT')) return '550 5.1.1 who';
      return command.startsWith('BDAT') ? '503 5.5.1 nobody' : yes(command, socket);
    });
    expect(await send()).toMatchObject({
      kind: 'refused',
      reply: { command: 'RCPT TO', code: 550, text: '550 5.1.1 who' },
    });
    isKnown = true;
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(server.greetings).toBe(1);
    expect(server.said.filter((command) => command === 'RSET')).toHaveLength(1);
  });

  test('and breaks off before it answers leaves the message in doubt', async () => {
    await serve((command, socket) => {
      if (command.startsWith('BDAT')) socket.destroy();
      return yes(command, socket);
    });
    expect(await send()).toMatchObject({ kind: 'lost', afterDot: true });
  });

  test('and does not know its command gets the message by DATA, and so do all later ones', async () => {
    await serve((command, socket) => {
      if (command.startsWith('BDAT')) return '502 5.5.1 what';
      return offers(command) ?? polite(command, socket);
    });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(server.said.filter((command) => command.startsWith('BDAT'))).toHaveLength(1);
    expect(server.said.filter((command) => command === 'DOT')).toHaveLength(2);
  });

  test('and was silent for a while is asked first, as the connection may be gone', async () => {
    await serve((command, socket) => offers(command) ?? polite(command, socket));
    expect(await send()).toMatchObject({ kind: 'accepted' });
    await sleep(1_100);
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(
      server.said.filter((command) => /^(BDAT|DATA)/.test(command)).map((text) => text.slice(0, 4)),
    ).toEqual(['BDAT', 'DATA']);
  });
});
