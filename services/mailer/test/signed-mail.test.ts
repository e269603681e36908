import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createLinks,
  createSigner,
  makeDkimKey,
  readMessage,
  verifySignature,
} from '@paperboy/email';
import { silentLog } from '@paperboy/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMailer, startInbox } from '../src/index.ts';
import { journalsOfTests, mailSettings } from './mailer-of-tests.ts';
import {
  addReader,
  letTimePass,
  openRoom,
  plan,
  recordPage,
  sourceOf,
  type TestRoom,
} from './support.ts';

// What the relay was given, byte by byte: a digest whose first attempt is deferred and whose second is taken.

const dkimKey = await makeDkimKey();
const { record } = createSigner({ domain: 'news.example.org', selector: 'paperboy', key: dkimKey });
const publicUrl = 'https://news.example.org';
const links = createLinks({ secret: 'a secret of the tests, long enough', publicUrl });
const settings = {
  ...mailSettings,
  publicUrl,
  dkimKey,
  mailFrom: 'Paperboy <paperboy@news.example.org>',
};
const hostile = 'flow $& {{x}} ‮\u0000 <b>&amp; \r\nBcc: eve@example.net\r\n\r\nbody';

let room: TestRoom;
let raw: Buffer;
let stagedBefore: unknown;

const staged = () => room.query('select message_id, mail_date, content_hash from delivery');

beforeAll(async () => {
  room = await openRoom();
  await addReader(room, { name: 'ada', topics: ['flow', 'Bcc'] });
  const sourceId = await sourceOf(room);
  const papers = [
    'flow one',
    'flow two',
    'Überlange flow Karten'.repeat(8),
    hostile.replace('\u0000', ''),
  ];
  await recordPage(room, { sourceId, day: '2026-03-02', papers });
  await plan(room, '2026-03-02T08:00:00Z');
  let attempts = 0;
  const inbox = await startInbox({
    db: room.db,
    interfere: (step) =>
      step === 'rcpt' && ++attempts === 1
        ? { kind: 'refuse', code: 451, text: '4.7.1 later' }
        : undefined,
  });
  const mailer = await openMailer({
    db: room.db,
    journals: journalsOfTests(),
    log: silentLog,
    links,
    settings: { ...settings, smtpUrl: inbox.url },
  });
  await mailer.deliverDue();
  stagedBefore = await staged();
  await letTimePass(room);
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 1 });
  await mailer.close();
  await inbox.stop();
  const [message] = await room.query<{ raw: Buffer }>('select raw from inbox_message');
  raw = message?.raw ?? Buffer.alloc(0);
});
afterAll(() => room.close());

const find = (asked: string) => (asked === record.name ? record.text : undefined);
const text = () => raw.toString('latin1');
const head = () => text().slice(0, text().indexOf('\r\n\r\n') + 2);
const header = (name: string) => {
  const found =
    new RegExp(`^${name}:[ ]?((?:.|\\r\\n[ \\t])*)\\r\\n`, 'im').exec(head())?.[1] ?? '';
  return found.replace(/\r\n[ \t]/g, ' ');
};

test('a key of 2048 bits signs all that it should, From twice', async () => {
  const [report] = await verifySignature(raw, find);
  expect(report).toMatchObject({
    result: 'pass',
    keyBits: 2048,
    isAligned: true,
    isPartial: false,
  });
  expect(report?.headers.filter((name) => name === 'from')).toHaveLength(2);
  expect(report?.headers).toEqual(
    expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post', 'message-id', 'date']),
  );
});

test.each([
  'From',
  'To',
  'Date',
  'Subject',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'DKIM-Signature',
])('there is one %s, counted and as read', async (name) => {
  expect(head().match(new RegExp(`^${name}:`, 'gim'))).toHaveLength(1);
  const { headers } = await readMessage(raw);
  expect(headers.filter(([read]) => read.toLowerCase() === name.toLowerCase())).toHaveLength(1);
});

test('From can be answered, and the Message-ID is of our domain and of this delivery', async () => {
  const { from, messageId = '' } = await readMessage(raw);
  expect(from).toBe('Paperboy <paperboy@news.example.org>');
  const [, token = '', domain] = /^<d\.([a-z2-7]+)@(.+)>$/.exec(messageId) ?? [];
  const [delivery] = await room.query<{ id: string }>('select id from delivery');
  expect(domain).toBe('news.example.org');
  expect(links.readDeliveryToken(token)?.id).toBe(delivery?.id);
});

test('the second attempt had the id, the date and the bytes of the first', async () => {
  expect(await staged()).toEqual(stagedBefore);
  const [{ content_hash } = { content_hash: null }] = await room.query<{
    content_hash: Buffer | null;
  }>('select content_hash from delivery');
  // Of a signed message its head is hashed: the hash of its body stands in there.
  expect(
    createHash('sha256')
      .update(raw.subarray(0, raw.indexOf('\r\n\r\n')))
      .digest(),
  ).toEqual(content_hash);
});

test('lines end in CRLF alone and have up to 998 octets', () => {
  expect(text().replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  for (const line of text().split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
});

test('the way to leave is a short URI on one line', () => {
  const [, uri = ''] = /^<(https:[^>]+)>/.exec(header('List-Unsubscribe')) ?? [];
  expect(uri).toMatch(/^https:\/\/news\.example\.org\/unsubscribe\/[\w-]{32}$/);
  expect(uri.length).toBeLessThan(70);
  expect(head()).toContain(`\r\nList-Unsubscribe: <${uri}>`);
  expect(header('List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
});

test('the subject is plain or encoded words, short, and without controls', async () => {
  expect(header('Subject')).toMatch(/^[\x20-\x7e]+$/);
  const { subject } = await readMessage(raw);
  expect(subject).toMatch(/^\d new on /);
  expect(subject).toMatch(/^[^\p{Cc}]{10,59}$/u);
});

test('the list has one stable id per cadence on our domain, and its addresses in angle brackets', () => {
  expect(header('List-Id')).toBe('Paperboy daily digest <daily.paperboy.news.example.org>');
  for (const name of ['List-Help', 'List-Archive']) expect(header(name)).toBe(`<${publicUrl}>`);
  expect(header('List-Subscribe')).toBe(`<${publicUrl}/subscribe>`);
});

test('it says that it is automatic, and whose it is with the stable name last', () => {
  expect(header('Auto-Submitted')).toBe('auto-generated');
  expect(header('Feedback-ID').split(':')).toEqual(['2026-03-02', 'daily', 'digest', 'paperboy']);
});

test('what papers are called opens no header and no part', async () => {
  const { headers, to, html } = await readMessage(raw);
  expect(to).toEqual(['ada@example.com']);
  expect(headers.map(([name]) => name.toLowerCase())).not.toContain('bcc');
  expect(html).toContain('$&amp; {{x}}');
  expect(html).toContain('&lt;b&gt;&amp;amp;');
  expect(text().match(/^Content-Type: text\//gm)).toHaveLength(2);
});

const PYTHON = '/usr/bin/python3';
const hasDkimpy = spawnSync(PYTHON, ['-c', 'import dkim']).status === 0;

describe.skipIf(!hasDkimpy && !process.env.CI)('a second verifier (needs python3-dkim)', () => {
  const script = `
import sys, dkim
name, record = (word.encode() for word in sys.argv[1:])
find = lambda asked, timeout=5: record if asked.rstrip(b'.') == name else None
print(dkim.verify(sys.stdin.buffer.read(), dnsfunc=find, minkey=2048))`;

  const verify = (message: Buffer) => {
    const run = spawnSync(PYTHON, ['-c', script, record.name, record.text], { input: message });
    expect(run.stderr.toString()).toBe('');
    return run.stdout.toString().trim();
  };
  const edited = (change: (text: string) => string) => {
    const changed = Buffer.from(change(text()), 'latin1');
    expect(changed.equals(raw)).toBe(false);
    return changed;
  };

  test('agrees', () => {
    expect(verify(raw)).toBe('True');
  });

  test.each<[string, (text: string) => string]>([
    ['a changed List-Unsubscribe-Post', (was) => was.replace('=One-Click', '=Two-Click')],
    ['a second From', (was) => was.replace('\r\nTo: ', '\r\nFrom: eve@example.net\r\nTo: ')],
    ['a flipped byte of the body', (was) => was.replace('PAPERBOY', 'PAPERBOX')],
  ])('sees %s', (_, change) => {
    expect(verify(edited(change))).toBe('False');
  });
});

test('a start whose signatures would not hold is refused', async () => {
  const open = (over: Partial<typeof settings>) =>
    openMailer({
      db: room.db,
      log: silentLog,
      links,
      settings: { ...settings, ...over },
      journals: journalsOfTests(),
    });
  const smtpUrl = 'smtps://relay.example.org';
  await expect(open({ smtpUrl, dkimKey: '' })).rejects.toThrow(/^DKIM_INVALID: mail leaves/);
  await expect(open({ smtpUrl, dkimDomain: 'example.net' })).rejects.toThrow(
    /^DKIM_INVALID: .*example\.net/,
  );
  for (const good of [{ smtpUrl }, { smtpUrl, dkim: 'relay' as const, dkimKey: '' }]) {
    const mailer = await open(good);
    await mailer.close();
  }
});
