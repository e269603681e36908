import type { SourceId } from '@paperboy/core';
import { addSource, listFetches, loadPage } from '@paperboy/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fetchPage } from '../src/fetch-page.ts';
import { sharedHosts } from '../src/hosts.ts';
import { createHttp, createPoliteHttp, type Http, recordPage } from '../src/index.ts';
import { type Bench, openBench } from './support.ts';
import { serve } from './web-server.ts';

const maxBytes = 100_000;
const HOUR = 3600_000;

let bench: Bench;
let http: Http;
beforeAll(async () => {
  bench = await openBench();
  http = createHttp({ timeoutMs: 2_000, maxBytes, privateNetworks: true });
});
afterAll(async () => {
  await http.close();
  await bench.close();
});
afterEach(() => bench.store.pool.query('truncate source, host_turn, robots_txt cascade'));

let at = Date.parse('2026-03-10T08:00:00Z');
function fetching(source: SourceId, { db } = bench.store) {
  const now = () => new Date(at);
  const polite = createPoliteHttp({ http, hosts: sharedHosts(db), pauseMs: 0, now });
  return fetchPage({ db, http: polite, maxBytes, now }, source);
}
const addSourceAt = async (url: string) =>
  (await addSource(bench.store.db, { name: 'listing', title: 'Listing', url })).id;
const rows = async (sql: string) => (await bench.store.pool.query(sql)).rows;
const items = (from: number, count: number) =>
  JSON.stringify(
    Array.from({ length: count }, (_, n) => ({
      paper: { id: `2603.${10_000 + from + n}`, title: `Paper ${from + n}`, summary: 'Says it.' },
    })),
  );

describe('a page that has not changed', () => {
  type Validators = { readonly etag?: string; readonly 'last-modified'?: string };

  /** Serves a page by its ETag, or by its date. */
  async function listing(validators: Validators) {
    const page = { body: items(0, 3), validators };
    const conditions: unknown[] = [];
    const { url } = await serve(({ headers }, response) => {
      conditions.push(headers['if-none-match'] ?? headers['if-modified-since']);
      const isSame =
        headers['if-none-match'] === page.validators.etag &&
        headers['if-modified-since'] === page.validators['last-modified'];
      response.writeHead(isSame ? 304 : 200, page.validators).end(isSame ? '' : page.body);
    });
    return { url, page, conditions };
  }

  test.each([
    { etag: 'W/"one"' },
    { 'last-modified': 'Mon, 09 Mar 2026 08:00:00 GMT' },
    { etag: '"one"', 'last-modified': 'Mon, 09 Mar 2026 08:00:00 GMT' },
  ])('is not sent again: %j', async (validators) => {
    const { url, page, conditions } = await listing(validators);
    const source = await addSourceAt(url);
    const first = await fetching(source);
    expect(await fetching(source)).toEqual({ ...first, kind: 'unchanged' });
    expect(await listFetches(bench.store.db, { sourceId: source, limit: 1 })).toMatchObject([
      { outcome: 'unchanged', httpStatus: 304, bodyBytes: 0 },
    ]);
    page.validators = { etag: '"two"' };
    page.body = items(0, 4);
    expect((await fetching(source)).kind).toBe('stored');
    expect((await fetching(source)).kind).toBe('unchanged');
    const asked = validators.etag ?? validators['last-modified'];
    expect(conditions).toEqual([undefined, asked, asked, '"two"']);
  });

  test('is asked for in full once a day, as validators can lie', async () => {
    const { url } = await serve(({ headers }, response) => {
      const isKnown = headers['if-none-match'] !== undefined;
      response.writeHead(isKnown ? 304 : 200, { etag: '"for-ever"' });
      response.end(isKnown ? '' : items(Math.round(at / HOUR), 3));
    });
    const source = await addSourceAt(url);
    const kinds: string[] = [];
    for (const hours of [0, 12, 11, 2, 12]) {
      at += hours * HOUR;
      kinds.push((await fetching(source)).kind);
    }
    expect(kinds).toEqual(['stored', 'unchanged', 'unchanged', 'stored', 'unchanged']);
  });

  test('is asked for in full when it could not be read', async () => {
    const { url, page, conditions } = await listing({ etag: '"one"' });
    page.body = '<html>no list';
    const source = await addSourceAt(url);
    const first = await fetching(source);
    if (first.kind !== 'stored') throw new Error('not stored');
    await recordPage(bench.store.db, first.listingPageId, { maxBytes });
    expect(await fetching(source)).toEqual({ ...first, kind: 'unchanged' });
    expect(conditions).toEqual([undefined, undefined]);
  });

  test('by its bytes, under new validators, is known by those from then on', async () => {
    const { url, page, conditions } = await listing({ etag: '"one"' });
    const source = await addSourceAt(url);
    await fetching(source);
    page.validators = { etag: 'W/"two"' };
    expect((await fetching(source)).kind).toBe('unchanged');
    await fetching(source);
    expect(conditions).toEqual([undefined, '"one"', 'W/"two"']);
  });

  test('at one address says nothing of another', async () => {
    const { url, conditions } = await listing({ etag: '"one"' });
    const source = await addSourceAt(`${url}/{date}`);
    await fetching(source);
    at += 20 * HOUR;
    await fetching(source);
    expect(conditions).toEqual([undefined, undefined]);
  });
});

test('a page that was lost in a crash is sent again: its validators are kept with it or not at all', async () => {
  const { url } = await serve(({ headers }, response) => {
    const isKnown = headers['if-none-match'] === '"one"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"one"' }).end(isKnown ? '' : items(0, 3));
  });
  const source = await addSourceAt(url);
  await rows('alter table page_validator add constraint crash check (etag <> \'"one"\')');
  await expect(fetching(source)).rejects.toThrow('crash');
  await rows('alter table page_validator drop constraint crash');
  expect(await rows('select from listing_page')).toEqual([]);
  expect((await fetching(source)).kind).toBe('stored');
});

describe('a list in several parts', () => {
  /** An API with so many papers, three to a page. */
  async function api(total: number) {
    const list = { total, fails: undefined as number | undefined };
    const { url, asked } = await serve((request, response) => {
      const p = Number(new URL(request.url ?? '', 'http://a.example').searchParams.get('p') ?? 0);
      if (p === list.fails) response.writeHead(503).end();
      else
        response
          .setHeader('etag', `"${p}"`)
          .end(items(3 * p, Math.max(0, Math.min(3, list.total - 3 * p))));
    });
    return {
      source: await addSourceAt(`${url}/api/daily_papers?date=2026-02-05&limit=3`),
      list,
      asked,
      url,
    };
  }
  const parts = async () =>
    (
      await rows(
        'select cardinality(part_bytes) as parts, cut_because from listing_page order by id',
      )
    ).map(({ parts, cut_because }) => [parts, cut_because]);

  test('is stored as one page with all of them', async () => {
    const { source, asked, url } = await api(7);
    const outcome = await fetching(source);
    if (outcome.kind !== 'stored') throw new Error('not stored');
    const path = '/api/daily_papers?date=2026-02-05&limit=3';
    expect(asked).toEqual([path, `${path}&p=1`, `${path}&p=2`]);
    const page = await loadPage(bench.store.db, outcome.listingPageId);
    expect(page?.partAddresses).toEqual(asked.map((part) => `${url}${part}`));
    const result = await recordPage(bench.store.db, outcome.listingPageId, { maxBytes });
    expect(result).toMatchObject({
      entries: 7,
      new: 7,
      note: expect.not.stringContaining('goes on'),
    });
  });

  test('is read whole again, and unchanged if all of it is', async () => {
    const { source, list, asked } = await api(7);
    const first = await fetching(source);
    expect(await fetching(source)).toEqual({ ...first, kind: 'unchanged' });
    list.total = 8;
    expect((await fetching(source)).kind).toBe('stored');
    expect(asked).toHaveLength(9);
  });

  test('of which one is missing is kept as far as it came, and made up for the next time', async () => {
    const { source, list } = await api(7);
    list.fails = 2;
    const first = await fetching(source);
    if (first.kind !== 'stored') throw new Error('not stored');
    const cut = await recordPage(bench.store.db, first.listingPageId, { maxBytes });
    expect(cut).toMatchObject({
      verdict: 'cut',
      entries: 6,
      note: 'part 3 is missing: status 503',
    });
    list.fails = 1;
    expect((await fetching(source)).kind).toBe('stored');
    expect((await fetching(source)).kind).toBe('unchanged');
    list.fails = undefined;
    expect((await fetching(source)).kind).toBe('stored');
    expect(await parts()).toEqual([
      [2, 'part 3 is missing: status 503'],
      [null, 'part 2 is missing: status 503'],
      [3, null],
    ]);
  });

  test('of which no more is taken than is allowed altogether', async () => {
    const long = 'Says it. '.repeat(700);
    const { url } = await serve((request, response) => {
      const p = Number(new URL(request.url ?? '', 'http://a.example').searchParams.get('p') ?? 0);
      response.end(items(3 * p, 3).replaceAll('Says it.', long));
    });
    const outcome = await fetching(
      await addSourceAt(`${url}/api/daily_papers?date=2026-02-05&limit=3`),
    );
    if (outcome.kind !== 'stored') throw new Error('not stored');
    expect(await parts()).toEqual([
      [5, 'part 6 is missing: with it the list is over 100000 bytes'],
    ]);
    const page = await recordPage(bench.store.db, outcome.listingPageId, { maxBytes });
    expect(page).toMatchObject({ verdict: 'cut', entries: 15 });
  });
});

test("Hugging Face's API is asked for as many papers as it gives", async () => {
  const { url, asked } = await serve((_request, response) => response.end(items(0, 3)));
  await fetching(await addSourceAt(`${url}/api/daily_papers?date={date}`));
  expect(asked).toEqual([expect.stringMatching(/^\/api\/daily_papers\?date=[\d-]+&limit=100$/)]);
});
