import { makeApiToken } from '@paperboy/email';
import { addApiToken, addSubscriber, inviteAdmin, listAudit } from '@paperboy/store';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hashPassword } from '../src/admin/password.ts';
import { loggedIn, type Visit, visit } from './admin-support.ts';
import { recordDay } from './listings.ts';
import { links, openWeb, rowsDigest, type TestWeb } from './support.ts';

let web: TestWeb;
let ada: Visit;
let apiToken: string;
const password = 'a sentence that is long enough';
const run = (sql: string) => web.store.pool.query(sql);
beforeAll(async () => {
  web = await openWeb();
  ada = await loggedIn(web, { name: 'Ada' });
  await loggedIn(web, { name: 'Bo' });
  const { db } = web.store;
  const passwordHash = await hashPassword(password, web.deps.passwordCost);
  await web.store.pool.query('update admin set password_hash = $1', [passwordHash]);
  await recordDay(web.store, { day: '2026-03-11', entries: [{ title: 'One', abstract: 'Text.' }] });
  await run(`update source set url = 'https://example.org/list'`);
  const reader = await addSubscriber(db, {
    ...{ address: 'ada@example.com', domain: 'example.com' },
    addressHash: links.addressHash('ada@example.com'),
    schedule: { cadence: 'daily', weekdays: [1], hour: 7, zone: 'UTC' },
    topics: [],
  });
  await run(`insert into edition (cadence, window_end, through_no, send_until)
    values ('daily', '2026-03-11T07:00Z', 1, '2026-03-12T07:00Z')`);
  await run(`insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers, state)
    values (1, ${reader}, 'example.com', '{1}', '{}', 'uncertain')`);
  const { token, hash } = makeApiToken();
  await addApiToken(db, { name: 'deployment', scope: 'write', hash });
  apiToken = token;
  await run(`create function refuse_note() returns trigger language plpgsql as
    $$ begin raise exception 'the note cannot be kept'; end $$`);
});
afterAll(() => web.close());
beforeEach(() => run('truncate rate_bucket'));

/** Whatever else is written meanwhile: when a session was last used, how often somebody tried. */
const MEANWHILE = /^(?:admin_session|api_token|rate_bucket) /;
const rows = async () => {
  const tables = (await rowsDigest(web.store)).split('\n');
  return tables.filter((line) => !MEANWHILE.test(line)).join('\n');
};

/** Runs `work` while nothing can be written down. */
async function withoutNotes<Result>(work: () => Promise<Result>): Promise<Result> {
  await run(
    'create trigger refuse before insert on audit_event for each row execute function refuse_note()',
  );
  try {
    return await work();
  } finally {
    await run('drop trigger refuse on audit_event');
  }
}

const READER = '/admin/subscribers/1';
type Press = readonly [path: string, fields: Record<string, string>, from: string];
/** Every change of the pages, each as it could be made now. */
const PRESSES: readonly Press[] = [
  ['/admin/sources/daily/pause', {}, '/admin/sources/daily'],
  ['/admin/sources/daily/resume', {}, '/admin/sources/daily'],
  ['/admin/sources/daily/fetch', {}, '/admin/sources/daily'],
  ['/admin/deliveries/1/resolve', { as: 'accepted' }, '/admin/deliveries/1'],
  [`${READER}/pause`, { days: '3' }, READER],
  [`${READER}/remove`, {}, READER],
  [`${READER}/erase`, { sure: 'yes' }, READER],
  ['/admin/subscribers/export', {}, '/admin/subscribers'],
  ['/admin/suppressions/add', { address: 'never@example.com' }, '/admin/bounces'],
  ['/admin/admins/invite', { role: 'full' }, '/admin/admins'],
  ['/admin/admins/remove', { name: 'Bo' }, '/admin/admins'],
  ['/admin/password', { held: password, wanted: 'quite another sentence' }, '/admin/admins'],
  ['/admin/logout-everywhere', {}, '/admin/admins'],
  ['/admin/jobs/pause', { queue: 'mailer' }, '/admin/jobs'],
  ['/admin/jobs/retry-all', { queue: 'ingest' }, '/admin/jobs'],
];

test('where a change cannot be written down it is not made, on any page', async () => {
  for (const [path, fields, from] of PRESSES) {
    const before = await rows();
    const answer = await withoutNotes(() => ada.post(path, fields, from));
    expect([path, answer.status]).toEqual([path, 500]);
    expect([path, await rows()]).toEqual([path, before]);
  }
  expect(await web.deps.queues.queueCounts()).toMatchObject([{ paused: false }, { paused: false }]);
  expect((await ada.get('/admin')).status).toBe(200);
});

test('an import that cannot be written down takes nobody in, and can be confirmed again', async () => {
  const file = new File(['address,topics\r\nnew@example.com,vision\r\n'], 'list.csv');
  const page = await (await ada.post('/admin/subscribers/import', { file })).text();
  const draft = /name="draft" value="(\d+)"/.exec(page)?.[1] ?? '';
  const path = '/admin/subscribers/import/confirm';
  const confirm = () => ada.post(path, { draft, agreed: 'yes' }, '/admin/subscribers/import');
  const readers = async () => (await run('select id from subscriber')).rowCount;
  const before = await readers();
  expect((await withoutNotes(confirm)).status).toBe(500);
  expect(await readers()).toBe(before);
  expect(await (await confirm()).text()).toContain('1 reader taken in.');
});

test('nobody comes in, and no invitation is used up, where that cannot be written down', async () => {
  const { token } = await inviteAdmin(web.store.db, { role: 'full', by: 'a test' });
  const path = `/admin/invitations/${token}`;
  const stranger = visit(web.get);
  const fields = { name: 'Cy', password, again: password };
  expect((await withoutNotes(() => stranger.post(path, fields))).status).toBe(500);
  const login = { name: 'Ada', password, next: '/admin' };
  expect((await withoutNotes(() => stranger.post('/admin/login', login))).status).toBe(500);
  expect(stranger.cookies.has('paperboy_session')).toBe(false);
  expect((await stranger.post(path, fields)).status).toBe(303);
});

test('the same holds for programs with a token', async () => {
  const calls = [
    ['POST', '/sources', { name: 'lab', title: 'Lab', url: 'https://lab.example.org/' }],
    ['PATCH', '/sources/daily', { state: 'paused' }],
    ['POST', '/sources/daily/fetches', undefined],
    ['POST', '/topics', { slug: 'water', query: '"water waves"', name: 'Water' }],
  ] as const;
  const ask = ([method, path, body]: (typeof calls)[number]) =>
    web.get(`/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  for (const one of calls) {
    const before = await rows();
    expect([one[1], (await withoutNotes(() => ask(one))).status]).toEqual([one[1], 500]);
    expect([one[1], await rows()]).toEqual([one[1], before]);
  }
});

test('a change that fails leaves no note behind', async () => {
  const last = async () => (await listAudit(web.store.db, { limit: 1 }))[0]?.id;
  const before = await last();
  await ada.post('/admin/jobs/retry', { id: 'ingest/999' }, '/admin/jobs');
  await ada.post('/admin/admins/remove', { name: 'nobody' }, '/admin/admins');
  await ada.post(`${READER}/rejoin`, {}, READER);
  const headers = {
    Cookie: [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    'Sec-Fetch-Site': 'same-origin',
  };
  const board = '/admin/queues/api/queues/ingest/999/retry/failed';
  const refused = await web.get(`http://localhost${board}`, { method: 'PUT', headers });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(await last()).toBe(before);
});
