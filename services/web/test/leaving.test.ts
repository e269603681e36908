import { idOf, type SubscriberId } from '@paperboy/core';
import { ensureSubscriber, findSubscriber } from '@paperboy/store';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { elementsOf, textOf } from './markup.ts';
import { links, openWeb, rowsDigest, type TestWeb } from './support.ts';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());

let readers = 0;
async function reader(): Promise<{ id: SubscriberId; path: string }> {
  const address = `reader-${++readers}@example.com`;
  const { id } = await ensureSubscriber(web.store.db, {
    address,
    domain: 'example.com',
    addressHash: links.addressHash(address),
    schedule: { cadence: 'daily', weekdays: [1, 2, 3, 4, 5, 6, 7], hour: 7, zone: 'UTC' },
    topics: [],
  });
  return { id, path: links.unsubscribe(id).pathname };
}

const stateOf = async (id: SubscriberId) => (await findSubscriber(web.store.db, id)).state;

const post = (path: string, init: RequestInit = {}) => web.get(path, { method: 'POST', ...init });

test('the page asks, and neither it nor its head changes anything, however often they are read', async () => {
  const { path } = await reader();
  const before = await rowsDigest(web.store);
  for (let time = 0; time < 20; time++) {
    const page = await web.get(path);
    expect(page.status).toBe(200);
    expect(textOf(await page.text())).toContain(
      'Leave Paperboy? No more digests will be sent to re…@example.com',
    );
    expect((await web.get(path, { method: 'HEAD' })).status).toBe(200);
    expect((await web.get(`${path}/undo`)).status).toBe(302);
  }
  expect(await rowsDigest(web.store)).toBe(before);
});

const oneClickForm = new FormData();
oneClickForm.set('List-Unsubscribe', 'One-Click');
const ways: [string, string, RequestInit][] = [
  ['the button of the page', 'page', { body: new URLSearchParams() }],
  [
    'one click, urlencoded',
    'one-click',
    { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) },
  ],
  ['one click, multipart', 'one-click', { body: oneClickForm }],
  ['a post without a body', 'page', {}],
  [
    'a body that is no form',
    'page',
    { body: '{', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } },
  ],
  [
    'a foreign or null origin',
    'page',
    { headers: { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' } },
  ],
];
test.each(ways)('%s leaves at once, and a second time changes nothing', async (_, by, init) => {
  const { id, path } = await reader();
  const answer = await post(path, init);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(textOf(await answer.text())).toContain('You have left');
  expect(await stateOf(id)).toBe('left');
  const events = await web.store.db
    .selectFrom('consent_event')
    .select(['kind', 'detail'])
    .where('subscriber_id', '=', id)
    .orderBy('id', 'desc')
    .execute();
  expect(events[0]).toEqual({ kind: 'left', detail: { by } });

  const before = await rowsDigest(web.store);
  expect((await post(path, init)).status).toBe(200);
  expect(await rowsDigest(web.store)).toBe(before);
});

test('leaving can be undone from the goodbye page, which is there on a second visit too', async () => {
  const { id, path } = await reader();
  await post(path);
  const page = await (await web.get(path)).text();
  const form = elementsOf(page).find(({ name }) => name === 'form');
  expect(form?.attributes.get('action')).toBe(`${path}/undo`);
  const back = await post(`${path}/undo`);
  expect(back.status).toBe(200);
  expect(textOf(await back.text())).toContain('Welcome back');
  expect(await stateOf(id)).toBe('active');
  expect((await post(`${path}/undo`)).status).toBe(200);
});

test.each([
  ['weekly', 'once a week', { schedule: { cadence: 'weekly', weekdays: [5] } }],
  ['fewer', 'five papers at most', { maxPapers: 5 }],
  ['pause', 'for 30 days', { state: 'paused' }],
])('who has left may take less instead: %s', async (instead, said, becomes) => {
  const { id, path } = await reader();
  await post(path);
  expect(await (await web.get(path)).text()).toContain(`name="instead" value="${instead}"`);
  const body = new URLSearchParams({ instead });
  const answer = await post(`${path}/undo`, { body });
  expect(textOf(await answer.text())).toContain(said);
  expect(await findSubscriber(web.store.db, id)).toMatchObject({ state: 'active', ...becomes });
  // Pressed once more, or by somebody who never left, it changes nothing.
  const before = await rowsDigest(web.store);
  await post(`${path}/undo`, { body: new URLSearchParams({ instead: 'pause' }) });
  expect(await rowsDigest(web.store)).toBe(before);
});

test('who comes back while a complaint stands is not told that digests go out', async () => {
  const { id, path } = await reader();
  await post(path);
  await web.store.pool.query(
    `insert into suppression (address_hash, reason) select address_hash, 'complaint' from subscriber where id = $1
     on conflict (address_hash) do update set reason = 'complaint'`,
    [id],
  );
  const text = textOf(await (await post(`${path}/undo`)).text());
  expect(text).toContain('Kept, but not mailed');
  expect(text).not.toContain('Welcome back');
});

test('after a day leaving stays', async () => {
  const { id, path } = await reader();
  await post(path);
  await web.store.pool.query(
    `update subscriber set left_at = now() - interval '25 hours' where id = $1`,
    [id],
  );
  expect(textOf(await (await web.get(path)).text())).not.toContain('Undo');
  const late = await post(`${path}/undo`);
  expect(late.status).toBe(409);
  expect(textOf(await late.text())).toContain('Too late to undo');
  expect(await stateOf(id)).toBe('left');
});

test('another reader is not touched', async () => {
  const [one, other] = [await reader(), await reader()];
  await post(one.path);
  expect(await stateOf(other.id)).toBe('active');
});

/** A page but for the number of its request, by which an operator finds it in the log. */
const withoutId = async (answer: Response) =>
  (await answer.text()).replaceAll(answer.headers.get('x-request-id') ?? '', '');

test('wrong tokens get one page without detail, and change nothing', async () => {
  const { id, path } = await reader();
  const token = path.split('/').at(-1) ?? '';
  const erased = links.unsubscribe(idOf('subscriber', '999999')).pathname.split('/').at(-1);
  const before = await rowsDigest(web.store);
  const wrong = [
    token.slice(0, -1),
    `${token}A`,
    token.toLowerCase(),
    links.preferences(id).pathname.split('/').at(-1),
    links.feed(id, 1).pathname.split('/').at(-1),
    erased,
    'x',
    '%00',
    'a'.repeat(5_000),
  ];
  const pages = new Set<string>();
  for (const text of wrong) {
    for (const target of [`/unsubscribe/${text}`, `/unsubscribe/${text}/undo`]) {
      const answer = await post(target, {
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      });
      expect([target, answer.status]).toEqual([target, 404]);
      pages.add(await withoutId(answer));
    }
    const asked = await web.get(`/unsubscribe/${text}`);
    expect(asked.status).toBe(404);
    pages.add(await withoutId(asked));
  }
  expect(pages.size).toBe(1);
  expect(textOf([...pages].join(''))).toContain('Open the link from the newest mail');
  expect(await rowsDigest(web.store)).toBe(before);
});

test('no token with a letter changed lets anybody leave', async () => {
  const { id, path } = await reader();
  const token = path.split('/').at(-1) ?? '';
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
  const changes = fc.record({ at: fc.nat(token.length - 1), letter: fc.constantFrom(...letters) });
  const holds = fc.asyncProperty(changes, async ({ at, letter }) => {
    fc.pre(token[at] !== letter);
    const answer = await post(`/unsubscribe/${token.slice(0, at)}${letter}${token.slice(at + 1)}`);
    expect(answer.status).toBe(404);
  });
  await fc.assert(holds, { numRuns: 200 });
  expect(await stateOf(id)).toBe('active');
});
