import { createHash } from 'node:crypto';
import { idOf, type PaperId, type TopicId } from '@paperboy/core';
import { ensureTopic, saveMatches } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDay } from './listings.ts';
import { elementsOf, textOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

let web: TestWeb;
let empty: TestWeb;
let sand: TopicId;
let own: TopicId;
beforeAll(async () => {
  [web, empty] = await Promise.all([openWeb(), openWeb()]);
  const { db } = web.store;
  const topic = (query: string, names = {}) =>
    ensureTopic(db, { query, queryHash: createHash('sha256').update(query).digest(), ...names });
  sand = await topic('sand OR "dune field" -beach', {
    slug: 'sand',
    name: 'Sand & dunes',
    about: 'How <sand> moves.',
    field: 'Earth',
  });
  await topic('water', { slug: 'water', name: 'Water' });
  own = await topic('a secret of one reader');
  await recordDay(web.store, {
    day: '2026-03-04',
    entries: [{ title: 'Dunes on the move', abstract: 'Sand moves in waves.' }],
  });
  await recordDay(web.store, {
    day: '2026-03-11',
    entries: [
      { title: 'Dunes on the move', abstract: 'Sand moves in waves.' },
      { title: 'Grains that sing', abstract: 'Why sand sings.', authors: ['Ada'] },
      { title: 'Glass from the beach', abstract: 'Weak on sand.' },
    ],
  });
  const inTitle = [{ kind: 'phrase', typed: 'sand', inTitle: 1, inAbstract: 2, quotes: [] }];
  const match = (title: string, strength: number) =>
    paperOf(title).then((paperId) => ({
      ...{ topicId: sand, paperId, strength, isCertain: false, reasons: inTitle },
    }));
  await saveMatches(db, [
    await match('Dunes on the move', 0.9),
    await match('Grains that sing', 0.8),
    await match('Glass from the beach', 0.35),
  ]);
});
afterAll(() => Promise.all([web.close(), empty.close()]));

async function paperOf(title: string): Promise<PaperId> {
  const { paper_id } = await web.store.db
    .selectFrom('paper_text')
    .select('paper_id')
    .where('title', '=', title)
    .executeTakeFirstOrThrow();
  return idOf('paper', paper_id);
}

test('the catalogue stands by field, with a drawing of each topic that has papers and the same in words', async () => {
  const page = await web.page('/topics');
  const text = textOf(page);
  expect(text).toContain(
    'Earth 1 Sand & dunes How <sand> moves. 2 papers in 26 weeks, 1 in the last',
  );
  expect(text).toContain('Other topics 1 Water no papers in 26 weeks');
  expect(text).not.toContain('secret');
  const drawn = elementsOf(page).filter(({ name }) => name === 'path');
  const bars = drawn.map(({ attributes }) => attributes.get('d')?.split('z').length ?? 0);
  expect(bars.reduce((sum, count) => sum + count - 1, 0)).toBe(26);
  expect(text).not.toContain('follower');
});

test('a topic says in words what it looks for, and shows its papers with reasons and marks', async () => {
  const page = await web.page('/topics/sand');
  const text = textOf(page);
  expect(text).toContain('Papers that speak of sand or “dune field”, but not of beach.');
  expect(text).toContain(
    'New 11 Mar 2026 Grains that sing Ada Why sand sings. “sand”: in the title',
  );
  expect(text).toContain('Recurring 4 Mar 2026 · on 2 days, last 11 Mar 2026 Dunes on the move');
  expect(text).not.toContain('Glass');
  expect(text).toContain('2 papers in 26 weeks; most in the week of 9 March 2026, with 1.');
  const [chart] = elementsOf(page).filter(({ attributes }) => attributes.get('role') === 'img');
  expect(chart?.attributes.get('aria-label')).toBe(
    'Papers per week for Sand &amp; dunes: 2 papers in 26 weeks, 1 in the last',
  );
});

test('a page tells feed readers where its feed is', async () => {
  const feedsOf = async (path: string) =>
    elementsOf(await web.page(path))
      .filter(({ attributes }) => attributes.get('rel') === 'alternate')
      .map(({ attributes }) => `${attributes.get('type')} ${attributes.get('href')}`);
  expect(await feedsOf('/')).toEqual([
    'application/atom+xml /feed.atom',
    'application/feed+json /feed.json',
  ]);
  expect(await feedsOf('/topics/sand')).toEqual([
    'application/atom+xml /topics/sand/feed.atom',
    'application/feed+json /topics/sand/feed.json',
  ]);
  expect(await feedsOf('/topics')).toEqual(['text/x-opml /opml']);
});

test('the number of a topic leads to its name', async () => {
  const answer = await web.get(`/topics/${sand}`);
  expect([answer.status, answer.headers.get('Location')]).toEqual([302, '/topics/sand']);
});

test('what subscribers typed, unknown topics and odd parameters are not found or left aside', async () => {
  const missing = [`${own}`, '0', '9'.repeat(30), 'Sand', '%00', '%ff', "'--", 'a'.repeat(5_000)];
  for (const topic of missing) {
    for (const path of ['', '/feed.atom', '/feed.json'])
      expect([topic, (await web.get(`/topics/${topic}${path}`)).status]).toEqual([topic, 404]);
  }
  for (const part of ['0', '-1', 'x', '1e9', '999', '', '2&part=1'])
    expect((await web.get(`/topics/sand?part=${part}`)).status).toBe(200);
  expect(textOf(await web.page('/topics/sand?part=2'))).toContain('There are no more.');
  expect(web.errors).toEqual([]);
});

test('an empty catalogue says how to fill it, and a topic without papers that one may come', async () => {
  const text = textOf(await empty.page('/topics'));
  expect(text).toContain('The catalogue is empty so far.');
  expect(text).toContain('topic add interpretability');
  expect(textOf(await web.page('/topics/water'))).toContain('No paper has been found for it yet.');
});
