import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { probeRelay } from '../src/index.ts';

/** It makes the certificate. In CI it has to be there: what needs it then runs, and fails. */
const canCertify = Boolean(process.env.CI) || spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!canCertify)('a relay is probed (needs openssl)', () => {
  let dir: string;
  let certificate: { key: string; cert: string };
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'probe-'));
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          '/CN=localhost',
        ],
        ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert],
      ],
      { stdio: 'ignore' },
    );
    certificate = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const open: SMTPServer[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) server.close();
  });
  let mails = 0;

  /** A relay that lets ada in; the port it listens on. */
  async function relay(options: SMTPServerOptions = {}): Promise<number> {
    const server = new SMTPServer({
      disableReverseLookup: true,
      authMethods: ['PLAIN', 'LOGIN'],
      size: 5_000_000,
      ...certificate,
      onAuth: ({ username, password }, _session, done) =>
        username === 'ada' && password === 'p@ss/word'
          ? done(null, { user: 'ada' })
          : done(new Error('no such user')),
      onMailFrom: (_from, _session, done) => {
        mails += 1;
        done();
      },
      ...options,
    });
    server.on('error', () => {});
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  const probe = (url: string, ca: string | undefined = certificate.cert) =>
    probeRelay({ url, timeoutMs: 3_000, ...(ca && { ca }) });

  test('TLS from the first byte, what is offered and the login are told, and no mail is begun', async () => {
    const port = await relay({ secure: true });
    const found = await probe(`smtps://ada:p%40ss%2Fword@localhost:${port}`);
    expect(found).toMatchObject({
      kind: 'reached',
      login: 'accepted',
      tls: expect.stringMatching(/^TLSv1\.[23]$/),
    });
    expect(found.kind === 'reached' && found.offers).toEqual(
      expect.arrayContaining(['PIPELINING', 'SMTPUTF8', 'SIZE 5000000', 'AUTH PLAIN LOGIN']),
    );
    expect(mails).toBe(0);
  });

  test('STARTTLS is taken where it is offered', async () => {
    const port = await relay();
    expect(await probe(`smtp://ada:p%40ss%2Fword@localhost:${port}`)).toMatchObject({
      kind: 'reached',
      login: 'accepted',
      tls: expect.stringContaining('TLS'),
    });
  });

  test('a wrong password is told in the server’s words', async () => {
    const port = await relay({ secure: true });
    expect(await probe(`smtps://ada:wrong@localhost:${port}`)).toMatchObject({
      kind: 'reached',
      login: { refused: expect.stringContaining('no such user') },
    });
  });

  test('a login that the server does not offer is refused', async () => {
    const port = await relay({ disabledCommands: ['AUTH', 'STARTTLS'] });
    expect(await probe(`smtp://ada:wrong@localhost:${port}`)).toMatchObject({
      login: { refused: expect.any(String) },
    });
  });

  test('without a login nobody is asked for one', async () => {
    const port = await relay({ disabledCommands: ['AUTH', 'STARTTLS'] });
    expect(await probe(`smtp://localhost:${port}`)).toMatchObject({
      tls: undefined,
      login: 'none set',
    });
  });

  test('a certificate that nobody vouches for, and one for another name, are no TLS', async () => {
    const port = await relay({ secure: true });
    expect(await probe(`smtps://localhost:${port}`, '')).toMatchObject({ kind: 'failed' });
    expect(
      await probeRelay({
        url: `smtps://127.0.0.2:${port}`,
        timeoutMs: 3_000,
        ca: certificate.cert,
      }),
    ).toMatchObject({
      kind: 'failed',
    });
  });

  test('a relay off this machine that offers no TLS fails', async () => {
    const port = await relay({ disabledCommands: ['STARTTLS', 'AUTH'] });
    // 0.0.0.0 reaches this machine without being a loopback name.
    expect(await probe(`smtp://0.0.0.0:${port}`)).toMatchObject({ kind: 'failed' });
  });

  test('nobody there, and one who never greets, fail in their time', async () => {
    expect(await probe('smtp://127.0.0.1:1')).toMatchObject({
      kind: 'failed',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    const { createServer } = await import('node:net');
    const mute = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const address = mute.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const found = await probeRelay({ url: `smtp://127.0.0.1:${port}`, timeoutMs: 300 });
    expect(found).toMatchObject({ kind: 'failed' });
    mute.close();
  });
});
