import { saveInboxMessage } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWeb } from '../src/index.ts';
import { elementsOf, textOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

let web: TestWeb;
let messageId: string;
beforeAll(async () => {
  web = await openWeb();
  messageId = await saveInboxMessage(web.store.db, message('A digest', 'ada@example.com'));
});
afterAll(() => web.close());

function message(subject: string, to: string) {
  const lines = [
    'From: Paperboy <paperboy@example.org>',
    `To: ${to}`,
    `Subject: ${subject}`,
    'List-Unsubscribe: <https://example.org/unsubscribe/abc>, <mailto:u@example.org>',
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'The text <b>part</b>.',
    '--b',
    'Content-Type: text/html',
    '',
    '<html><head><title>t</title></head><body><script>alert(1)</script><p>The HTML part</p></body></html>',
    '--b--',
    '',
  ];
  const raw = Buffer.from(lines.join('\r\n'));
  return { mailFrom: 'b@example.org', recipients: [to], messageId: null, raw };
}

const OPERATOR_PATHS = [
  '/admin',
  '/admin/queues',
  '/admin/queues/api/queues',
  '/inbox',
  '/metrics',
];
const login = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

test('without a password the pages open to requests of this machine only', async () => {
  for (const path of OPERATOR_PATHS) {
    for (const host of ['localhost', '127.0.0.1:3080', '[::1]:3080']) {
      expect((await web.get(`http://${host}${path}`)).status).toBeLessThan(400);
    }
    for (const host of [
      'paperboy.example.org',
      'localhost.example.org',
      '127.0.0.1.example.org',
      '192.168.0.4',
    ]) {
      expect([host, (await web.get(`http://${host}${path}`)).status]).toEqual([host, 401]);
    }
    for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
      const answer = await web.get(`http://localhost${path}`, {
        headers: { [name]: 'for=203.0.113.9' },
      });
      expect([name, answer.status]).toEqual([name, 401]);
    }
  }
});

test('without a password nobody enters a service that listens beyond this machine, and it does not start', async () => {
  for (const httpHost of ['0.0.0.0', '::', '192.168.0.4', '127.example.org']) {
    const { get } = web.under({ httpHost });
    for (const path of OPERATOR_PATHS) expect((await get(path)).status).toBe(401);
    const settings = { ...web.deps.settings, httpHost };
    await expect(startWeb({ ...web.deps, settings }, async () => web.deps)).rejects.toMatchObject({
      code: 'SETTING_INVALID',
    });
  }
});

test('with a password only who knows it enters, wherever they come from', async () => {
  const { get } = web.under({ adminPassword: 'correct horse: battery', httpHost: '0.0.0.0' });
  for (const path of OPERATOR_PATHS) {
    const refused = [
      {},
      login('admin', 'wrong'),
      login('admin', ''),
      login('root', 'correct horse: battery'),
      login('admin', 'correct horse: battery '),
      { Authorization: 'Basic %%%' },
      { Authorization: 'Bearer correct horse: battery' },
    ];
    for (const headers of refused) {
      const answer = await get(`http://paperboy.example.org${path}`, { headers });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Basic');
    }
    const headers = {
      ...login('admin', 'correct horse: battery'),
      'X-Forwarded-For': '203.0.113.9',
    };
    expect((await get(`http://paperboy.example.org${path}`, { headers })).status).toBeLessThan(400);
  }
});

test('a change to the queues that another site asks for is refused', async () => {
  const pause = '/admin/queues/api/queues/ingest/pause';
  const put = (headers: NonNullable<RequestInit['headers']>) =>
    web.get(`http://localhost${pause}`, { method: 'PUT', headers });
  const foreign: NonNullable<RequestInit['headers']>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
  ];
  for (const headers of foreign) {
    expect((await put(headers)).status).toBe(403);
  }
  expect((await put({ Origin: 'http://localhost' })).status).toBe(200);
  const board = await (await web.get('/admin/queues/api/queues')).json();
  expect(board).toMatchObject({
    queues: [
      { name: 'ingest', isPaused: true },
      { name: 'mailer', isPaused: false },
    ],
  });
});

test('the queue board answers at its address, with its scripts and under a policy that keeps it to itself', async () => {
  const board = await web.get('/admin/queues');
  const page = await board.text();
  expect(board.status).toBe(200);
  expect(board.headers.get('content-security-policy')).toContain("script-src 'self'");
  const script = /src="(static\/js\/main[^"]+)"/.exec(page)?.[1];
  expect((await web.get(`/admin/queues/${script}`)).headers.get('content-type')).toContain(
    'javascript',
  );
  expect((await web.get('/admin/queues/')).headers.get('location')).toBe('/admin/queues');
});

test('the inbox lists mail newest first, by reader, in parts', async () => {
  for (let number = 1; number <= 45; number++) {
    await saveInboxMessage(web.store.db, message(`Digest no. ${number}`, 'bo@example.com'));
  }
  const first = await web.page('/inbox');
  expect(textOf(first)).toMatch(/Digest no\. 45 .* Digest no\. 6 /);
  expect(textOf(first)).not.toContain('Digest no. 5 ');
  const older = elementsOf(first).flatMap(({ attributes }) => attributes.get('href') ?? []);
  const rest = textOf(await web.page(older.find((address) => address.includes('before=')) ?? ''));
  expect(rest).toMatch(/Digest no\. 5 .* A digest ada@example\.com/);
  expect(rest).not.toContain('Older mail');
  const ofAda = textOf(await web.page('/inbox?to=ada%40example.com'));
  expect(ofAda).toContain('A digest');
  expect(ofAda).not.toContain('Digest no.');
  const ofBo = await web.page('/inbox?q=BO%40exam');
  expect(textOf(ofBo)).toContain('Digest no. 45');
  expect(textOf(ofBo)).not.toContain('ada@example.com');
  expect(ofBo).toContain('href="/inbox?q=BO%40exam&amp;before=');
  expect(textOf(await web.page('/inbox?q=%25'))).toContain('There is none.');
});

test('a message is shown as HTML in a frame, as text, by its headers and as it came', async () => {
  const page = await web.page(`/inbox/${messageId}`);
  const frame = elementsOf(page).find(({ name }) => name === 'iframe');
  expect(frame?.attributes.get('sandbox')).not.toMatch(/allow-(?:scripts|same-origin|forms|top)/);
  expect(frame?.attributes.get('src')).toBe(`/inbox/${messageId}/body.html`);
  const leave = elementsOf(page).map(({ attributes }) => attributes.get('href'));
  expect(leave).toContain('https://example.org/unsubscribe/abc');
  expect(await web.page(`/inbox/${messageId}/phone`)).toContain('class="mail phone"');
  expect(textOf(await web.page(`/inbox/${messageId}/text`))).toContain('The text <b>part</b>.');
  expect(textOf(await web.page(`/inbox/${messageId}/headers`))).toContain('Subject A digest');
  expect(textOf(await web.page(`/inbox/${messageId}/source`))).toContain(
    '--b Content-Type: text/plain',
  );
});

test('the HTML of a mail is served without script, without requests, and with links in tabs of their own', async () => {
  const answer = await web.get(`/inbox/${messageId}/body.html`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/sandbox allow-popups allow-popups-to-escape-sandbox$/);
  expect(policy).not.toContain('script-src');
  expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  expect(await answer.text()).toContain('<head><base target="_blank">');
});

test('a message is downloaded byte for byte', async () => {
  const answer = await web.get(`/inbox/${messageId}/message.eml`);
  expect(answer.headers.get('content-type')).toBe('message/rfc822');
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(
    message('A digest', 'ada@example.com').raw,
  );
});

test('a message of nothing, of noise or without HTML is shown all the same', async () => {
  for (const raw of ['', '\r\n\r\n', '\0\u00ff<script>', 'Subject: only\r\n\r\ntext']) {
    const sent = { mailFrom: '', recipients: [], messageId: null, raw: Buffer.from(raw, 'latin1') };
    const id = await saveInboxMessage(web.store.db, sent);
    for (const view of ['', '/phone', '/text', '/headers', '/source']) {
      elementsOf(await web.page(`/inbox/${id}${view}`));
    }
    expect((await web.get(`/inbox/${id}/body.html`)).status).toBe(404);
  }
  elementsOf(await web.page('/inbox'));
});

test('messages and views that are not there are not found', async () => {
  for (const path of [
    '/inbox/0',
    '/inbox/999999',
    '/inbox/x',
    `/inbox/${messageId}/nothing`,
    `/inbox/${messageId}/__proto__`,
  ]) {
    expect([path, (await web.get(path)).status]).toEqual([path, 404]);
  }
});

test('where a relay sends the mail there is no inbox', async () => {
  const { get } = web.under({ smtpUrl: 'smtp://relay.example.org' });
  expect((await get('/inbox')).status).toBe(404);
  expect(textOf(await (await get('/')).text())).not.toContain('Inbox');
});

test('the probes tell whether the process and what it needs are there; why not is for the operator', async () => {
  expect(await (await web.get('/livez')).text()).toBe('ok\n');
  expect(await (await web.get('/readyz')).json()).toEqual({ ok: true, checks: {} });
  web.health.add('database', async () => 1);
  web.health.add('queue', async () => {
    throw new Error('queue.internal.example is away');
  });
  const unready = await web.get('/readyz');
  expect(unready.status).toBe(503);
  expect(await unready.json()).toMatchObject({
    ok: false,
    checks: {
      database: { ok: true },
      queue: { ok: false, detail: 'queue.internal.example is away' },
    },
  });
  const outside = await web.get('http://paperboy.example.org/readyz');
  expect(outside.status).toBe(503);
  expect(await outside.text()).not.toContain('internal');
  expect((await web.get('/livez')).status).toBe(200);
});

test('metrics count requests by route and never by path', async () => {
  // So long that no figure of the process can hold it by chance.
  const paper = '471147114711471';
  await web.get(`/papers/${paper}`);
  await web.get('/unsubscribe/a-token');
  const text = await web.page('/metrics');
  expect(text).toContain('route="/papers/:id"');
  expect(text).toContain('route="/unsubscribe/:token",status="404"');
  expect(text).not.toContain(paper);
  expect(text).not.toContain('a-token');
});
