import { ensureTopic, gatherWords } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDay } from './listings.ts';
import { elementsOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

/** More pages than the small site of this test has: a way that never ends is one that grows. */
const MOST_PAGES = 400;

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
  const { db } = web.store;
  const paper = (title: string) => ({ title, abstract: `About ${title}.`, upvotes: 3 });
  for (const [at, day] of ['2026-01-30', '2026-02-27', '2026-03-11'].entries()) {
    const entries = [paper('Reeds & rushes'), paper(`Paper ${at}`)];
    await recordDay(web.store, { day, entries });
    await recordDay(web.store, { source: 'other-list', day, entries: entries.slice(1) });
  }
  await web.store.pool.query('update listing_page set ready_no = id');
  await gatherWords(db);
  const names = { slug: 'reeds', name: 'Reeds', field: 'Water' };
  await ensureTopic(db, { query: 'reeds', queryHash: Buffer.alloc(32, 1), ...names });
});
afterAll(() => web.close());

test('every link of every page that the front page leads to leads on, anchors too', async () => {
  const waiting = ['/'];
  const seen = new Set(waiting);
  const wrong: string[] = [];
  /** What can be led to on each page, and what other pages lead to. */
  const places = new Map<string, ReadonlySet<string>>();
  const anchors: { readonly from: string; readonly to: string; readonly id: string }[] = [];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const answer = await web.get(path, { redirect: 'manual' });
    if (answer.status >= 400) wrong.push(`${answer.status} ${path}`);
    // bull-board's page is not ours
    const isPage = answer.headers.get('content-type')?.startsWith('text/html');
    if (!isPage || path.startsWith('/admin/queues')) continue;
    const elements = elementsOf(await answer.text());
    places.set(path, new Set(elements.flatMap(({ attributes }) => attributes.get('id') ?? [])));
    for (const { attributes } of elements) {
      const href = attributes.get('href')?.replaceAll('&amp;', '&') ?? '';
      const [next = '', id] = href.split('#');
      if (id !== undefined) anchors.push({ from: path, to: next || path, id });
      if (!/^\/(?!\/)/.test(next) || seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
    expect(seen.size).toBeLessThan(MOST_PAGES);
  }
  expect(wrong).toEqual([]);
  expect(anchors.length).toBeGreaterThan(20);
  expect(anchors.filter(({ to, id }) => places.get(to)?.has(id) === false)).toEqual([]);
  for (const path of ['/days/2026-01-30', '/trends', '/topics/reeds', '/opml', '/papers/1'])
    expect(seen).toContain(path);
});
