import { type DeliveryId, idOf, type SubscriberId } from '@paperboy/core';
import {
  addSubscriber,
  findSubscriber,
  listAudit,
  listSources,
  showDelivery,
} from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loggedIn, type Visit } from './admin-support.ts';
import { recordDay } from './listings.ts';
import { elementsOf, textOf } from './markup.ts';
import { links, openWeb, rowsDigest, type TestWeb } from './support.ts';

let web: TestWeb;
let ada: Visit;
let reader: SubscriberId;
let delivery: DeliveryId;
beforeAll(async () => {
  web = await openWeb();
  ada = await loggedIn(web, { name: 'Ada' });
  const { db, pool } = web.store;
  const title = 'A <script>alert(1)</script> paper';
  await recordDay(web.store, { day: '2026-03-11', entries: [{ title, abstract: 'Text.' }] });
  const { topicId } = await web.deps.topics.find('vision');
  reader = await addSubscriber(db, {
    address: 'ada@example.com',
    domain: 'example.com',
    addressHash: links.addressHash('ada@example.com'),
    schedule: { cadence: 'daily', weekdays: [1], hour: 7, zone: 'UTC' },
    topics: [{ topicId, name: 'vision' }],
  });
  await pool.query(`insert into edition (cadence, window_end, through_no, send_until)
    values ('daily', '2026-03-11T07:00Z', 1, '2026-03-12T07:00Z')`);
  const made = await pool.query<{ id: string }>(
    `insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers, state)
    values (1, $1, 'example.com', '{1}', '{}', 'uncertain') returning id`,
    [reader],
  );
  delivery = idOf('delivery', made.rows[0]?.id ?? '');
});
afterAll(() => web.close());

const lastNote = async () => (await listAudit(web.store.db, { limit: 1 }))[0];
const source = async () => (await listSources(web.store.db))[0];

const PAGES = () => [
  ...['/admin', '/admin/sources', '/admin/sources/daily', '/admin/pages/1', '/admin/editions'],
  ...[
    '/admin/deliveries',
    '/admin/deliveries?state=uncertain&domain=example.com',
    `/admin/deliveries/${delivery}`,
  ],
  ...[
    '/admin/subscribers',
    '/admin/subscribers?part=ADA&state=active',
    `/admin/subscribers/${reader}`,
  ],
  ...[
    '/admin/subscribers/import',
    '/admin/bounces',
    '/admin/topics',
    '/admin/settings',
    '/admin/jobs',
  ],
  ...[
    '/admin/jobs?queue=mailer&state=completed',
    '/admin/admins',
    '/admin/log',
    '/admin?said=welcome',
  ],
];

test('every page is well-formed, has one heading, and holds no markup from outside; looking changes nothing', async () => {
  const bo = await loggedIn(web, { name: 'Bo', role: 'read-only' });
  const before = await rowsDigest(web.store);
  for (const visitor of [ada, bo]) {
    for (const path of PAGES()) {
      const page = await visitor.page(path);
      const elements = elementsOf(page);
      expect([path, elements.filter(({ name }) => name === 'h1').length]).toEqual([path, 1]);
      expect(page).not.toContain('alert(1)</script>');
      const current = elements.filter(
        ({ attributes }) => attributes.get('aria-current') === 'page',
      );
      expect([path, current.length]).toEqual([path, path.startsWith('/admin/jobs') ? 3 : 2]);
    }
  }
  expect(await rowsDigest(web.store)).toBe(before);
});

test('what is not there, or no such thing, is told as that', async () => {
  for (const path of [
    ...['/admin/sources/nothing', '/admin/pages/0', '/admin/pages/x', '/admin/pages/999'],
    ...[
      '/admin/deliveries/999',
      '/admin/deliveries/x',
      '/admin/subscribers/0',
      '/admin/subscribers/99',
    ],
  ]) {
    expect([path, (await ada.get(path)).status]).toEqual([path, 404]);
  }
  const odd = '?state=nothing&edition=x&subscriber=%00&before=-1&domain=%3Cb%3E&part=%25&after=%27';
  for (const path of ['/admin/deliveries', '/admin/subscribers', '/admin/jobs', '/admin/log']) {
    elementsOf(await ada.page(path + odd));
  }
});

test('a fetched page stands beside what was read from it, as text', async () => {
  const page = textOf(await ada.page('/admin/pages/1'));
  expect(page).toContain('A <script>alert(1)</script> paper');
  expect(page).toMatch(/As it came .* As it was read .* No longer listed/);
  expect(page).toContain('new-batch');
});

test('a source is paused, resumed and asked; each is written down', async () => {
  await ada.post('/admin/sources/daily/pause', {}, '/admin/sources/daily');
  expect((await source())?.state).toBe('paused');
  expect(await lastNote()).toMatchObject({
    actor: 'Ada',
    action: 'pause',
    object: 'source daily',
    was: 'active',
    became: 'paused',
  });
  await web.store.pool.query(`update source set url = 'https://example.org/list'`);
  const refused = await ada.post('/admin/sources/daily/fetch', {}, '/admin/sources/daily');
  expect(refused.status).toBe(400);
  await ada.post('/admin/sources/daily/resume', {}, '/admin/sources/daily');
  const asked = await ada.post('/admin/sources/daily/fetch', {}, '/admin/sources/daily');
  expect(asked.headers.get('location')).toBe('/admin/sources/daily?said=asked');
  const { health } = (await source()) ?? {};
  expect(health).toMatchObject({ nextAskWhy: 'asked for by an admin' });
  const jobs = textOf(await ada.page('/admin/jobs?queue=ingest&state=waiting'));
  expect(jobs).toContain('fetch-page');
  expect(jobs).toContain((await source())?.title);
});

test('an uncertain delivery is settled by a person, and the word is taken back', async () => {
  const at = `/admin/deliveries/${delivery}`;
  const shown = async () => textOf(await ada.page(at));
  expect(await shown()).toMatch(/By itself it is sent once more, from .* UTC on, unless/);
  await web.store.pool.query('update delivery set resent_at = now() where id = $1', [delivery]);
  expect(await shown()).toContain('Nothing happens by itself: it waits for your word.');
  await web.store.pool.query('update delivery set resent_at = null where id = $1', [delivery]);
  expect((await ada.post(`${at}/resolve`, { as: 'sent' }, at)).status).toBe(400);
  expect((await ada.post(`${at}/resolve`, { as: 'accepted' }, at)).headers.get('location')).toBe(
    `${at}?said=resolved`,
  );
  expect((await showDelivery(web.store.db, delivery)).state).toBe('accepted');
  expect((await ada.post(`${at}/resolve`, { as: 'accepted' }, at)).status).toBe(400);
  await ada.post(`${at}/undo`, {}, at);
  expect((await showDelivery(web.store.db, delivery)).state).toBe('uncertain');
  expect(await lastNote()).toMatchObject({ action: 'undo', was: 'accepted', became: 'uncertain' });
  expect(textOf(await ada.page('/admin'))).toContain('1 uncertain delivery');
});

test('a reader is paused, resumed, removed, taken back and erased, and the log names no address', async () => {
  const at = `/admin/subscribers/${reader}`;
  const press = (action: string, fields = {}) => ada.post(`${at}/${action}`, fields, at);
  const state = async () => (await findSubscriber(web.store.db, reader)).state;
  for (const days of ['', '0', '366', '1.5', 'x'])
    expect((await press('pause', { days })).status).toBe(400);
  await press('pause', { days: '30' });
  expect(await state()).toBe('paused');
  await press('resume');
  expect(await state()).toBe('active');
  expect((await press('resume')).status).toBe(400);
  await press('remove');
  expect(await state()).toBe('left');
  await press('rejoin');
  expect(await state()).toBe('active');
  expect(textOf(await ada.page(at))).toMatch(/imported .* left by operator .* rejoined/);
  expect((await press('erase')).status).toBe(400);
  await press('erase', { sure: 'yes' });
  expect((await findSubscriber(web.store.db, reader)).address).toMatch(/^erased-/);
  expect(await ada.page('/admin/log')).not.toContain('ada@example.com');
});

test('an import tells first what would happen, row by row, and then does that once', async () => {
  await ada.post('/admin/suppressions/add', { address: 'never@example.com' }, '/admin/bounces');
  const rows = [
    'address,topics,hour,quiet_days,mail_format,names,strictness',
    'new@example.com,vision,18,note,text,Seeing,strict',
    'never@example.com,vision,7',
    'ada,vision,7',
    'bo@example.com,vision,7,,pdf',
  ];
  const file = new File([`${rows.join('\r\n')}\r\n`], 'list.csv', { type: 'text/csv' });
  const before = await rowsDigest(web.store);
  const shown = await ada.post('/admin/subscribers/import', { file });
  const page = await shown.text();
  elementsOf(page);
  expect(textOf(page)).toContain(
    '1 reader would be added. Left out: 0 here already, 1 that must not be mailed, 2 that cannot be read.',
  );
  expect(textOf(page)).toContain(
    'new@example.com added Seeing (strict) · plain text alone · a line on quiet days',
  );
  expect(textOf(page)).toContain('bo@example.com refused mail_format is one of html, text');
  const changed = (await rowsDigest(web.store))
    .split('\n')
    .filter((line) => !before.includes(line));
  expect(changed.map((line) => line.split(' ')[0])).toEqual(['import_draft']);

  const draft = /name="draft" value="(\d+)"/.exec(page)?.[1] ?? '';
  const confirm = (visitor: Visit, agreed = 'yes') =>
    visitor.post(
      '/admin/subscribers/import/confirm',
      { draft, agreed },
      '/admin/subscribers/import',
    );
  const bo = await loggedIn(web, { name: 'Cy' });
  expect((await confirm(bo)).status).toBe(404);
  expect((await confirm(ada, '')).status).toBe(400);
  expect(textOf(await (await confirm(ada)).text())).toContain('1 reader taken in.');
  expect(await findSubscriber(web.store.db, 'new@example.com')).toMatchObject({
    state: 'active',
    schedule: { hour: 18 },
    quietDays: 'note',
    mailFormat: 'text',
    topics: [{ name: 'Seeing', query: 'vision', strictness: 'strict' }],
  });
  expect((await confirm(ada)).status).toBe(404);
  expect(await lastNote()).toMatchObject({ action: 'import', object: '1 subscriber' });
  const again = await ada.post('/admin/subscribers/import', { file });
  expect(textOf(await again.text())).toContain(
    '0 readers would be added. Left out: 1 here already',
  );
});

test('files that are none, and files that are too large, are refused with a clear word', async () => {
  const send = async (content: string | Uint8Array<ArrayBuffer>) =>
    ada.post('/admin/subscribers/import', { file: new File([content], 'x.csv') });
  expect((await send('')).status).toBe(400);
  expect((await send(new Uint8Array([0xff, 0xfe, 0x41]))).status).toBe(400);
  expect((await send('name\nx')).status).toBe(400);
  expect((await send('x'.repeat(2_200_000))).status).toBe(413);
  expect((await ada.post('/admin/subscribers/import', { file: 'text' })).status).toBe(400);
});

test('the export is a file of all readers, and written down', async () => {
  const file = await ada.post('/admin/subscribers/export', {}, '/admin/subscribers');
  expect(file.headers.get('content-type')).toContain('text/csv');
  expect(file.headers.get('content-disposition')).toContain('attachment');
  expect(await file.text()).toMatch(
    /^address,topics,.*\r\n(?:.*\r\n)*new@example\.com,"""vision""",Seeing,strict,daily,.*,20,note,text,active\r\n/,
  );
  expect(await lastNote()).toMatchObject({ action: 'export', object: '2 subscribers' });
});

test('an address is suppressed and mailed again by a person', async () => {
  const press = (action: string, address: string) =>
    ada.post(`/admin/suppressions/${action}`, { address }, '/admin/bounces');
  expect((await press('add', 'no address')).status).toBe(400);
  await press('add', 'new@example.com');
  const page = await ada.page('/admin/bounces');
  expect(textOf(page)).toContain('new@example.com operator');
  const lifted = await press('remove', 'new@example.com');
  expect(lifted.headers.get('location')).toBe('/admin/bounces?said=lifted-mailed');
  expect((await press('remove', 'new@example.com')).status).toBe(404);
});

test('settings are shown with their secrets masked', async () => {
  const page = textOf(await ada.page('/admin/settings'));
  expect(page).toContain('ADMIN_PASSWORD *** set Password');
  expect(page).not.toContain('never shown');
});

test('queues are paused and resumed, and what is no job is told', async () => {
  const press = (action: string, fields: Record<string, string>) =>
    ada.post(`/admin/jobs/${action}`, fields, '/admin/jobs');
  await press('pause', { queue: 'mailer' });
  expect(textOf(await ada.page('/admin'))).toMatch(/This stops mail .*Queue mailer is paused\./);
  await press('resume', { queue: 'mailer' });
  expect(textOf(await ada.page('/admin'))).not.toContain('is paused');
  for (const id of ['', 'x', 'ingest/999', 'nothing/1'])
    expect((await press('retry', { id })).status).toBe(404);
  expect((await press('pause', { queue: 'nothing' })).status).toBe(404);
  expect((await press('retry-all', { queue: 'ingest' })).headers.get('location')).toContain(
    'said=retried-all',
  );
});
