import { createHash } from 'node:crypto';
import type { SubscriberId } from '@paperboy/core';
import { readOpml, readPage } from '@paperboy/readers';
import { ensureSubscriber, ensureTopic, leave, saveMatches } from '@paperboy/store';
import { parseAtomFeed, parseJsonFeed, parseOpml } from 'feedsmith';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordDay } from './listings.ts';
import { links, openWeb, rowsDigest, type TestWeb } from './support.ts';

const HOSTILE = `]]> <script>alert(1)</script> & "quotes" 'too' $x < y$ \u{1f4f0}`;
/** What readers see of it: what stands between dollars is a formula. */
const SHOWN = HOSTILE.replaceAll('$', '');
const BASE = 'http://localhost:3080';

let web: TestWeb;
let empty: TestWeb;
beforeAll(async () => {
  [web, empty] = await Promise.all([openWeb(), openWeb()]);
  const { db } = web.store;
  await recordDay(web.store, {
    day: '2026-03-10',
    entries: [
      {
        title: 'Dunes on the move',
        abstract: 'Sand moves in waves.',
        authors: ['Ada <x>', 'Bo'],
        categories: ['cs.CL'],
        ids: { arxiv: '2603.00001' },
        links: [
          { rel: 'page', url: 'https://example.org/dunes?a=1&b=2' },
          { rel: 'pdf', url: 'https://example.org/dunes.pdf' },
          { rel: 'other', url: 'javascript:alert(1)' },
        ],
      },
      { title: 'A bare title' },
    ],
  });
  await recordDay(web.store, {
    day: '2026-03-11',
    entries: [{ title: HOSTILE, abstract: `An abstract: ${HOSTILE}` }],
  });
  const topicId = await ensureTopic(db, {
    query: 'sand',
    queryHash: createHash('sha256').update('sand').digest(),
    ...{ slug: 'sand', name: 'Sand & "dunes"', about: 'How <sand> moves.', field: 'Earth & Sky' },
  });
  const papers = await db.selectFrom('paper_text').select(['paper_id', 'title']).execute();
  const reasons = [{ kind: 'phrase', typed: 'sand', inTitle: 0, inAbstract: 1, quotes: [] }];
  await saveMatches(
    db,
    papers.map(({ paper_id: paperId, title }) => ({
      ...{ topicId, paperId, strength: title === HOSTILE ? 1 : 0.5, isCertain: true, reasons },
    })),
  );
});
afterAll(() => Promise.all([web.close(), empty.close()]));

const FEEDS = ['/feed', '/topics/sand/feed'] as const;

test.each(FEEDS)('%s.atom is Atom as RFC 4287 asks, whatever the papers say', async (path) => {
  const answer = await web.get(`${path}.atom`);
  expect(answer.headers.get('Content-Type')).toBe('application/atom+xml; charset=utf-8');
  const text = await answer.text();
  const feed = parseAtomFeed(text);
  expect(feed.id).toMatch(/^tag:localhost,2026:(listing|topics\/\d+)$/);
  expect(feed.updated).toBe('2026-03-11T09:00:00.000Z');
  expect(feed.links).toContainEqual(
    expect.objectContaining({ rel: 'self', href: `${BASE}${path}.atom` }),
  );
  const entries = feed.entries ?? [];
  expect(entries.map(({ title }) => title?.value)).toEqual(
    expect.arrayContaining([SHOWN, 'Dunes on the move', 'A bare title']),
  );
  expect(entries[0]?.title?.value).toBe(SHOWN);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(3);
  const dunes = entries.find(({ title }) => title?.value === 'Dunes on the move');
  expect(dunes).toMatchObject({
    id: expect.stringMatching(/^tag:localhost,2026:papers\/\d+$/),
    published: '2026-03-10T09:00:00.000Z',
    updated: '2026-03-10T09:00:00.000Z',
    content: { value: 'Sand moves in waves.', type: 'text' },
    categories: [{ term: 'cs.CL' }],
  });
  expect(dunes?.authors?.map(({ name }) => name)).toEqual(['Ada <x>', 'Bo']);
  expect(dunes?.links?.map(({ href }) => href)).toEqual([
    expect.stringMatching(/^http:\/\/localhost:3080\/papers\/\d+$/),
    'https://example.org/dunes?a=1&b=2',
    'https://example.org/dunes.pdf',
  ]);
  expect(text).not.toContain('<script');
  expect(text).not.toContain('javascript:');
});

test('an entry of a topic says why it is there', async () => {
  const feed = parseAtomFeed(await web.page('/topics/sand/feed.atom'));
  expect(feed.title?.value).toBe('Paperboy: Sand & "dunes"');
  expect(feed.subtitle?.value).toBe('How <sand> moves.');
  expect(feed.entries?.[0]?.summary?.value).toBe('“sand”: in the abstract');
});

test.each(FEEDS)('%s.json is JSON Feed 1.1 with the ids of the Atom feed', async (path) => {
  const answer = await web.get(`${path}.json`);
  expect(answer.headers.get('Content-Type')).toBe('application/feed+json; charset=utf-8');
  const text = await answer.text();
  const feed = parseJsonFeed(JSON.parse(text));
  expect(JSON.parse(text)).toMatchObject({ version: 'https://jsonfeed.org/version/1.1' });
  expect(feed).toMatchObject({ feed_url: `${BASE}${path}.json` });
  const atom = parseAtomFeed(await web.page(`${path}.atom`));
  expect(feed.items?.map(({ id }) => id)).toEqual(atom.entries?.map(({ id }) => id));
  expect(feed.items?.[0]).toMatchObject({
    title: SHOWN,
    content_text: `An abstract: ${SHOWN}`,
    date_modified: '2026-03-11T09:00:00.000Z',
  });
  for (const item of feed.items ?? []) expect(item.content_text).not.toBe('');
});

test.each(['atom', 'json'])('our own reader finds the papers of the %s feed', async (format) => {
  const bytes = new TextEncoder().encode(await web.page(`/topics/sand/feed.${format}`));
  const reading = readPage({ bytes, address: `${BASE}/topics/sand/feed.${format}` });
  if (reading.kind !== 'listing') throw new Error(reading.detail);
  expect(reading).toMatchObject({ format: 'feed', warnings: [], unreadableEntries: 0 });
  expect(reading.entries.map(({ title }) => title)).toContain('Dunes on the move');
  const dunes = reading.entries.find(({ title }) => title === 'Dunes on the move');
  expect(dunes).toMatchObject({ abstract: 'Sand moves in waves.', categories: ['cs.CL'] });
  expect(dunes?.authors?.[1]).toBe('Bo');
  expect(dunes?.links.map(({ url }) => url)).toContain('https://example.org/dunes?a=1&b=2');
});

test('whoever has a feed already is told so, by its tag and by its date', async () => {
  for (const path of ['/feed.atom', '/feed.json', '/topics/sand/feed.atom']) {
    const first = await web.get(path);
    const etag = first.headers.get('ETag') ?? '';
    const changed = first.headers.get('Last-Modified') ?? '';
    expect(etag).not.toBe('');
    const again = (headers: Record<string, string>) => web.get(path, { headers });
    const same = await again({ 'If-None-Match': etag });
    expect([same.status, await same.text()]).toEqual([304, '']);
    const undated = await again({ 'If-Modified-Since': changed });
    expect([undated.status, undated.headers.get('ETag')]).toEqual([304, etag]);
    const before = new Date(Date.parse(changed) - 1_000).toUTCString();
    expect((await again({ 'If-Modified-Since': before })).status).toBe(200);
    expect((await again({ 'If-Modified-Since': 'yesterday' })).status).toBe(200);
    // The tag counts for more.
    const other = await again({ 'If-None-Match': '"other"', 'If-Modified-Since': changed });
    expect(other.status).toBe(200);
  }
});

test('a feed without papers is a feed', async () => {
  const atom = parseAtomFeed(await empty.page('/feed.atom'));
  expect(atom).toMatchObject({ updated: '1970-01-01T00:00:00.000Z' });
  expect(JSON.parse(await empty.page('/feed.json'))).toMatchObject({ items: [] });
});

test('the reading list names every public topic under its field', async () => {
  const answer = await web.get('/opml');
  expect(answer.headers.get('Content-Type')).toBe('text/x-opml; charset=utf-8');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(parseOpml(new TextDecoder().decode(bytes)).body?.outlines).toHaveLength(2);
  expect(readOpml(bytes)).toMatchObject({
    kind: 'opml',
    title: 'Paperboy',
    warnings: [],
    feeds: [
      { title: 'New papers', folders: ['All fields'], address: `${BASE}/feed.atom` },
      {
        ...{ title: 'Sand & "dunes"', folders: ['Earth & Sky'], home: `${BASE}/topics/sand` },
        address: `${BASE}/topics/sand/feed.atom`,
      },
    ],
  });
});

describe('the feed of a reader', () => {
  let id: SubscriberId;
  let preferences: string;
  beforeAll(async () => {
    const { db } = web.store;
    const { topicId } = await db
      .selectFrom('topic')
      .select('id as topicId')
      .where('slug', '=', 'sand')
      .executeTakeFirstOrThrow();
    ({ id } = await ensureSubscriber(db, {
      ...{ address: 'ada@example.com', domain: 'example.com' },
      addressHash: links.addressHash('ada@example.com'),
      schedule: { cadence: 'daily', weekdays: [1], hour: 7, zone: 'UTC' },
      topics: [{ topicId, name: 'What moves' }],
    }));
    preferences = links.preferences(id).pathname;
  });
  beforeEach(async () => {
    await web.store.pool.query('truncate rate_bucket');
  });

  const press = (what: string) =>
    web.get(preferences, { method: 'POST', body: new URLSearchParams({ do: what }) });
  /** The address that the page of a reader's digests shows, without its ending. */
  const shown = async () => {
    const href = /href="http:\/\/localhost:3080(\/feeds\/[^"]+)\.atom"/.exec(
      await web.page(preferences),
    );
    return href?.[1] ?? 'no feed is shown';
  };

  test('is made at their wish, holds the papers of their topics, and names neither them nor itself', async () => {
    expect(await shown()).toBe('no feed is shown');
    expect((await web.get(`${links.feed(id, 0).pathname}.atom`)).status).toBe(410);
    expect((await press('feed')).status).toBe(303);
    const path = await shown();
    const answer = await web.get(`${path}.atom`);
    expect(answer.headers.get('Content-Type')).toBe('application/atom+xml; charset=utf-8');
    expect(answer.headers.get('Cache-Control')).toBe('private, no-cache');
    expect(answer.headers.get('X-Robots-Tag')).toBe('noindex, nofollow');
    expect(answer.headers.get('Last-Modified')).toBeNull();
    const text = await answer.text();
    const feed = parseAtomFeed(text);
    expect(feed.id).toBe(`tag:localhost,2026:readers/${id}`);
    expect(feed.entries?.map(({ title }) => title?.value)).toEqual([
      SHOWN,
      'A bare title',
      'Dunes on the move',
    ]);
    expect(feed.entries?.[0]?.summary?.value).toBe('“sand”: in the abstract');
    const everybodys = parseAtomFeed(await web.page('/feed.atom'));
    const ids = (entries: typeof feed.entries) => new Set(entries?.map((entry) => entry.id));
    expect(ids(feed.entries)).toEqual(ids(everybodys.entries));
    const json = await web.page(`${path}.json`);
    expect(parseJsonFeed(JSON.parse(json)).items?.map((item) => item.id)).toEqual(
      feed.entries?.map((entry) => entry.id),
    );
    for (const told of [text, json]) {
      expect(told).not.toContain(path.split('/').at(-1));
      expect(told).not.toContain('ada');
    }
  });

  test('answers 304 while it is the same, and again when a vote changes it', async () => {
    const path = `${await shown()}.json`;
    const etag = (await web.get(path)).headers.get('ETag') ?? '';
    const again = () => web.get(path, { headers: { 'If-None-Match': etag } });
    const same = await again();
    expect([same.status, same.headers.get('Cache-Control'), await same.text()]).toEqual([
      ...[304, 'private, no-cache', ''],
    ]);
    await web.store.pool.query(
      `insert into feedback (subscriber_id, paper_id, vote, changed_at)
       select $1, paper_id, 'dislike', now() from paper_text where title = 'A bare title'`,
      [id],
    );
    const changed = await again();
    expect(changed.status).toBe(200);
    expect(await changed.text()).not.toContain('A bare title');
  });

  test('leaves by one press whoever has an address that got about', async () => {
    const before = await shown();
    await press('feed');
    const after = await shown();
    expect(after).not.toBe(before);
    const gone = await web.get(`${before}.atom`);
    expect([gone.status, gone.headers.get('Cache-Control')]).toEqual([410, 'no-store']);
    expect((await web.get(`${after}.atom`)).status).toBe(200);
    await press('no-feed');
    expect((await web.get(`${after}.atom`)).status).toBe(410);
    await press('feed');
    // What was void stays so.
    for (const path of [before, after]) expect((await web.get(`${path}.atom`)).status).toBe(410);
    expect((await web.get(`${await shown()}.atom`)).status).toBe(200);
  });

  test('is nothing for forged, cut, swapped and misspelt addresses, and reading changes nothing', async () => {
    const path = await shown();
    const token = path.split('/').at(-1) ?? '';
    const before = await rowsDigest(web.store);
    const swapped = preferences.split('/').at(-1);
    const wrong = [
      ...[`${token.slice(0, -1)}.atom`, `${token}A.atom`, `${token.toLowerCase()}.atom`],
      ...[`${swapped}.atom`, token, `${token}.xml`, `${token}.atom.atom`, `${token}.constructor`],
      ...['.atom', '%00.atom', '%ff.json', `${'a'.repeat(5_000)}.atom`, `${'A'.repeat(36)}.atom`],
    ];
    for (const file of wrong)
      expect([file, (await web.get(`/feeds/${file}`)).status]).toEqual([file, 404]);
    // A feed's address opens nothing else.
    for (const page of ['preferences', 'unsubscribe', 'digests'])
      expect((await web.get(`/${page}/${token}`)).status).toBe(404);
    expect((await web.get(`${path}.atom`, { method: 'POST' })).status).toBe(404);
    expect(await rowsDigest(web.store)).toBe(before);
    await web.get(`${path}.atom`);
    await web.store.pool.query('update rate_bucket set count = 60');
    const often = await web.get(`${path}.atom`);
    expect([often.status, Number(often.headers.get('Retry-After')) > 0]).toEqual([429, true]);
    expect(web.errors).toEqual([]);
  });

  test('ends with its reader', async () => {
    const path = `${await shown()}.atom`;
    await leave(web.store.db, id);
    expect((await web.get(path)).status).toBe(410);
    expect(await web.page(preferences)).not.toContain('Make a feed');
  });
});
