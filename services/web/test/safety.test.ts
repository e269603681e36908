import { readdirSync, readFileSync } from 'node:fs';
import { ensureSubscriber, openStore, saveInboxMessage } from '@paperboy/store';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createWeb } from '../src/app.ts';
import { recordDay } from './listings.ts';
import { elementsOf, textOf } from './markup.ts';
import { links, openWeb, rowsDigest, type TestWeb } from './support.ts';

let web: TestWeb;
let paths: { open: string[]; closed: string[]; assets: string[]; own: string; leave: string };
beforeAll(async () => {
  web = await openWeb();
  const { db } = web.store;
  await recordDay(web.store, {
    day: '2026-03-11',
    entries: [{ title: 'One paper', abstract: 'Text.' }],
  });
  const raw = Buffer.from('Subject: s\r\nContent-Type: text/html\r\n\r\n<p>x</p>');
  const mail = await saveInboxMessage(db, {
    mailFrom: '',
    recipients: ['a@example.com'],
    messageId: null,
    raw,
  });
  const { id } = await ensureSubscriber(db, {
    address: 'ada@example.com',
    domain: 'example.com',
    addressHash: links.addressHash('ada@example.com'),
    schedule: { cadence: 'daily', weekdays: [1], hour: 7, zone: 'UTC' },
    topics: [],
  });
  const leave = links.unsubscribe(id).pathname;
  paths = {
    own: links.preferences(id).pathname,
    leave,
    open: [
      '/',
      '/days',
      '/days/2026-03-11',
      '/days/2026-03-11?source=daily',
      '/papers/1',
      '/nothing-here',
    ],
    closed: [
      '/inbox',
      ...['', '/phone', '/text', '/headers', '/source'].map((view) => `/inbox/${mail}${view}`),
      leave,
      '/unsubscribe/wrong',
      '/admin/nothing',
    ],
    assets: [
      `/inbox/${mail}/body.html`,
      `/inbox/${mail}/message.eml`,
      '/admin',
      '/admin/queues',
      '/admin/queues/',
      '/admin/queues/api/queues',
      `${leave}/undo`,
      '/livez',
      '/readyz',
      '/metrics',
      '/favicon.svg',
      '/assets/paperboy.css',
    ],
  };
});
afterAll(() => web.close());

test('every page is well-formed, has one heading of the first level, a language, and one stylesheet', async () => {
  for (const path of [...paths.open, ...paths.closed]) {
    const page = await (await web.get(path)).text();
    const elements = elementsOf(page);
    const count = (name: string) => elements.filter((element) => element.name === name).length;
    expect([
      path,
      count('h1'),
      count('main'),
      count('title'),
      count('script'),
      count('style'),
    ]).toEqual([path, 1, 1, 1, 0, 0]);
    expect(elements[0]?.attributes.get('lang')).toBe('en');
    const outside = elements.flatMap(({ name, attributes }) =>
      name === 'a'
        ? []
        : [attributes.get('href'), attributes.get('src')].filter(
            (address) => address && !address.startsWith('/'),
          ),
    );
    expect(outside).toEqual([]);
  }
});

test('headings leave no level out', async () => {
  for (const path of [...paths.open, ...paths.closed]) {
    const page = await (await web.get(path)).text();
    const levels = elementsOf(page).flatMap(({ name }) =>
      /^h\d$/.test(name) ? [Number(name[1])] : [],
    );
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    }, 0);
  }
});

test('every answer carries the headers that keep it safe', async () => {
  for (const path of [...paths.open, ...paths.closed, ...paths.assets]) {
    const { headers } = await web.get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/frame-ancestors '(?:none|self)'/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe|\*/);
    // Forms of the operator's pages are bound to a cookie; readers get none.
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(path.startsWith('/admin') ? /^paperboy_form=|^$/ : /^$/);
  }
});

test('private pages are in no cache and no index; public ones are asked about again', async () => {
  const isAsset = (path: string) => path.startsWith('/favicon') || path.startsWith('/assets');
  for (const path of [...paths.closed, ...paths.assets.filter((asset) => !isAsset(asset))]) {
    const { headers } = await web.get(path);
    expect([path, headers.get('cache-control'), headers.get('x-robots-tag')]).toEqual([
      path,
      'no-store',
      expect.stringContaining('noindex'),
    ]);
  }
  const front = await web.get('/');
  expect(front.headers.get('cache-control')).toBe('no-cache');
  const etag = front.headers.get('etag') ?? '';
  expect((await web.get('/', { headers: { 'If-None-Match': etag } })).status).toBe(304);
});

test('the stylesheet is kept for ever under the version that pages name, and under no other', async () => {
  const href = /href="(\/assets\/[^"]+)"/.exec(await web.page('/'))?.[1] ?? '';
  expect((await web.get(href)).headers.get('cache-control')).toContain('immutable');
  expect((await web.get('/assets/paperboy.css?v=older')).headers.get('cache-control')).toBe(
    'no-cache',
  );
});

test('every file of the style is in the one stylesheet', async () => {
  const served = await web.page('/assets/paperboy.css');
  const folder = new URL('../src/styles/', import.meta.url);
  const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((text) => !served.includes(text))).toEqual([]);
  expect(served).toHaveLength(files.join('').length);
});

test('reading any page changes nothing', async () => {
  const all = [...paths.open, ...paths.closed, ...paths.assets];
  const before = await rowsDigest(web.store);
  for (const path of all) {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const { status } = await web.get(path, { method });
      expect([path, method, status < 500]).toEqual([path, method, true]);
    }
  }
  expect(await rowsDigest(web.store)).toBe(before);
});

test('a page that is not there says so, as JSON where JSON is asked for', async () => {
  const page = await web.get('/nothing-here');
  expect(page.status).toBe(404);
  expect(textOf(await page.text())).toContain('404 Not found There is no page at this address.');
  const problem = await web.get('/papers/999', { headers: { Accept: 'application/json' } });
  expect(problem.headers.get('content-type')).toBe('application/problem+json');
  expect(await problem.json()).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
    title: 'Not found',
  });
});

test('every page that says what went wrong has the number by which the log knows the request', async () => {
  const headers = { 'X-Request-Id': 'request-4711' };
  const body = 'x'.repeat(70_000);
  const asked: [number, string, RequestInit?][] = [
    [404, '/nothing-here'],
    [404, '/papers/999'],
    [404, '/unsubscribe/wrong'],
    [404, '/admin/sources/nobody'],
    [404, '/days/%'],
    [401, 'http://paperboy.example.org/inbox'],
    [403, '/inbox/chaos', { method: 'POST' }],
    [413, '/unsubscribe/wrong', { method: 'POST', body }],
    [422, '/subscribe', { method: 'POST', body: new URLSearchParams({ address: 'nobody' }) }],
    [422, paths.own, { method: 'POST', body: new URLSearchParams({ do: 'save', hour: '99' }) }],
  ];
  for (const [status, path, init] of asked) {
    const answer = await web.get(path, { ...init, headers });
    const told = (await answer.text()).includes('<code>request-4711</code>');
    expect([path, answer.status, told]).toEqual([path, status, true]);
  }
});

test('paths that try to reach elsewhere find nothing and lead nowhere else', async () => {
  const tricks = [
    ...[
      '/assets/../../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e/src/app.ts',
    ],
    ...[
      '//example.org/',
      '/%5cexample.org',
      '/days/2026-03-11%00',
      '/papers/1%2f..%2f2',
      '/%c0%ae',
    ],
    ...['/topics/%e0%a4%a', '/inbox/%2e%2e%2fmetrics', `/${'a/'.repeat(2_000)}`, '/days/%'],
  ];
  for (const path of tricks) {
    const answer = await web.get(path);
    expect([path, answer.status]).toEqual([
      path,
      expect.toSatisfy((code) => [400, 404].includes(code)),
    ]);
    expect(await answer.text()).not.toContain('"name": "paperboy"');
  }
});

test('where no mail is sent every page says so', async () => {
  const off = web.under({ sending: false });
  for (const path of ['/', '/papers/1', '/trends', '/subscribe'])
    expect(await (await off.get(path)).text()).toContain('No mail goes out right now');
  expect(await web.page('/')).not.toContain('No mail goes out');
});

test('a body larger than any form is refused', async () => {
  const body = 'x'.repeat(70_000);
  const known = await web.get('/unsubscribe/wrong', { method: 'POST', body });
  const length = { 'Content-Length': '70000' };
  const told = await web.get('/unsubscribe/wrong', { method: 'POST', body, headers: length });
  expect([known.status, told.status]).toEqual([413, 413]);
});

test('a fault is told with a number to find it by in the log, and without its cause', async () => {
  const broken = vi
    .spyOn(web.deps.metrics, 'render')
    .mockRejectedValueOnce(new TypeError('secret detail'));
  const answer = await web.get('/metrics', { headers: { 'X-Request-Id': 'request-0815' } });
  broken.mockRestore();
  const page = await answer.text();
  expect(answer.status).toBe(500);
  expect(page).toContain('request-0815');
  expect(page).not.toContain('secret detail');
  expect(web.errors).toMatchObject([
    { event: 'request.failed', requestId: 'request-0815', route: '/metrics' },
  ]);
});

test('while the database is away each address says so in its own form, and when to ask again', async () => {
  const store = openStore({ url: 'postgres://127.0.0.1:1/away', onIdleError: () => {} });
  const away = createWeb({ ...web.deps, db: store.db });
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const feedReader = 'application/atom+xml, text/xml;q=0.9, text/html;q=0.2, */*;q=0.1';
  const [page, text, json] = ['text/html', 'text/plain', 'application/problem+json'];
  for (const [path, accept, form] of [
    ['/', browser, page],
    ['/topics', '*/*', page],
    ['/topics', 'application/json', json],
    ['/admin', browser, page],
    ['/feed.atom', browser, page],
    ['/feed.atom', feedReader, text],
    ['/topics/some/feed.atom', '*/*', text],
    ['/opml', '*/*', text],
    ['/feed.json', feedReader, json],
    ['/feed.json', '*/*', json],
    ['/api/v1/papers', browser, json],
  ] as const) {
    const answer = await away.request(path, {
      headers: { Accept: accept, 'X-Request-Id': 'request-0503' },
    });
    const { headers } = answer;
    const [type] = headers.get('content-type')?.split(';') ?? [];
    expect([path, accept, answer.status, type]).toEqual([path, accept, 503, form]);
    expect([headers.get('retry-after'), headers.get('cache-control')]).toEqual(['60', 'no-store']);
    const told = await answer.text();
    expect(told).toContain('A part of Paperboy does not answer right now.');
    expect(told).toContain('request-0503');
    expect(told).not.toContain('127.0.0.1');
    expect(told.includes('<a href="">Try again</a>')).toBe(form === page);
  }
  const sent = await away.request(paths.leave, { method: 'POST' });
  expect(sent.status).toBe(503);
  expect(textOf(await sent.text())).toContain('What you sent may not have been kept:');
  await store.close();
});

test('behind TLS browsers are told to stay there', async () => {
  const { get } = web.under({ publicUrl: 'https://paperboy.example.org' });
  expect((await get('/')).headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
  expect((await web.get('/')).headers.get('strict-transport-security')).toBeNull();
});
