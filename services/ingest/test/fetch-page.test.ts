import { gzipSync } from 'node:zlib';
import type { SourceId } from '@paperboy/core';
import { addSource, listFetches, loadPage } from '@paperboy/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fetchPage } from '../src/fetch-page.ts';
import { sharedHosts } from '../src/hosts.ts';
import { createHttp, createPoliteHttp, type Http } from '../src/index.ts';
import { type Bench, openBench } from './support.ts';
import { closedAddress, serve, serveRaw } from './web-server.ts';

const MINUTE = 60_000;
const MAX_BYTES = 100_000;

let bench: Bench;
let http: Http;
beforeAll(async () => {
  bench = await openBench();
  http = createHttp({ timeoutMs: 1_000, maxBytes: MAX_BYTES, privateNetworks: true });
});
afterAll(async () => {
  await http.close();
  await bench.close();
});
afterEach(() => bench.store.pool.query('truncate source cascade'));

let at = new Date('2026-03-10T23:30:00Z');
const now = () => at;
const polite = () =>
  createPoliteHttp({ http, hosts: sharedHosts(bench.store.db), pauseMs: 0, now });
const fetching = (source: SourceId, signal?: AbortSignal) =>
  fetchPage({ db: bench.store.db, http: polite(), maxBytes: MAX_BYTES, now }, source, signal);
const attempts = (sourceId: SourceId) => listFetches(bench.store.db, { sourceId, limit: 50 });

async function addSourceAt(url: string, zone = 'UTC'): Promise<SourceId> {
  return (await addSource(bench.store.db, { name: 'listing', title: 'Listing', url, zone })).id;
}

describe('a page', () => {
  test('is kept with the day asked for and the address that answered', async () => {
    const { url, asked } = await serve((request, response) => {
      if (request.url?.startsWith('/today'))
        response.writeHead(302, { location: request.url.replace('today', 'list') }).end();
      else response.setHeader('content-encoding', 'gzip').end(gzipSync('Papers'));
    });
    const source = await addSourceAt(`${url}/today?date={date}`, 'Asia/Tokyo');
    const outcome = await fetching(source);
    expect(outcome.kind).toBe('stored');
    if (outcome.kind !== 'stored') return;
    expect(asked).toEqual(['/today?date=2026-03-11', '/list?date=2026-03-11']);
    expect(await loadPage(bench.store.db, outcome.listingPageId)).toMatchObject({
      sourceId: source,
      seenAt: at,
      address: `${url}/list?date=2026-03-11`,
      askedFor: '2026-03-11',
      verdict: null,
    });
    expect(await attempts(source)).toEqual([
      expect.objectContaining({
        startedAt: at,
        address: `${url}/today?date=2026-03-11`,
        httpStatus: 200,
        bodyBytes: 6,
        outcome: 'stored',
        errorCode: null,
        detail: null,
      }),
    ]);
  });

  test('of the same bytes is unchanged and kept once', async () => {
    const { url } = await serve((_request, response) => response.end('Papers'));
    const source = await addSourceAt(url);
    const first = await fetching(source);
    const second = await fetching(source);
    expect(second).toEqual({ ...first, kind: 'unchanged' });
    const { rows } = await bench.store.pool.query(
      'select count(*)::int as pages from listing_page',
    );
    expect(rows).toEqual([{ pages: 1 }]);
    expect((await attempts(source)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'stored']);
  });

  test('fetched twice at once is kept once', async () => {
    const { url } = await serve((_request, response) => response.end('Papers'));
    const source = await addSourceAt(url);
    const outcomes = await Promise.all([fetching(source), fetching(source), fetching(source)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['stored', 'unchanged', 'unchanged']);
  });
});

describe('a source that', () => {
  test.each([401, 403, 429, 500, 503])('answers %i is blocked', async (status) => {
    const { url } = await serve((_request, response) => response.writeHead(status).end('Go away'));
    const source = await addSourceAt(url);
    expect(await fetching(source)).toEqual({
      kind: 'blocked',
      source: 'listing',
      code: 'PAGE_REFUSED',
      detail: `status ${status}`,
      status,
      unreachable: false,
    });
    expect(await attempts(source)).toMatchObject([
      { httpStatus: status, outcome: 'blocked', errorCode: 'PAGE_REFUSED', bodyBytes: 0 },
    ]);
  });

  test.each([
    [429, '60', 1],
    [503, '3600', 60],
  ])('answers %i and asks for %s s is left alone for as long', async (status, asks, waits) => {
    const { url, asked } = await serve((_request, response) => {
      response.writeHead(status, { 'retry-after': asks }).end();
    });
    const source = await addSourceAt(url);
    expect(await fetching(source)).toMatchObject({ retryAfterMs: waits * MINUTE });
    const again = await fetching(source);
    expect(again).toMatchObject({
      kind: 'postponed',
      detail: expect.stringContaining('next turn'),
    });
    expect('retryInMs' in again && again.retryInMs).toBeGreaterThan(waits * MINUTE - 30_000);
    expect('retryInMs' in again && again.retryInMs).toBeLessThanOrEqual(waits * MINUTE);
    expect([asked.length, (await attempts(source)).length]).toEqual([1, 1]);
  });

  test.each([204, 304, 404, 410])('answers %i has failed', async (status) => {
    const { url } = await serve((_request, response) => response.writeHead(status).end());
    const source = await addSourceAt(url);
    expect(await fetching(source)).toMatchObject({ kind: 'failed', detail: `status ${status}` });
  });

  test('nobody knows is unreachable, and noted', async () => {
    const source = await addSourceAt('http://nothing.invalid/{date}');
    expect(await fetching(source)).toMatchObject({
      kind: 'failed',
      unreachable: true,
    });
    expect(await attempts(source)).toEqual([
      expect.objectContaining({
        address: 'http://nothing.invalid/2026-03-10',
        httpStatus: null,
        bodyBytes: null,
        outcome: 'failed',
        errorCode: 'PAGE_UNREACHABLE',
        detail: expect.stringMatching(/^nothing\.invalid: its name/),
      }),
    ]);
  });

  test('refuses connections, or breaks off before a list, leaves no page behind', async () => {
    expect(await fetching(await addSourceAt(await closedAddress()))).toMatchObject({
      code: 'PAGE_UNREACHABLE',
      unreachable: true,
    });
    await bench.store.pool.query('truncate source cascade');
    const halfway = await serveRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nPapers'),
    );
    expect(await fetching(await addSourceAt(halfway))).toMatchObject({
      kind: 'failed',
      code: 'PAGE_UNREACHABLE',
      unreachable: false,
    });
    expect((await bench.store.pool.query('select from listing_page')).rowCount).toBe(0);
  });

  test.each([
    ['sends too much', 'PAGE_TOO_LARGE', 'x'.repeat(MAX_BYTES + 1), 'identity'],
    ['sends a bomb', 'PAGE_TOO_LARGE', gzipSync(Buffer.alloc(50 * MAX_BYTES)), 'gzip'],
    ['packs in a way that is not known', 'PAGE_UNREADABLE', 'x', 'zstd'],
  ])('%s has failed', async (_title, code, body, coding) => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', coding).end(body);
    });
    const source = await addSourceAt(url);
    const outcome = await fetching(source);
    expect(outcome).toMatchObject({ kind: 'failed', unreachable: false });
    expect(await attempts(source)).toMatchObject([{ outcome: 'failed', errorCode: code }]);
  });

  test('leads to another scheme is forbidden', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    });
    const source = await addSourceAt(url);
    expect(await fetching(source)).toMatchObject({ kind: 'failed', code: 'PAGE_FORBIDDEN' });
    expect(await attempts(source)).toMatchObject([{ errorCode: 'PAGE_FORBIDDEN' }]);
  });

  test('has no address, or is not there, is an error', async () => {
    await expect(fetching(bench.source)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const saved = await addSource(bench.store.db, { name: 'saved', title: 'Saved' });
    await expect(fetching(saved.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('an attempt that was given up by us is not held against the source', async () => {
  const source = await addSourceAt(await serveRaw(() => {}));
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(new Error('the service stops')), 50);
  await expect(fetching(source, stopping.signal)).rejects.toThrow('the service stops');
  expect(await attempts(source)).toEqual([]);
});

test('how long an attempt took is noted', async () => {
  const { url } = await serve((_request, response) => {
    at = new Date(at.getTime() + 1_234);
    response.end('Papers');
  });
  const source = await addSourceAt(url);
  await fetching(source);
  expect(await attempts(source)).toMatchObject([{ durationMs: 1_234 }]);
});
