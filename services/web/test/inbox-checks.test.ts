import { activeChaos, endChaos, saveInboxMessage, startChaos } from '@paperboy/store';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { tokenIn } from './admin-support.ts';
import { elementsOf, textOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

let web: TestWeb;
let messageId: string;
beforeAll(async () => {
  web = await openWeb();
  const lines = [
    'From: <b>@evil',
    'Subject: One <i>digest</i>',
    'Content-Type: text/html',
    '',
    '<p>Hi</p>',
  ];
  const raw = Buffer.from(lines.join('\r\n'));
  const sent = { mailFrom: 'b@example.org', recipients: ['ada@example.com'], messageId: null, raw };
  messageId = await saveInboxMessage(web.store.db, sent);
});
afterAll(() => web.close());
beforeEach(() => endChaos(web.store.db));

/** As the form does, with the token that its page gave it. */
async function post(path: string, fields: Readonly<Record<string, string>>, headers = {}) {
  const form = await web.get('/inbox/chaos');
  const cookie = form.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const body = new URLSearchParams({ 'form-token': tokenIn(await form.text()), ...fields });
  return web.get(path, { method: 'POST', body, headers: { Cookie: cookie, ...headers } });
}
const on = () => activeChaos(web.store.db);

test('every view of a message counts its checks, and one lists them with what to do', async () => {
  for (const view of ['', '/text', '/headers', '/source']) {
    const page = textOf(await web.page(`/inbox/${messageId}${view}`));
    expect(page).toMatch(/Checks \d+ required rules fail, \d+ to improve, .*\d+ passed/);
  }
  const page = textOf(await web.page(`/inbox/${messageId}/checks`));
  expect(page).toMatch(
    /Fail From, Date, Subject and Message-ID stand exactly once Date 0 times, Message-ID 0 times Write each of them once/,
  );
  expect(page).toMatch(/Passed .* Pass Header and body are ASCII/);
  expect(page).toContain('HTML: 0.0 kB of 90 kB');
  expect(page).toContain('Ask SpamAssassin');
});

test('SpamAssassin is asked where a person asks for it, and the page tells of any end', async () => {
  const page = textOf(await web.page(`/inbox/${messageId}/checks?spam=yes`));
  expect(page).toMatch(/SpamAssassin (?:is not installed here|scores it -?\d|gave no score)/);
}, 90_000);

test('a fault is switched on and off from the page, and a banner tells while it is on', async () => {
  expect(textOf(await web.page('/inbox'))).not.toContain('Chaos is on');
  const started = await post('/inbox/chaos', {
    kind: 'greylist',
    count: '3',
    minutes: '5',
    recipient: 'ada@example.com',
  });
  expect([started.status, started.headers.get('location')]).toEqual([303, '/inbox/chaos']);
  await post('/inbox/chaos', { kind: 'slow', count: '', minutes: '120', recipient: '' });
  expect(await on()).toMatchObject([
    { kind: 'greylist', remaining: 3, recipient: 'ada@example.com' },
    { kind: 'slow', remaining: null, recipient: null },
  ]);
  for (const path of ['/inbox', `/inbox/${messageId}`, `/inbox/${messageId}/checks`]) {
    expect(textOf(await web.page(path))).toContain('Chaos is on: Greylist, Slow');
  }
  const page = textOf(await web.page('/inbox/chaos'));
  expect(page).toContain('The next 3 mails to ada@example.com, until');
  expect(page).toContain('All mails, until');
  expect((await post('/inbox/chaos/end', { kind: 'slow' })).status).toBe(303);
  expect(await on()).toMatchObject([{ kind: 'greylist' }]);
  await post('/inbox/chaos/end', {});
  expect(await on()).toEqual([]);
});

test.each([
  [{ kind: 'storm', minutes: '5' }],
  [{ minutes: '5' }],
  [{ kind: 'slow' }],
  [{ kind: 'slow', minutes: '0' }],
  [{ kind: 'slow', minutes: '121' }],
  [{ kind: 'slow', minutes: '5', count: '-1' }],
  [{ kind: 'slow', minutes: '5', count: '1e3' }],
  [{ kind: 'slow', minutes: '5', recipient: 'nobody' }],
] as Readonly<Record<string, string>>[][])(
  '%j is refused and switches nothing on',
  async (fields = {}) => {
    expect((await post('/inbox/chaos', fields)).status).toBe(400);
    expect((await post('/inbox/chaos/end', { kind: 'storm' })).status).toBe(400);
    expect(await on()).toEqual([]);
  },
);

test('another site, a stranger and a GET switch nothing on', async () => {
  const fields = { kind: 'reject', minutes: '5' };
  for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
    expect((await post('http://localhost/inbox/chaos', fields, headers)).status).toBe(403);
  }
  expect((await post('http://paperboy.example.org/inbox/chaos', fields)).status).toBe(401);
  await web.get('/inbox/chaos?kind=reject&minutes=5');
  expect((await web.get('/inbox/chaos/end')).status).toBe(404);
  const { get } = web.under({ smtpUrl: 'smtp://relay.example.org' });
  const body = new URLSearchParams(fields);
  expect((await get('/inbox/chaos', { method: 'POST', body })).status).toBe(404);
  expect(await on()).toEqual([]);
});

test('without the token of the form, or with that of another browser, no fault is switched on or off', async () => {
  await startChaos(web.store.db, { kind: 'slow', forMs: 60_000 });
  const theirs = tokenIn(await web.page('/inbox/chaos'));
  for (const token of ['', theirs, `${theirs}x`, 'x'.repeat(43)]) {
    const fields = { 'form-token': token, kind: 'reject', minutes: '5' };
    for (const path of ['/inbox/chaos', '/inbox/chaos/end'])
      expect([path, (await post(path, fields)).status]).toEqual([path, 403]);
  }
  expect(await on()).toMatchObject([{ kind: 'slow' }]);
});

test('a form of a fault names each of its fields', async () => {
  const elements = elementsOf(await web.page('/inbox/chaos'));
  const labelled = new Set(elements.flatMap(({ attributes }) => attributes.get('for') ?? []));
  const fields = elements.filter(
    ({ name, attributes }) =>
      name === 'input' && !['radio', 'hidden'].includes(attributes.get('type') ?? ''),
  );
  expect(
    fields.map(({ attributes }) => attributes.get('id')).every((id) => labelled.has(id ?? '')),
  ).toBe(true);
  expect(fields).toHaveLength(3);
});
