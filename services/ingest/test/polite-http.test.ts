import { openStore, type Store } from '@paperboy/store';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../../../test/support/database.ts';
import { hostOf, ownHosts, pauseFor, sharedHosts } from '../src/hosts.ts';
import { createHttp, createPoliteHttp } from '../src/index.ts';
import type { PoliteHttp } from '../src/polite-http.ts';
import { serve } from './web-server.ts';

const HOUR = 3600_000;

let url: string;
let store: Store;
let close: () => Promise<void>;
beforeAll(async () => {
  const database = await createDatabase();
  url = database.url;
  store = openStore({ url, maxConnections: 4 });
  close = async () => {
    await store.close();
    await database.drop();
  };
});
afterAll(() => close());
afterEach(() => store.pool.query('truncate host_turn, robots_txt'));

let at = Date.parse('2026-03-10T08:00:00Z');

/** What one worker asks with: a client and connections of its own. */
function worker({ pauseMs = 0, hosts = sharedHosts(openOwnStore().db) } = {}): PoliteHttp {
  const http = createHttp({ timeoutMs: 1_000, maxBytes: 100_000, privateNetworks: true });
  onTestFinished(() => http.close());
  return createPoliteHttp({ http, hosts, pauseMs, now: () => new Date(at) });
}
function openOwnStore(): Store {
  const own = openStore({ url, maxConnections: 2 });
  onTestFinished(() => own.close());
  return own;
}

describe.each([
  [
    'any number of workers',
    () => [worker({ pauseMs: 120 }), worker({ pauseMs: 120 }), worker({ pauseMs: 120 })],
  ],
  ['one without a database', () => [worker({ pauseMs: 120, hosts: ownHosts() })]],
])('%s', (_title, workers) => {
  test('ask a host one at a time, with a pause after each answer', async () => {
    const asked: { from: number; to: number }[] = [];
    const { url: host } = await serve(async (_request, response) => {
      const from = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 40));
      asked.push({ from, to: performance.now() });
      response.end('Papers');
    });
    const ours = workers();
    const each = ours.length > 1 ? 3 : 4;
    await Promise.all(
      ours.map(async (one) => {
        for (let n = 0; n < each; n++) await one.get(`${host}/${n}`);
      }),
    );
    expect(asked).toHaveLength(ours.length * each);
    const gaps = asked.slice(1).map(({ from }, n) => from - (asked[n]?.to ?? 0));
    // By how much two clocks and a timer may differ.
    expect(Math.min(...gaps)).toBeGreaterThan(120 - 5);
  });
});

test('a turn is waited for without a word to the host, and given up with the wish', async () => {
  const arrived = Promise.withResolvers<void>();
  const { url: host, asked } = await serve(() => arrived.resolve());
  const holder = worker()
    .get(host)
    .catch(() => {});
  await arrived.promise;
  const stopping = new AbortController();
  const waiting = worker().get(host, { signal: stopping.signal });
  const reason = new Error('the service stops');
  setTimeout(() => stopping.abort(reason), 50);
  await expect(waiting).rejects.toBe(reason);
  expect(asked).toHaveLength(1);
  await expect(worker().get(host, { patienceMs: 0 })).rejects.toMatchObject({
    code: 'HOST_BUSY',
    waitMs: expect.any(Number),
  });
  await holder;
});

test('a redirect to another host waits for its turn there', async () => {
  const other = await serve((_request, response) => response.end('Papers'));
  const { url: host } = await serve((_request, response) => {
    response.writeHead(302, { location: other.url }).end();
  });
  await store.pool.query(
    "insert into host_turn values ($1, 'somebody', now() + interval '1 hour', now() + interval '1 hour')",
    [new URL(other.url).host],
  );
  await expect(worker().get(host)).rejects.toMatchObject({ code: 'HOST_BUSY' });
  expect(other.asked).toEqual([]);
});

describe('robots.txt', () => {
  const text = (body: string, status = 200) =>
    serve((_request, response) => response.end('Papers'), {
      robots: (_request, response) => {
        told++;
        if (status === 0) response.destroy();
        else response.writeHead(status).end(body);
      },
    });
  let told = 0;
  const startDay = () => {
    told = 0;
    at += 100 * HOUR;
  };

  test('is asked for once a day by all workers together', async () => {
    startDay();
    const { url: host, asked } = await text('User-agent: *\nDisallow: /abs/');
    for (const path of ['/list', '/list?page=2']) await worker().get(`${host}${path}`);
    await expect(worker().get(`${host}/abs/1`)).rejects.toMatchObject({
      code: 'PAGE_REFUSED',
      detail: 'robots.txt disallows /abs/1 ("/abs/")',
    });
    expect([told, asked]).toEqual([1, ['/list', '/list?page=2']]);
    at += 25 * HOUR;
    await worker().get(`${host}/list`);
    expect(told).toBe(2);
  });

  test('may ask for longer pauses, which all workers keep', async () => {
    startDay();
    const { url: host } = await text('User-agent: *\nCrawl-delay: 0.3');
    const first = worker();
    await first.get(host);
    const startedAt = performance.now();
    await worker().get(host);
    expect(performance.now() - startedAt).toBeGreaterThan(200);
  });

  test('is heard again after a redirect, where that leads', async () => {
    startDay();
    const closed = await text('User-agent: *\nDisallow: /');
    const { url: host } = await serve((_request, response) => {
      response.writeHead(302, { location: `${closed.url}/list` }).end();
    });
    await expect(worker().get(host)).rejects.toMatchObject({ code: 'PAGE_REFUSED' });
    expect(closed.asked).toEqual([]);
  });

  test.each([404, 403, 410, 204, 302])(
    'that answers %i is none, and everything is allowed',
    async (status) => {
      startDay();
      const { url: host } = await text('User-agent: *\nDisallow: /', status);
      expect((await worker().get(host)).status).toBe(200);
    },
  );

  test.each([500, 503, 429])(
    'that answers %i forbids all for now, and is left alone',
    async (status) => {
      startDay();
      const { url: host, asked } = await text('', status);
      for (let n = 0; n < 3; n++)
        await expect(worker().get(host)).rejects.toMatchObject({ code: 'PAGE_REFUSED' });
      expect([told, asked]).toEqual([1, []]);
      at += HOUR;
      await expect(worker().get(host)).rejects.toMatchObject({ code: 'PAGE_REFUSED' });
      expect(told).toBe(2);
    },
  );

  test.each([0, 503])(
    'that cannot be had (%i) is stood in for by its copy for a day',
    async (trouble) => {
      startDay();
      let status = 200;
      const { url: host } = await serve((_request, response) => response.end('Papers'), {
        robots: (_request, response) => {
          if (status === 0) response.destroy();
          else response.writeHead(status).end('User-agent: *\nDisallow: /abs/');
        },
      });
      await worker().get(`${host}/list`);
      status = trouble;
      at += 30 * HOUR;
      await worker().get(`${host}/list`);
      await expect(worker().get(`${host}/abs/1`)).rejects.toMatchObject({ code: 'PAGE_REFUSED' });
      at += 20 * HOUR;
      await expect(worker().get(`${host}/list`)).rejects.toMatchObject({
        code: trouble === 0 ? 'PAGE_UNREACHABLE' : 'PAGE_REFUSED',
        detail: expect.stringContaining('robots.txt'),
      });
    },
  );

  test('is asked for on the public network alone, like any page', async () => {
    startDay();
    const lookedUp: string[] = [];
    const http = createHttp({
      timeoutMs: 1_000,
      maxBytes: 1_000,
      privateNetworks: false,
      resolve: async (name) => {
        lookedUp.push(name);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    onTestFinished(() => http.close());
    const polite = createPoliteHttp({
      http,
      hosts: ownHosts(),
      pauseMs: 0,
      now: () => new Date(at),
    });
    await expect(polite.get('http://papers.example/list')).rejects.toMatchObject({
      code: 'PAGE_REFUSED',
      detail: expect.stringContaining('private network'),
    });
    await expect(polite.get('http://127.0.0.1/list')).rejects.toMatchObject({
      code: 'PAGE_FORBIDDEN',
    });
    expect(lookedUp).toEqual(['papers.example']);
  });
});

test('arXiv is one host to us, by all its names, and others are each their own', () => {
  const of = (address: string) => hostOf(new URL(address));
  for (const name of ['arxiv.org', 'export.arxiv.org', 'rss.arxiv.org', 'ARXIV.ORG.'])
    expect(of(`https://${name}/list`)).toBe('arxiv.org');
  expect(of('https://notarxiv.org/')).toBe('notarxiv.org');
  expect(of('https://huggingface.co/papers')).toBe(of('http://huggingface.co.:80/api'));
  expect(of('http://papers.example:8080/')).toBe('papers.example:8080');
  expect([pauseFor('arxiv.org', 1_000), pauseFor('huggingface.co', 1_000)]).toEqual([3_000, 1_000]);
});
