import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDay, stands } from './listings.ts';
import { elementsOf, textOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

let web: TestWeb;
let empty: TestWeb;
beforeAll(async () => {
  [web, empty] = await Promise.all([openWeb(), openWeb()]);
  const gates = { title: 'Gates that open late', abstract: 'Why a late gate saves work.' };
  const knots = { title: 'Knots that hold fast', abstract: 'How a knot is tied.' };
  await recordDay(web.store, {
    day: '2025-12-30',
    entries: [gates, knots, { title: 'Loops without an end' }],
  });
  await recordDay(web.store, {
    day: '2026-03-11',
    entries: [
      {
        title: 'Dunes on the move',
        abstract: 'Sand moves in waves.',
        authors: ['Ada', 'Bo', 'Cy', 'Di', 'Ed', 'Flo'],
        upvotes: 12,
        links: [{ rel: 'pdf', url: 'https://example.org/dunes.pdf' }],
      },
      knots,
      { title: 'Reeds in the wind' },
      gates,
    ],
  });
  await recordDay(web.store, {
    source: 'short-list',
    day: '2026-03-11',
    entries: [{ title: 'Reeds in the wind' }, { title: 'Loops without an end' }],
    verdict: 'cut',
    note: '2 entries where the page claims 5',
  });
});
afterAll(() => Promise.all([web.close(), empty.close()]));

test('the front page shows the newest day, what is new before what recurs', async () => {
  const text = textOf(await web.page('/'));
  expect(text).toContain('Wednesday 11 March 2026');
  expect(text).toContain('2 new papers and 3 seen before, from short-list and Daily Papers.');
  const [fresh, again] = text.slice(text.indexOf('New 2 papers')).split('Recurring 3 papers');
  expect(fresh).toContain('Dunes');
  expect(fresh).toContain('Reeds');
  expect(fresh).not.toContain('Knots');
  expect(again).toContain('Knots');
  expect(again).toContain('Gates');
  expect(again).toContain('Loops');
});

test('a paper shows its authors, its text, its place and how it moved, its votes and its links', async () => {
  const page = await web.page('/');
  const text = textOf(page);
  expect(text).toContain('Dunes on the move Ada, Bo, Cy, Di and 2 others Sand moves in waves.');
  expect(text).toContain('Daily Papers, no. 1 · 12 upvotes · PDF of Dunes on the move');
  expect(text).toContain(
    'Knots that hold fast seen twice · first 30 Dec 2025 · back after 71 days',
  );
  expect(text).toContain('Daily Papers, no. 2 · same place');
  expect(text).toContain('Daily Papers, no. 4 · ▼ 3 down 3 places');
  const addresses = elementsOf(page).map(({ attributes }) => attributes.get('href'));
  expect(addresses).toContain('https://example.org/dunes.pdf');
});

test('a paper on two lists stands once, under the shorter one, which names the other', async () => {
  const text = textOf(await web.page('/'));
  expect(text.match(/Reeds in the wind/g)).toHaveLength(1);
  expect(text).toContain('Reeds in the wind short-list, no. 1 · also on Daily Papers');
});

test('the front page says what is wrong with a source', async () => {
  const cut =
    'short-list came cut short, so papers may be missing (2 entries where the page claims 5)';
  expect(textOf(await web.page('/'))).toContain(cut);
  expect(textOf(await web.page('/days/2026-03-11'))).toContain(cut);
  expect(textOf(await web.page('/days/2025-12-30'))).not.toContain('cut short');
});

test('a source that does not answer is told once, until it answers again', async () => {
  const { db } = web.store;
  const source = await db
    .selectFrom('source')
    .select('id')
    .where('name', '=', 'daily')
    .executeTakeFirstOrThrow();
  const at = new Date('2026-03-12T08:00:00Z');
  await stands(db, source.id, { outcome: 'failed', note: 'ENOTFOUND', at });
  expect(textOf(await web.page('/'))).toContain(
    'Daily Papers did not answer (ENOTFOUND); last asked 12 Mar 2026, 08:00 UTC',
  );
  await stands(db, source.id, { outcome: 'unchanged', note: 'the same bytes as before', at });
  expect(textOf(await web.page('/'))).not.toContain('did not answer');
});

test('an older day is shown as it was, with the way to its neighbours', async () => {
  const page = await web.page('/days/2025-12-30');
  const text = textOf(page);
  expect(text).toContain('Tuesday 30 December 2025 3 new papers from Daily Papers.');
  expect(text).not.toContain('Recurring');
  const addresses = elementsOf(page).map(({ attributes }) => attributes.get('href'));
  expect(addresses).toContain('/days/2026-03-11');
});

test('the list of days counts new papers and entries, and goes on to earlier days', async () => {
  expect(textOf(await web.page('/days'))).toMatch(
    /March 2026 11 March 2026 2 new of 6 December 2025 30 December 2025 3 new of 3/,
  );
  const earlier = textOf(await web.page('/days?before=2026-03-11'));
  expect(earlier).toContain('30 December 2025');
  expect(earlier).not.toContain('11 March 2026');
  expect(textOf(await web.page('/days?before=2020-01-01'))).toContain('Nothing was listed before.');
});

test('a long list is shown in part, and in full on a page of its own', async () => {
  const entries = Array.from({ length: 250 }, (_, index) => ({
    title: `Long list paper ${index + 1}`,
  }));
  await recordDay(web.store, { source: 'long-list', day: '2024-01-05', entries });
  const day = await web.page('/days/2024-01-05');
  expect(textOf(day)).toContain('All of long-list, 250 papers');
  expect(textOf(day)).toContain('Long list paper 100 ');
  expect(textOf(day)).not.toContain('Long list paper 101 ');
  const first = textOf(await web.page('/days/2024-01-05?source=long-list'));
  expect(first).toContain('Long list paper 200 ');
  expect(first).not.toContain('Long list paper 201 ');
  expect(first).toContain('Positions from 201');
  const rest = textOf(await web.page('/days/2024-01-05?source=long-list&after=200'));
  expect(rest).toContain('Long list paper 201 ');
  expect(rest).toContain('Long list paper 250 ');
  expect(rest).not.toContain('Positions from');
});

test('before the first page there is a word on what to do next', async () => {
  const front = textOf(await empty.page('/'));
  expect(front).toContain('No listing page has been read yet');
  expect(front).toContain('paperboy -- ingest');
  expect(textOf(await empty.page('/days'))).toContain('No listing page has been read yet.');
});

test('days without a listing, days that no calendar has and odd parameters are not found or left aside', async () => {
  const missing = [
    '2026-03-12',
    '2026-02-30',
    'today',
    '2026-3-1',
    '2026-03-11T00:00',
    '%00',
    '%ff',
    'a'.repeat(5_000),
  ];
  for (const day of missing)
    expect([day, (await web.get(`/days/${day}`)).status]).toEqual([day, 404]);
  const empty = await (await web.get('/days/2026-03-12')).text();
  expect(textOf(empty)).toContain('Thursday 12 March 2026 Nothing was listed that day.');
  expect(empty).toContain('<a rel="prev" href="/days/2026-03-11">');
  for (const query of ['source=nobody', 'source=', "source='--"]) {
    expect((await web.get(`/days/2026-03-11?${query}`)).status).toBe(404);
  }
  for (const after of ['-1', 'x', '1e9', '99999999999999999999', '']) {
    expect((await web.get(`/days/2026-03-11?source=daily&after=${after}`)).status).toBe(200);
  }
  expect((await web.get('/days?before=nonsense')).status).toBe(404);
});
