import { createHash } from 'node:crypto';
import { readOpml, readPage } from '@paperboy/readers';
import { ensureTopic, saveMatches } from '@paperboy/store';
import { parseAtomFeed, parseJsonFeed, parseOpml } from 'feedsmith';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDay } from './listings.ts';
import { openWeb, type TestWeb } from './support.ts';

const HOSTILE = `]]> <script>alert(1)</script> & "quotes" 'too' $x < y$ \u{1f4f0}`;
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
    expect.arrayContaining([HOSTILE, 'Dunes on the move', 'A bare title']),
  );
  expect(entries[0]?.title?.value).toBe(HOSTILE);
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
  expect(feed.entries?.[0]?.summary?.value).toBe('"sand": in the abstract');
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
    title: HOSTILE,
    content_text: `An abstract: ${HOSTILE}`,
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
