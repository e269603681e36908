import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { makeSelfSigned } from '@paperboy/runtime';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openRelay, type Relay, type SendOutcome } from '../src/index.ts';
import { takeChunks } from '../src/take-chunks.ts';

const DAY_MS = 86_400_000;
const { pem, key } = makeSelfSigned(
  'localhost',
  new Date(Date.now() - DAY_MS),
  new Date(Date.now() + DAY_MS),
);
const certificate = { cert: pem, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };

let server: SMTPServer;
let relay: Relay;
/** What came, and whether it came encrypted and from whom. */
let taken: { text: string; isSecure: boolean; user: string | undefined }[];

const trusted = getCACertificates('default');
beforeAll(() => setDefaultCACertificates([...trusted, pem]));
afterAll(() => setDefaultCACertificates(trusted));
afterEach(async () => {
  relay.close();
  await new Promise<void>((done) => server.close(() => done()));
});

async function serve(secure: boolean, { login = 'post:secret' } = {}): Promise<void> {
  taken = [];
  server = new SMTPServer({
    ...certificate,
    secure,
    // What smtp-server has by itself is old and known to all.
    authMethods: ['PLAIN'],
    logger: false,
    onAuth({ username, password }, { secure: isSecure }, done) {
      const isRight = isSecure && username === 'post' && password === 'secret';
      if (isRight) done(null, { user: username });
      else done(new Error('no such login'));
    },
    async onData(stream, session, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('latin1');
      taken.push({ text, isSecure: session.secure, user: session.user });
      done();
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  relay = openRelay({
    url: `${secure ? 'smtps' : 'smtp'}://${login}@localhost:${port}`,
    connections: 1,
    connectTimeoutMs: 5_000,
  });
}

const send = (): Promise<SendOutcome> =>
  relay.use((hand) =>
    hand({
      from: 'a@example.org',
      to: 'b@example.org',
      raw: Buffer.from(`Subject: x\r\n\r\n${'a line of it\r\n'.repeat(5_000)}.dot\r\n`),
    }),
  );

test.each([
  ['STARTTLS', false],
  ['TLS from the first byte', true],
])('by %s whole messages go encrypted, after the login, over one connection', async (_, secure) => {
  await serve(secure);
  expect(await send()).toMatchObject({ kind: 'accepted', code: 250 });
  expect(await send()).toMatchObject({ kind: 'accepted' });
  const text = `Subject: x\r\n\r\n${'a line of it\r\n'.repeat(5_000)}.dot\r\n`;
  expect(taken).toEqual([1, 2].map(() => ({ text, isSecure: true, user: 'post' })));
});

test.each([
  ['STARTTLS', false],
  ['TLS from the first byte', true],
])('by %s nothing is said to a server whose certificate nobody vouches for', async (_, secure) => {
  setDefaultCACertificates(trusted);
  await serve(secure);
  expect(await send()).toMatchObject({ kind: expect.not.stringMatching('accepted') });
  expect(taken).toEqual([]);
  setDefaultCACertificates([...trusted, pem]);
});

test.each([
  ['only after STARTTLS is taken up', [false, true], 2],
  // What was said in the clear may be anybody's word (RFC 3207, 4.2).
  ['before STARTTLS alone is not', [true, false], 0],
])('CHUNKING that is offered %s', async (_, offers, counted) => {
  await serve(false);
  let begun = 0;
  const greetings = [...offers];
  takeChunks(server, {
    offers: () => greetings.shift() ?? false,
    begins: () => {
      begun += 1;
    },
  });
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(await send()).toMatchObject({ kind: 'accepted' });
  const text = `Subject: x\r\n\r\n${'a line of it\r\n'.repeat(5_000)}.dot\r\n`;
  expect(taken).toEqual([1, 2].map(() => ({ text, isSecure: true, user: 'post' })));
  expect([begun, greetings]).toEqual([counted, []]);
});

test('a wrong password is a refusal of ours, and nothing is sent', async () => {
  await serve(true, { login: 'post:guess' });
  expect(await send()).toMatchObject({ kind: 'refused', reply: { code: 535 } });
  expect(taken).toEqual([]);
});
