import { idOf } from '@paperboy/core';
import { ensureTopic, saveMatches } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDay } from './listings.ts';
import { textOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());

test('before there are listings, and while there are few weeks of them, the page says so', async () => {
  expect(textOf(await web.page('/trends'))).toContain('No listing page has been read yet.');
  await recordDay(web.store, { day: '2026-01-05', entries: [{ title: 'The first paper' }] });
  const text = textOf(await web.page('/trends'));
  expect(text).toContain('That needs 8 weeks of listings; the first is of 5 January 2026.');
  expect(text).toContain('No paper stayed that long.');
});

test('a paper that stands on more days than before rises, and so does a topic with a larger share', async () => {
  const { db, pool } = web.store;
  const fresh = Array.from({ length: 6 }, (_, at) => ({ title: `On the tides ${at}` }));
  const days = ['2026-03-02', '2026-03-03', '2026-03-04'];
  for (const [at, day] of days.entries())
    await recordDay(web.store, { day, entries: [{ title: 'Stays' }, ...(at === 0 ? fresh : [])] });
  const names = { slug: 'tides', name: 'Tides' };
  const topicId = await ensureTopic(db, {
    query: 'tides',
    queryHash: Buffer.alloc(32, 1),
    ...names,
  });
  const found = await pool.query<{ id: string }>(
    "select paper_id as id from paper_text where title like 'On the tides%'",
  );
  const match = { topicId, strength: 1, isCertain: true, reasons: [] };
  await saveMatches(
    db,
    found.rows.map(({ id }) => ({ ...match, paperId: idOf('paper', id) })),
  );
  const text = textOf(await web.page('/trends'));
  expect(text).toMatch(
    /Rising topics .* Tides 85\.7 % of new papers, none before\. 6 papers in 12/,
  );
  expect(text).toMatch(
    /Rising papers .* Stays on 3 days, none before · best no\. 1 · first seen 2/,
  );
  expect(text).not.toContain('On the tides 1');
});
