import { addSubscriber } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashPassword } from '../src/admin/password.ts';
import { createWeb } from '../src/app.ts';
import { loggedIn, tokenIn, type Visit } from './admin-support.ts';
import { recordDay } from './listings.ts';
import { links, openWeb, rowsDigest, type TestWeb } from './support.ts';

let web: TestWeb;
let ada: Visit;
let routes: readonly { readonly method: string; readonly path: string }[];
beforeAll(async () => {
  web = await openWeb();
  ada = await loggedIn(web, { name: 'Ada' });
  const passwordHash = await hashPassword('one that nobody sends', web.deps.passwordCost);
  await web.store.pool.query('update admin set password_hash = $1', [passwordHash]);
  await recordDay(web.store, { day: '2026-03-11', entries: [{ title: 'One', abstract: 'Text.' }] });
  await addSubscriber(web.store.db, {
    ...{ address: 'ada@example.com', domain: 'example.com' },
    addressHash: links.addressHash('ada@example.com'),
    schedule: { cadence: 'daily', weekdays: [1], hour: 7, zone: 'UTC' },
    topics: [],
  });
  const isOurs = (path: string) => !/^\/admin\/queues|^\/api\/v1|\*/.test(path);
  routes = createWeb(web.deps).routes.filter(
    ({ method, path }) => ['GET', 'POST'].includes(method) && isOurs(path),
  );
});
afterAll(() => web.close());

/** Counted and kept to hold the others off: how often somebody tried, when a session was last used. */
const COUNTED = /^(?:rate_bucket|admin_session) /;
const rows = async () =>
  (await rowsDigest(web.store)).split('\n').filter((line) => !COUNTED.test(line));

/** Values as they stand in an address: of other encodings, shapes and lengths than anything of ours. */
const HOSTILE = [
  ...['', '%00', '%ff', '%', '%ED%A0%80', '%F0%9F%93%B0', '-1', '0', '1e9', '9'.repeat(40)],
  ...['..%2f..%2fetc%2fpasswd', '%27--', '%3Cscript%3E', '__proto__', '%0d%0aSet-Cookie:a=b'],
  'a'.repeat(3_000),
];
/** Every name that a form or an address of ours knows. */
const NAMES = [
  ...['q', 'from', 'until', 'source', 'category', 'order', 'part', 'before', 'after', 'to'],
  ...['address', 'topic', 'query', 'name', 'cadence', 'weekday', 'hour', 'zone', 'recurring'],
  ...['max', 'format', 'quiet', 'opened', 'do', 'days', 'paper', 'want', 'strictness', 'sure'],
  ...['role', 'password', 'again', 'held', 'wanted', 'next', 'as', 'queue', 'id', 'draft'],
  ...['agreed', 'state', 'domain', 'edition', 'subscriber', 'kind', 'count', 'minutes', 'said'],
  ...['recipient', 'List-Unsubscribe', 'spam', 'year', 'month', 'view'],
];

const filled = (path: string, value: string) => path.replace(/:\w+(?:\{[^}]*\})?/g, value || '%20');
const STATUSES = [200, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429];
const isClear = ({ status }: Response) => STATUSES.includes(status);

async function expectClear(what: string, answer: Response): Promise<void> {
  expect([what, answer.status, isClear(answer)]).toEqual([what, answer.status, true]);
  if (answer.status >= 400) {
    const told = await answer.text();
    expect([what, /<h1>|"title"|^[\w ]+\.?$/m.test(told)]).toEqual([what, true]);
  }
}

test('no address brings a page down, whatever stands in it, and reading changes nothing', async () => {
  const before = await rows();
  const headers = {
    Cookie: [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  };
  for (const { path } of routes.filter(({ method }) => method === 'GET')) {
    const hasParts = path.includes(':');
    for (const value of HOSTILE) {
      const twice = NAMES.map((name) => `${name}=${value}&${name}=1`).join('&');
      const asked = hasParts ? filled(path, value) : `${path}?${twice}`;
      // The chosen hosts count as this machine.
      await expectClear(
        asked.slice(0, 120),
        await web.get(`http://localhost${asked}`, { headers }),
      );
    }
  }
  expect(await rows()).toEqual(before);
  expect(web.errors).toEqual([]);
});

type Body = Readonly<{ type?: string; body?: string }>;
/** Bodies of a form that is none, or of other content than it asks for. */
function bodies(token: string): Body[] {
  const form = 'application/x-www-form-urlencoded';
  const fields = (value: string) => NAMES.map((name) => `${name}=${value}`).join('&');
  const multipart = 'multipart/form-data; boundary=b';
  return [
    {},
    { type: form, body: '' },
    ...HOSTILE.filter(({ length }) => length < 100).map((value) => ({
      ...{ type: form, body: `form-token=${token}&${fields(value)}` },
    })),
    { type: form, body: `form-token=${token}&${fields('1')}&${fields('x'.repeat(500))}` },
    { type: form, body: `form-token=${token}&${'a=1&'.repeat(10_000)}` },
    { type: `${form}; charset=utf-16`, body: '\ufeffform-token' },
    { type: multipart, body: '--b\r\nContent-Disposition: form-data; name="address"\r\n\r\nx' },
    { type: multipart, body: '--c--' },
    { type: 'application/json', body: `{"form-token":"${token}","__proto__":{"address":1}}` },
    { type: 'text/xml', body: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>' },
    { type: 'nonsense', body: '\0' },
  ];
}

/** Presses that ask for nothing: what they do is done by whoever may. */
const WITHOUT_FIELDS = [
  ...['/admin/logout', '/admin/logout-everywhere', '/admin/subscribers/export'],
  ...['/admin/relay/retry', '/inbox/chaos/end'],
];

test('no form brings the service down or changes anything, whatever is sent in its place', async () => {
  const token = tokenIn(await ada.page('/admin/sources/daily'));
  const Cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const before = await rows();
  const forms = routes.filter(
    ({ method, path }) => method === 'POST' && !WITHOUT_FIELDS.includes(path),
  );
  expect(forms.length).toBeGreaterThan(25);
  for (const { path } of forms) {
    for (const { type, body } of bodies(token)) {
      const asked = filled(path, path.includes('resolve') ? '9' : 'nobody');
      const headers = {
        Cookie,
        'Sec-Fetch-Site': 'same-origin',
        ...(type && { 'Content-Type': type }),
      };
      const init = { method: 'POST', headers, ...(body !== undefined && { body }) };
      const answer = await web.get(`http://localhost${asked}`, init);
      await expectClear(`${asked} ${type} ${body?.slice(0, 200)}`, answer);
    }
  }
  expect(await rows()).toEqual(before);
  expect(web.errors).toEqual([]);
});

test('ten thousand guesses at the tokens of links open nothing and change nothing', async () => {
  const before = await rows();
  const kinds = ['unsubscribe', 'preferences', 'confirm', 'digests', 'feeds'];
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let drawn = 7;
  const guess = (length: number) =>
    Array.from({ length }, () => {
      drawn = (drawn * 1_103_515_245 + 12_345) % 2 ** 31;
      return letters[drawn % 64];
    }).join('');
  const statuses = new Set<number>();
  for (let number = 0; number < 10_000; number += 100) {
    const some = Array.from({ length: 100 }, (_, at) =>
      web.get(`/${kinds[(number + at) % kinds.length]}/${guess(10 + ((number + at) % 60))}`),
    );
    for (const { status } of await Promise.all(some)) statuses.add(status);
  }
  expect([...statuses].every((status) => status === 404 || status === 429)).toBe(true);
  expect(await rows()).toEqual(before);
});
