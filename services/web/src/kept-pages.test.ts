import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { requestId } from 'hono/request-id';
import { expect, test } from 'vitest';
import { keptPages } from './kept-pages.ts';

const FOR_THE_TEST_MS = 3_600_000;

/** A page that says how often it was made, after `gate`. */
function counting(keepMs: number, gate: () => Promise<void> = async () => {}) {
  let made = 0;
  const app = new Hono();
  app.use(requestId());
  app.use(keptPages(keepMs), compress({ threshold: 0 }), etag());
  app.get('/', async (c) => {
    const number = ++made;
    await gate();
    return c.text(`made ${number}`);
  });
  app.get('/gone', (c) => c.text(`gone ${++made}`, 404));
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers });
  return { get, made: () => made };
}

test('a page is made once for all who ask while it is made, and for those who ask soon after', async () => {
  const opened = Promise.withResolvers<void>();
  const { get, made } = counting(FOR_THE_TEST_MS, () => opened.promise);
  const together = [get('/'), get('/'), get('/')];
  opened.resolve();
  const answers = [...(await Promise.all(together)), await get('/')];
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(
    Array(4).fill('made 1'),
  );
  expect(made()).toBe(1);
  const ids = answers.map(({ headers }) => headers.get('x-request-id'));
  expect(new Set(ids).size).toBe(4);
  expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(1);
});

test('each coding and each query has a page of its own', async () => {
  const { get, made } = counting(FOR_THE_TEST_MS);
  const zipped = await get('/', { 'Accept-Encoding': 'gzip' });
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  const again = await get('/', { 'Accept-Encoding': 'gzip' });
  expect(Buffer.from(await again.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  expect((await get('/')).headers.get('content-encoding')).toBeNull();
  await get('/?a=1');
  expect(made()).toBe(3);
});

test('who has it already is told so, whether it was kept or not', async () => {
  const { get } = counting(FOR_THE_TEST_MS);
  const tag = (await get('/')).headers.get('etag') ?? '';
  for (const wanted of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const answer = await get('/', { 'If-None-Match': wanted });
    expect([wanted, answer.status, answer.headers.get('etag')]).toEqual([wanted, 304, tag]);
    expect(answer.headers.get('content-type')).toBeNull();
  }
  expect((await get('/', { 'If-None-Match': '"other"' })).status).toBe(200);
});

test('what is one person’s, what is not found and what is not to be kept is made each time', async () => {
  const { get, made } = counting(FOR_THE_TEST_MS);
  await get('/');
  await get('/', { Cookie: 'session=1' });
  await get('/', { Authorization: 'Basic eA==' });
  await get('/gone');
  expect((await get('/gone')).status).toBe(404);
  expect(made()).toBe(5);
  const never = counting(0);
  await never.get('/');
  expect(await (await never.get('/')).text()).toBe('made 2');
});
