import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '@paperboy/runtime';
import { openStore } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWeb } from '../src/app.ts';
import { firstPages, isFirstPage } from '../src/first-pages.ts';
import { siteOf } from '../src/frame.ts';
import { type LaterDeps, startWeb } from '../src/index.ts';
import { textOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

let web: TestWeb;
const later = async () => web.deps;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());

test('the service listens, names its address and answers', async () => {
  const service = await startWeb(web.deps, later);
  expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const front = await fetch(service.url);
  expect(front.status).toBe(200);
  expect(textOf(await front.text())).toContain('Paperboy');
  await service.stop();
  await expect(fetch(service.url)).rejects.toThrow();
});

test('the first pages answer while the others are loaded; whoever asks for one of those waits for it', async () => {
  const given = Promise.withResolvers<LaterDeps>();
  const service = await startWeb(web.deps, () => given.promise);
  const others = ['/topics', '/api/v1/papers', '/nowhere'].map((path) => fetch(service.url + path));
  for (const path of ['/', '/days', '/livez', '/readyz', '/assets/paperboy.css'])
    expect([path, (await fetch(service.url + path)).status]).toEqual([path, 200]);
  const first = await Promise.race([...others, 'none']);
  expect(first).toBe('none');
  given.resolve(web.deps);
  await service.complete();
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 404]);
  await service.stop();
});

test('what others need may fail: the service says so, and still stops', async () => {
  const service = await startWeb(web.deps, () => Promise.reject(new Error('no queue')));
  await expect(service.complete()).rejects.toThrow('no queue');
  expect((await fetch(`${service.url}/livez`)).status).toBe(200);
  await service.stop();
});

test('the first pages are told from the others by their paths', () => {
  const site = siteOf(web.deps.settings);
  const first = new Set(firstPages(web.deps, site).routes.map(({ path }) => path));
  const all = createWeb(web.deps).routes.filter(({ path }) => !path.includes('*'));
  for (const { path } of all) expect([path, isFirstPage(path)]).toEqual([path, first.has(path)]);
});

test('clients that dribble, or never read, are dropped in time, and others are served meanwhile', async () => {
  const faults: string[] = [];
  const log = { ...silentLog, error: (event: string) => void faults.push(event) };
  const patience = {
    ...{ headersTimeout: 2_000, requestTimeout: 3_000, keepAliveTimeout: 500, timeout: 3_000 },
    connectionsCheckingInterval: 100,
  };
  const endless = { ...patience, headersTimeout: 0, requestTimeout: 0, timeout: 0 };
  const service = await startWeb({ ...web.deps, log }, later, patience);
  const waiting = await startWeb({ ...web.deps, log }, later, endless);
  // The same clients at a service that waits for ever: they go on there.
  const control = WAYS.map((way) => slowClient(waiting.url, way));
  const slow = WAYS.flatMap((way) =>
    Array.from({ length: way.count }, () => slowClient(service.url, way)),
  );
  let areDropped = false;
  const all = Promise.all(slow.map(({ closed }) => closed)).then(() => {
    areDropped = true;
  });
  const answers = new Set<number>();
  while (!areDropped) answers.add((await fetch(`${service.url}/days`)).status);
  await all;
  expect([...answers]).toEqual([200]);
  expect(control.filter(({ isOpen }) => isOpen())).toHaveLength(WAYS.length);
  expect(faults).toEqual([]);
  for (const { end } of control) end();
  await Promise.all([service.stop(), waiting.stop()]);
});

const FORM = 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000';
const LARGE = 'GET /assets/paperboy.css HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** What a slow client begins with and then says again and again: of its headers, of its body, or while it never reads. */
const WAYS = [
  { begins: 'GET / HTTP/1.1\r\nHost: localhost\r\n', goesOn: 'X-More: a\r\n', count: 50 },
  {
    begins: `POST /subscribe HTTP/1.1\r\nHost: localhost\r\n${FORM}\r\n\r\n`,
    ...{ goesOn: 'a', count: 50 },
  },
  { begins: LARGE.repeat(500), goesOn: LARGE, count: 2, reads: false },
];

function slowClient(url: string, way: (typeof WAYS)[number]) {
  const { begins, goesOn, reads = true } = way;
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  // Whoever is dropped learns it by what they write next.
  const timer = setInterval(() => socket.write(goesOn), 100);
  socket.on('error', () => {});
  if (reads) socket.resume();
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      clearInterval(timer);
      resolve();
    }),
  );
  socket.write(begins);
  return { closed, isOpen: () => !socket.destroyed, end: () => socket.destroy() };
}

test('a port that is taken is told in one sentence', async () => {
  const service = await startWeb(web.deps, later);
  const settings = { ...web.deps.settings, httpPort: Number(new URL(service.url).port) };
  const second = startWeb({ ...web.deps, settings }, later);
  await expect(second).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    detail: `something else listens on 127.0.0.1:${settings.httpPort}`,
  });
  await service.stop();
});

test('an address that this machine does not have is a mistake in the settings', async () => {
  const settings = { ...web.deps.settings, httpHost: '203.0.113.7', adminPassword: 'p' };
  await expect(startWeb({ ...web.deps, settings }, later)).rejects.toMatchObject({
    code: 'SETTING_INVALID',
  });
});

test('stopping closes connections that are kept open, at once', async () => {
  const service = await startWeb(web.deps, later);
  const { port } = new URL(service.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const start = performance.now();
  await service.stop();
  await closed;
  expect(performance.now() - start).toBeLessThan(2_000);
});

test('stopping waits for an answer under way', async () => {
  let release = () => {};
  const held = new Promise<string>((resolve) => {
    release = () => resolve('figures\n');
  });
  const metrics = { ...web.deps.metrics, render: () => held };
  const service = await startWeb({ ...web.deps, metrics }, later);
  const answer = fetch(`${service.url}/metrics`);
  await sleep(100);
  const stopped = service.stop();
  await sleep(100);
  release();
  expect(await (await answer).text()).toBe('figures\n');
  await stopped;
});

test('pages that are kept for a while answer, the first time and from what was kept', async () => {
  const app = createWeb({ ...web.deps, keepPagesMs: 60_000 });
  for (const path of ['/', '/days', '/topics', '/trends', '/feed.atom', '/feed.json']) {
    const texts = [];
    for (const _ of ['made', 'kept']) {
      const answer = await app.request(path);
      expect([path, answer.status]).toEqual([path, 200]);
      texts.push(await answer.text());
    }
    expect(texts[1]).toBe(texts[0]);
  }
});

test('a database that is away makes a page that says when to come back', async () => {
  const away = openStore({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
  const app = createWeb({ ...web.deps, db: away.db, log: silentLog });
  const answer = await app.request('/');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('60');
  expect(textOf(await answer.text())).toContain('does not answer right now');
  expect((await app.request('/livez')).status).toBe(200);
  await away.close();
});
