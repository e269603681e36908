import { createLinks, dkimRecord, makeDkimKey, readDkimKey } from '@paperboy/email';
import { startInbox } from '@paperboy/mailer';
import { openStore, type Store, suppress } from '@paperboy/store';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DnsServer, startDns, type Zone } from './dns-server.ts';
import { type Installation, installation, type Run, runWith } from './support.ts';

/*
 * A relay that is a real SMTP server on loopback, a DNS server of our own, a real Postgres: all of it can be right,
 * and then each thing is made wrong in turn.
 */
const SECRET = 'a secret of the tests of doctor, long enough';
const DOMAIN = 'papers.test.org';

let paperboy: Installation;
let store: Store;
let relay: Awaited<ReturnType<typeof startInbox>>;
let dns: DnsServer;
let key: string;
let env: Readonly<Record<string, string>>;
let zone: Record<string, Zone[string]>;
beforeAll(async () => {
  key = await makeDkimKey();
  paperboy = await installation({ PAPERBOY_SECRET: SECRET });
  await paperboy.run('migrate');
  store = openStore({ url: paperboy.env.DATABASE_URL ?? '' });
  relay = await startInbox({ db: store.db, offersChunking: true });
  zone = {};
  dns = await startDns(zone);
  env = {
    ...paperboy.env,
    SMTP_URL: relay.url,
    SMTP_TIMEOUT: '20s',
    MAIL_FROM: `Papers <papers@${DOMAIN}>`,
    PUBLIC_URL: `https://${DOMAIN}`,
    ADMIN_PASSWORD: 'correct horse battery',
    MAIL_POSTAL_ADDRESS: '1 Example Street',
    DKIM_KEY: key,
  };
});
afterAll(async () => {
  await relay.stop();
  await dns.close();
  await store.close();
  await paperboy.close();
});
beforeEach(() => {
  const record = dkimRecord({ domain: DOMAIN, selector: 'paperboy' }, readDkimKey(key));
  for (const name of Object.keys(zone)) delete zone[name];
  Object.assign(zone, {
    [DOMAIN]: { TXT: ['v=spf1 ip4:192.0.2.1 -all', 'site=1'], MX: [`10 mx.${DOMAIN}`] },
    [record.name]: { TXT: [record.text] },
    [`_dmarc.${DOMAIN}`]: { TXT: ['v=DMARC1; p=none'] },
  });
});

const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runWith({ ...env, ...more }, [...args, '--dns', dns.address]);

interface Row {
  readonly id: string;
  readonly area: string;
  readonly outcome: string;
  readonly level: string;
  readonly found: string;
  readonly fix: string;
}

async function findings(
  more: Readonly<Record<string, string>> = {},
): Promise<Run & { rows: Row[] }> {
  const ended = await run(['doctor', '--json'], more);
  const rows: Row[] = ended.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { ...ended, rows };
}
const failing = (rows: readonly Row[]) =>
  rows
    .filter(({ outcome, level }) => outcome === 'fail' && level === 'required')
    .map(({ id }) => id);

test('where everything is right nothing required fails, and the exit is 0', async () => {
  const { code, rows, stderr } = await findings();
  expect({ failing: failing(rows), code, stderr }).toEqual({ failing: [], code: 0, stderr: '' });
  const passed = rows.filter(({ outcome }) => outcome === 'pass').map(({ id }) => id);
  expect(passed).toEqual(
    expect.arrayContaining([
      ...['database', 'migrations', 'clock', 'disk', 'secret', 'mail-from', 'public-url'],
      ...['spf', 'dkim-record', 'dmarc', 'bounce-mx', 'relay-answers', 'relay-login'],
      ...['dkim', 'dkim-key', 'dkim-aligned', 'one-click', 'one-click-signed', 'html-size'],
    ]),
  );
  expect(rows.find(({ id }) => id === 'spf')?.found).toBe('v=spf1 ip4:192.0.2.1 -all');
  expect(rows.find(({ id }) => id === 'relay-answers')?.found).toMatch(
    /^127\.0\.0\.1, offers .*PIPELINING/,
  );
  const offered = rows.filter(({ area, id }) => area === 'relay' && id !== 'relay-answers');
  expect(Object.fromEntries(offered.map(({ id, found }) => [id, found]))).toEqual({
    'relay-tls': 'in the clear, on this machine',
    'relay-login': 'none set',
    'relay-auth': 'none offered, and SMTP_URL has no user',
    'relay-size': 'SIZE 5242880',
    'relay-pipelining': 'PIPELINING',
    'relay-chunking': 'CHUNKING',
    'relay-dsn': 'DSN is not offered',
    'relay-8bitmime': '8BITMIME',
    'relay-smtputf8': 'SMTPUTF8',
  });
  expect(new Set(rows.map(({ area }) => area))).toEqual(
    new Set(['system', 'settings', 'dns', 'relay', 'message']),
  );
}, 60_000);

test.each<[string, () => void, Readonly<Record<string, string>>, readonly string[]]>([
  [
    'no record at all',
    () => {
      for (const name of Object.keys(zone)) delete zone[name];
    },
    {},
    ['spf', 'dkim-record', 'dmarc', 'bounce-mx', 'dkim'],
  ],
  [
    'SPF that lets everybody',
    () => {
      zone[DOMAIN] = { TXT: ['v=spf1 +all'], MX: ['10 mx.test.org'] };
    },
    {},
    ['spf'],
  ],
  [
    'another key in DNS',
    () => {
      zone[`paperboy._domainkey.${DOMAIN}`] = { TXT: ['v=DKIM1; k=rsa; p=AAAA'] };
    },
    {},
    ['dkim-record', 'dkim'],
  ],
  [
    'a policy of the domain above',
    () => {
      delete zone[`_dmarc.${DOMAIN}`];
      zone['_dmarc.test.org'] = { TXT: ['v=DMARC1; p=reject'] };
    },
    {},
    [],
  ],
  [
    'a null MX',
    () => {
      zone[DOMAIN] = { TXT: ['v=spf1 -all'], MX: ['0 .'] };
    },
    {},
    ['bounce-mx'],
  ],
  ['a relay that is away', () => {}, { SMTP_URL: 'smtp://127.0.0.1:1' }, ['relay-answers']],
  ['a login where none is offered', () => {}, { SMTP_URL: 'login' }, ['relay-auth', 'relay-login']],
  [
    'a way out over http',
    () => {},
    { PUBLIC_URL: 'http://papers.test.org' },
    ['public-url', 'one-click'],
  ],
  [
    'a sender of an example',
    () => {},
    { MAIL_FROM: 'a@example.org', DKIM_DOMAIN: DOMAIN },
    ['mail-from', 'spf', 'dmarc', 'bounce-mx', 'dkim-aligned'],
  ],
  [
    'secrets of an example',
    () => {},
    { PAPERBOY_SECRET: '32-random-characters-that-stay-the-same', ADMIN_PASSWORD: 'changeme' },
    ['secret', 'admin-password'],
  ],
])(
  '%s is found, with what to do, and the exit is 1',
  async (_, damage, more, ids) => {
    damage();
    const url = more.SMTP_URL === 'login' ? relay.url.replace('//', '//ada:wrong@') : more.SMTP_URL;
    const own = { ...more, ...(url && { SMTP_URL: url }) };
    const { code, rows } = await findings(own);
    expect(failing(rows).sort()).toEqual([...ids].sort());
    expect(code).toBe(ids.length === 0 ? 0 : 1);
    for (const { fix, found } of rows) for (const text of [fix, found]) expect(text).not.toBe('');
  },
  60_000,
);

test('the record to publish is printed whole, and nothing is ever told of pct', async () => {
  delete zone[`paperboy._domainkey.${DOMAIN}`];
  const { stdout, code } = await run(['doctor']);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    new RegExp(
      `fix: Publish paperboy\\._domainkey\\.${DOMAIN} TXT "v=DKIM1; k=rsa; p=[\\w+/=]{300,}"`,
    ),
  );
  expect(stdout).toMatch(/ok {3}dns {6}papers\.test\.org says who may send for it/);
  expect(stdout).toMatch(
    /\? {4}relay {4}The relay takes wishes .*\n +found: DSN is not offered\n +fix: Nothing has to be done: bounces/,
  );
  expect(stdout).not.toContain('pct');
  expect(stdout).not.toContain(SECRET);
}, 60_000);

test('DNS that does not answer makes rows unknown, not wrong', async () => {
  const { rows } = await findingsBy('127.0.0.1:9');
  const dnsRows = rows.filter(({ area }) => area === 'dns');
  expect(dnsRows.map(({ outcome }) => outcome)).toEqual(dnsRows.map(() => 'unknown'));
  expect(rows.find(({ id }) => id === 'dkim')).toMatchObject({ outcome: 'unknown' });
}, 90_000);

async function findingsBy(server: string): Promise<{ rows: Row[] }> {
  const { stdout } = await runWith(env, ['doctor', '--json', '--dns', server]);
  return {
    rows: stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

test('a database that is away is a finding, and the rest is looked at all the same', async () => {
  const { code, rows } = await findings({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/none' });
  expect(code).toBe(1);
  expect(failing(rows)).toEqual(['database']);
  expect(rows.some(({ id, outcome }) => id === 'dkim' && outcome === 'pass')).toBe(true);
}, 60_000);

test('while mail stays in the development inbox nothing of it is required, and DNS is not asked', async () => {
  const before = dns.asked.length;
  const { code, rows } = await findings({
    SMTP_URL: 'inbox',
    MAIL_FROM: 'a@example.org',
    DKIM_KEY: '',
  });
  expect([code, failing(rows)]).toEqual([0, []]);
  expect(rows.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id)).toContain(
    'mail-from',
  );
  expect(dns.asked.length).toBe(before);
}, 60_000);

test('with a domain for bounces SPF and MX are its own, and every rule for mail passes', async () => {
  Object.assign(zone, {
    [`back.${DOMAIN}`]: { TXT: ['v=spf1 ip4:192.0.2.1 -all'], MX: [`10 back.${DOMAIN}`] },
    [DOMAIN]: {},
  });
  const { code, rows } = await findings({
    BOUNCE_DOMAIN: `back.${DOMAIN}`,
    BOUNCE_LISTEN: '127.0.0.1:2525',
  });
  expect([code, failing(rows)]).toEqual([0, []]);
  const message = rows.filter(({ area }) => area === 'message');
  expect(message.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
}, 60_000);

const mail = (...args: readonly string[]) => run(['mail', 'test', ...args]);
const kept = () =>
  paperboy.query(
    'select recipients, message_id, convert_from(raw, $$UTF8$$) as raw from inbox_message order by id',
  );

test('mail test sends one signed mail that says what it is, and tells what the relay answered', async () => {
  const { code, stdout, stderr } = await mail('ada@example.com', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const sent = JSON.parse(stdout);
  expect(sent).toMatchObject({
    outcome: 'accepted',
    to: 'ada@example.com',
    answer: expect.stringMatching(/^250 .*kept as/),
  });
  const [message, ...others] = await kept();
  expect(others).toEqual([]);
  expect(message).toMatchObject({ recipients: ['ada@example.com'], message_id: sent.messageId });
  const { raw } = message as { raw: string };
  expect(raw).toMatch(/^DKIM-Signature: /);
  expect(raw).toMatch(/^Subject: \[Test\] /m);
  expect(raw.replace(/=\r\n/g, '')).toContain('This is a test of Paperboy');
}, 60_000);

test('what may not be sent is not: a rule that fails, a suppressed address, one too many, no address', async () => {
  const links = createLinks({ secret: SECRET, publicUrl: 'https://papers.test.org' });
  await suppress(store.db, links.addressHash('Gone@example.com'), 'complaint');
  const before = (await kept()).length;
  expect((await mail('gone@example.com')).stderr).toContain('suppressed');
  expect((await mail('gone@example.com', '--force')).stderr).toContain('suppressed');
  expect((await mail('nobody')).stderr).toContain('ADDRESS_INVALID');
  zone[DOMAIN] = {};
  const failed = await mail('bo@example.com');
  expect(failed.stderr).toMatch(
    /not sent, as 2 required rules fail.*papers\.test\.org says who may send/,
  );
  expect(await kept()).toHaveLength(before);
  expect((await mail('bo@example.com', '--force')).code).toBe(0);
  expect((await mail('bo@example.com', '--force')).code).toBe(0);
  expect((await mail('Bo@example.com', '--force')).stderr).toContain('are enough');
  expect(await kept()).toHaveLength(before + 2);
}, 120_000);

test('a refusal is told with the command it answers, and the exit is 1', async () => {
  await runWith({ ...paperboy.env }, ['inbox', 'chaos', '--kind', 'reject', '--count', '1']);
  const { code, stdout } = await mail('cleo@example.com');
  expect(code).toBe(1);
  expect(stdout).toMatch(/test mail +refused\n/);
  expect(stdout).toMatch(/answer +to RCPT TO: 550 5\.1\.1 chaos/);
}, 60_000);

test('mail test by the development inbox needs no relay and no DNS', async () => {
  const { code, stdout } = await runWith({ ...paperboy.env }, ['mail', 'test', 'dora@example.com']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/next: paperboy inbox list\n$/);
}, 60_000);
