import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { idOf } from '@paperboy/core';
import { makeSelfSigned, silentLog } from '@paperboy/runtime';
import { findInboxMessage, findSubscriber, listInboxMessages, listStrays } from '@paperboy/store';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openRelay } from '../src/index.ts';
import { type BounceListener, listenForBounces } from '../src/receive-bounces.ts';
import { links, mailerOn, mailSettings } from './mailer-of-tests.ts';
import { addReader, plan, recordPage, sourceOf } from './support.ts';
import { useEmptyRoom } from './use-room.ts';

const DOMAIN = 'bounces.example.org';
const settings = { ...mailSettings, bounceDomain: DOMAIN, bounceListen: '127.0.0.1:0' };

const room = useEmptyRoom();
let listener: BounceListener;
beforeAll(async () => {
  listener = await listenForBounces({ db: room.db, log: silentLog, links, settings });
});
afterAll(() => listener.stop());

/** Says lines to the listener, and gives its last answer to each. */
async function converse(lines: readonly string[]): Promise<string[]> {
  const socket = connect(listener.port, '127.0.0.1');
  const answers: string[] = [await answer(socket)];
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    answers.push(await answer(socket));
  }
  socket.destroy();
  return answers.slice(1);
}

function answer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const hear = (bytes: Buffer) => {
      heard += bytes.toString();
      const last = heard.trimEnd().split('\r\n').at(-1) ?? '';
      if (!heard.endsWith('\r\n') || !/^\d{3} /.test(last)) return;
      socket.off('data', hear);
      resolve(last);
    };
    socket.on('data', hear);
    socket.once('error', reject);
    socket.once('close', () => resolve('closed'));
  });
}

const deliver = (to: string, message: string, from = '') =>
  converse(['EHLO x', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA', `${message}\r\n.`]);

/** A digest as the development inbox took it. */
async function digestOf(over: { bounceDomain?: string } = {}) {
  const source = await sourceOf(room);
  const id = await addReader(room);
  await recordPage(room, { sourceId: source, day: '2026-03-11', papers: ['a flow'] });
  await plan(room, '2026-03-12T08:00:00Z');
  const mailer = await mailerOn(room, { settings: { ...settings, ...over } });
  await mailer.deliverDue();
  await mailer.close();
  const [entry] = await listInboxMessages(room.db);
  const message = await findInboxMessage(room.db, entry?.id ?? '');
  return { id, from: message.mailFrom, raw: message.raw.toString('latin1') };
}

test('a digest leaves under an address of its own, and a bounce to that finds its reader', async () => {
  const { id, from, raw } = await digestOf();
  const token = /^bounce\+([a-z2-7]{24})@bounces\.example\.org$/.exec(from)?.[1] ?? '';
  expect(raw).toContain(`Message-ID: <d.${token}@example.org>`);
  const report = `From: MAILER-DAEMON@mx.example.net\r\nSubject: failure notice\r\n\r\nI wasn't able to deliver your message.\r\n\r\n<r@example.com>:\r\nno such user\r\n`;
  const answers = await deliver(from.toUpperCase(), report);
  expect(answers.at(-1)).toMatch(/^250 /);
  expect((await findSubscriber(room.db, id)).suppressedFor).toBe('hard-bounce');
});

test('the way out by mail stands beside that by web, and works from any sender', async () => {
  const { id, raw } = await digestOf();
  const [, way = ''] =
    /^List-Unsubscribe: <http[^>]+>, <mailto:(unsubscribe\+[a-z2-7]{24}@[a-z.]+)>\r$/m.exec(raw) ??
    [];
  expect(`mailto:${way}`.length).toBeLessThan(70);
  expect((await deliver(way, 'Subject: out\r\n\r\n', 'stranger@example.net')).at(-1)).toMatch(
    /^250 /,
  );
  expect(await findSubscriber(room.db, id)).toMatchObject({ state: 'left', suppressedFor: 'left' });
});

test('without a bounce domain mail comes from the sender itself, and nobody leaves by mail', async () => {
  const { from, raw } = await digestOf({ bounceDomain: '' });
  expect(from).toBe('paperboy@example.org');
  expect(raw).not.toContain('mailto:');
});

test.each([
  ['another domain', 'bounce@elsewhere.example', '550 5.1.1'],
  ['no such name', `info@${DOMAIN}`, '550 5.1.1'],
  ['a forged delivery', `bounce+${'a'.repeat(24)}@${DOMAIN}`, '550 5.1.1'],
  [
    'a leaving token at bounce',
    `bounce+${links.leavingToken(idOf('subscriber', '1'))}@${DOMAIN}`,
    '550',
  ],
  [
    'a delivery token at unsubscribe',
    `unsubscribe+${links.deliveryToken(idOf('delivery', '1'))}@${DOMAIN}`,
    '550',
  ],
  ['bounce without a token', `bounce@${DOMAIN}`, '250'],
  ['the postmaster', `postmaster@${DOMAIN}`, '250'],
])('%s is answered with %s, %s', async (_, to, code) => {
  const answers = await converse(['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${to}>`]);
  expect(answers.at(-1)?.startsWith(code)).toBe(true);
});

test('what is larger than a mebibyte is refused, and nothing of it kept', async () => {
  const before = (await listStrays(room.db, { limit: 9 })).length;
  const large = `Subject: large\r\n\r\n${'x'.repeat(998).concat('\r\n').repeat(1_100)}`;
  expect((await deliver(`bounce@${DOMAIN}`, large)).at(-1)).toMatch(/^552 /);
  expect(await listStrays(room.db, { limit: 9 })).toHaveLength(before);
});

test('nobody relays through it, and it never asks for a password', async () => {
  const answers = await converse([
    'EHLO x',
    'AUTH PLAIN AAAA',
    'MAIL FROM:<a@b.example>',
    'RCPT TO:<c@d.example>',
  ]);
  expect(answers.map((line) => line.slice(0, 1))).toEqual(['2', '5', '2', '5']);
});

/** Hands a message over as a mail server would that insists on TLS and trusts one certificate. */
async function overTls(port: number, ca: string, to: string) {
  const connection = new SMTPConnection({
    host: '127.0.0.1',
    port,
    requireTLS: true,
    tls: { ca, servername: DOMAIN },
  });
  const failed = once(connection, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  connection.on('error', () => {});
  try {
    await Promise.race([failed, new Promise<void>((go) => connection.connect(() => go()))]);
    const isSecure = connection.secure;
    const said = 'Subject: out\r\n\r\n';
    const info = await new Promise<{ response: string }>((resolve, reject) => {
      connection.send({ from: '', to: [to] }, said, (error, sent) =>
        error ? reject(error) : resolve(sent),
      );
    });
    return { isSecure, response: info.response };
  } finally {
    connection.close();
  }
}

test('mail comes over TLS too, with the certificate of the settings, and with the next one as soon as it is there', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'paperboy-tls-'));
  const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const renew = () => {
    const from = new Date(Date.now() - 86_400_000);
    const { pem, key } = makeSelfSigned(DOMAIN, from, new Date(Date.now() + 86_400_000));
    writeFileSync(certFile, pem);
    writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    return pem;
  };
  const first = renew();
  const own = { ...settings, bounceTlsCert: certFile, bounceTlsKey: keyFile };
  const parts = { db: room.db, log: silentLog, links };
  const secure = await listenForBounces({ ...parts, settings: own, renewMs: 20 });
  const id = await addReader(room);
  const way = `unsubscribe+${links.leavingToken(id)}@${DOMAIN}`;
  try {
    expect(await overTls(secure.port, first, way)).toMatchObject({
      isSecure: true,
      response: expect.stringMatching(/^250 /),
    });
    expect(await findSubscriber(room.db, id)).toMatchObject({ state: 'left' });
    const next = renew();
    await vi.waitFor(() => overTls(secure.port, next, `bounce@${DOMAIN}`), { timeout: 20_000 });
    await expect(overTls(secure.port, first, `bounce@${DOMAIN}`)).rejects.toThrow();
  } finally {
    await secure.stop();
  }
  chmodSync(keyFile, 0o644);
  for (const [over, why] of [
    [{}, 'everybody can read the key'],
    [{ bounceTlsKey: certFile }, 'BOUNCE_TLS_KEY'],
    [{ bounceTlsKey: '' }, 'go together'],
  ] as const) {
    const wrong = { ...own, ...over };
    await expect(listenForBounces({ ...parts, settings: wrong })).rejects.toThrow(why);
  }
});

test('without a certificate one is made, which keeps what a mail server brings from being read', async () => {
  const socket = connect(listener.port, '127.0.0.1');
  await answer(socket);
  for (const line of ['EHLO x', 'STARTTLS']) {
    socket.write(`${line}\r\n`);
    expect(await answer(socket)).toMatch(/^2/);
  }
  const secured = connectTls({ socket, rejectUnauthorized: false });
  await once(secured, 'secureConnect');
  expect(secured.getPeerCertificate().subject.CN).toBe(DOMAIN);
  secured.destroy();
});

test('a listener without a domain, and one on a busy port, are told', async () => {
  const parts = { db: room.db, log: silentLog, links };
  await expect(
    listenForBounces({ ...parts, settings: { ...settings, bounceDomain: '' } }),
  ).rejects.toThrow('BOUNCE_DOMAIN');
  const busy = { ...settings, bounceListen: `127.0.0.1:${listener.port}` };
  await expect(listenForBounces({ ...parts, settings: busy })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
  });
});

test.each([true, false])(
  'reports are asked for where the server offers them: %s',
  async (offers) => {
    const heard: object[] = [];
    const sink = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      hideDSN: !offers,
      onMailFrom: ({ args }, _session, callback) => {
        heard.push({ ...(args || {}) });
        callback();
      },
      onRcptTo: ({ args }, _session, callback) => {
        heard.push({ ...(args || {}) });
        callback();
      },
      onData: (stream, _session, callback) => {
        stream.resume().on('end', () => callback());
      },
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    const bound = sink.server.address();
    const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
    const relay = openRelay({
      url: `smtp://127.0.0.1:${port}`,
      connections: 1,
      connectTimeoutMs: 5_000,
    });
    const envelopeId = links.deliveryToken(idOf('delivery', '7'));
    const message = {
      from: 'a@example.org',
      to: 'b@example.com',
      raw: Buffer.from('Subject: x\r\n\r\nx'),
      envelopeId,
    };
    const outcome = await relay.use((send) => send(message));
    relay.close();
    await new Promise<void>((resolve) => sink.close(resolve));
    expect(outcome.kind).toBe('accepted');
    const [mail, rcpt] = heard;
    if (offers) {
      expect(mail).toMatchObject({ RET: 'HDRS', ENVID: envelopeId });
      expect(rcpt).toMatchObject({ NOTIFY: 'FAILURE,DELAY' });
    } else {
      expect(mail).not.toHaveProperty('ENVID');
      expect(rcpt).not.toHaveProperty('NOTIFY');
    }
  },
);
