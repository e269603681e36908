import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWith } from './support.ts';

const PAPERS = 5;
const LIMIT = 3;

const asked: string[] = [];
/** An API that gives three papers at a time, and closes its archive to robots. */
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://a.example');
  asked.push(`${url.pathname}${url.search}`);
  if (url.pathname === '/robots.txt') {
    response.end('User-agent: *\nDisallow: /archive');
    return;
  }
  const from = LIMIT * Number(url.searchParams.get('p') ?? 0);
  const items = Array.from({ length: Math.min(LIMIT, PAPERS - from) }, (_, n) => ({
    paper: { id: `2603.${10_000 + from + n}`, title: `Paper ${from + n}`, summary: 'Says it.' },
  }));
  response.end(JSON.stringify(items));
});
let host: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  host = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => void server.close());

const read = (...args: string[]) => runWith({ FETCH_PRIVATE_NETWORKS: 'on' }, ['read', ...args]);
const list = `/api/daily_papers?date=2026-02-05&limit=${LIMIT}`;

test('read says where a list goes on, and with --all-pages reads all of it', async () => {
  const one = await read(`${host}${list}`);
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(one.stdout).toContain(`not all of it: the list goes on at ${host}${list}&p=1`);
  expect(one.stdout).toContain('3 entries');
  asked.length = 0;
  const all = await read(`${host}${list}`, '--all-pages', '--json');
  expect(all).toMatchObject({ code: 0, stderr: '' });
  const ranks = all.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).rank);
  expect(ranks).toEqual([1, 2, 3, 4, 5]);
  expect(asked).toEqual(['/robots.txt', list, `${list}&p=1`]);
});

test('read keeps out of what robots.txt disallows', async () => {
  asked.length = 0;
  const { code, stderr } = await read(`${host}/archive/list`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^paperboy: PAGE_REFUSED: robots\.txt disallows \/archive\/list/);
  expect(asked).toEqual(['/robots.txt']);
});
