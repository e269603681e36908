import { idOf } from '@paperboy/core';
import {
  ensureTopic,
  gatherWords,
  inTransaction,
  lockPapers,
  mergePapers,
  saveMatches,
} from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDay } from './listings.ts';
import { elementsOf, textOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

const HOSTILE = `</title></a>"><script>alert(1)</script><img src=x onerror='alert(2)'> $& {{x}} ]]> --> \${y}`;

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
  const reeds = {
    title: 'Reeds in shallow water',
    ids: { arxiv: '2603.00001' },
    authors: ['Ada Reed', 'Bo Marsh'],
  };
  const abstract = 'A long walk along the shore shows how reeds bend and why they seldom break.';
  await recordDay(web.store, {
    day: '2026-03-09',
    entries: [{ title: 'Filler' }, { ...reeds, abstract, upvotes: 3 }],
  });
  await recordDay(web.store, {
    source: 'other-list',
    day: '2026-03-10',
    entries: [{ ...reeds, abstract: 'Reeds, told in other words.', textKind: 'summary' }],
  });
  await recordDay(web.store, {
    day: '2026-03-11',
    entries: [{ ...reeds, abstract: abstract.replace('seldom', 'never'), upvotes: 40 }],
  });
  await recordDay(web.store, {
    day: '2026-03-12',
    entries: [
      {
        title: HOSTILE,
        abstract: HOSTILE,
        authors: [HOSTILE],
        categories: [HOSTILE],
        links: [
          { rel: 'page', url: 'javascript:alert(1)' },
          { rel: 'pdf', url: 'data:text/html,x' },
          { rel: 'code', url: 'https://user:secret@example.org/' },
          { rel: 'other', url: 'https://example.org/"><script>' },
        ],
      },
    ],
  });
});
afterAll(() => web.close());

async function pathOf(title: string): Promise<string> {
  const text = await web.store.db
    .selectFrom('paper_text')
    .select('paper_id')
    .where('title', '=', title)
    .executeTakeFirstOrThrow();
  return `/papers/${text.paper_id}`;
}

test('a paper shows its text, its authors, its names and each time it was listed', async () => {
  const text = textOf(await web.page(await pathOf('Reeds in shallow water')));
  expect(text).toContain(
    'First seen 9 March 2026 · seen 3 times Reeds in shallow water Ada Reed, Bo Marsh',
  );
  expect(text).toContain('why they never break. In the words of Daily Papers.');
  expect(text).toMatch(
    /Daily Papers : listed on 2 days, first as no\. 2, last as no\. 1, best no\. 1\. Upvotes from 3 to 40\. Day Source Position Change Upvotes 11 Mar 2026 Daily Papers 1 ▲ 1 up 1 place 40 10 Mar 2026 other-list 1 new on this list 9 Mar 2026 Daily Papers 2 new on this list 3/,
  );
  expect(text).toContain('Known as arxiv:2603.00001');
});

test('a revision shows the words that went and those that came', async () => {
  const page = await web.page(await pathOf('Reeds in shallow water'));
  expect(textOf(page)).toContain('11 March 2026, Daily Papers: new abstract');
  expect(page).toMatch(/they <del>seldom<\/del> <ins>never<\/ins> break\./);
});

test('what another source says of it stands beside it, a summary as one', async () => {
  const text = textOf(await web.page(await pathOf('Reeds in shallow water')));
  expect(text).toContain('other-list, a summary since 10 March 2026');
  expect(text).toContain('Reeds, told in other words.');
});

test('topics of the catalogue are named with their reasons, what a subscriber typed is not', async () => {
  const { db } = web.store;
  const path = await pathOf('Reeds in shallow water');
  const reasons = [
    { kind: 'phrase', typed: 'reeds', quotes: [], inTitle: 1, inAbstract: 2 },
    { kind: 'of another version' },
    'nonsense',
  ];
  const shared = { slug: 'reeds', name: 'Reeds and grass' };
  const topics = [
    { query: 'reeds', queryHash: Buffer.alloc(32, 1), ...shared },
    { query: 'my secret illness', queryHash: Buffer.alloc(32, 2) },
  ];
  for (const topic of topics) {
    const topicId = await ensureTopic(db, topic);
    await saveMatches(db, [
      {
        topicId,
        paperId: idOf('paper', path.slice('/papers/'.length)),
        strength: 1,
        isCertain: true,
        reasons,
      },
    ]);
  }
  const text = textOf(await web.page(path));
  expect(text).toContain(
    'Reeds and grass “reeds”: in the title and 2 times in the abstract Where it was listed',
  );
  expect(text).not.toContain('illness');
});

test('hostile texts are shown as they are written and make no element, no attribute and no link', async () => {
  for (const path of ['/', '/days/2026-03-12', await pathOf(HOSTILE)]) {
    const page = await web.page(path);
    const elements = elementsOf(page);
    expect(textOf(page)).toContain(HOSTILE.replace(/\s+/g, ' '));
    expect(elements.map(({ name }) => name)).not.toContain('img');
    expect(elements.filter(({ name }) => name === 'script')).toEqual([]);
    const names = new Set(elements.flatMap(({ attributes }) => [...attributes.keys()]));
    expect([...names].filter((name) => name.startsWith('on') || name === 'style')).toEqual([]);
    const addresses = elements.flatMap(({ attributes }) => attributes.get('href') ?? []);
    const outside = addresses.filter((address) => !/^[/#]/.test(address));
    expect(outside).toEqual(['https://example.org/%22%3E%3Cscript%3E']);
  }
});

test('ids that no paper has are not found', async () => {
  const ids = [
    '0',
    '-1',
    '1.5',
    'x',
    '999999',
    '9223372036854775808',
    '1'.repeat(40),
    "1'",
    '1%00',
  ];
  for (const id of ids) expect([id, (await web.get(`/papers/${id}`)).status]).toEqual([id, 404]);
});

test('a paper is found by the names that others know it by, in its address and in the search', async () => {
  const names = [
    '/papers/2603.00001',
    '/papers/2603.00001v2',
    '/papers/arxiv:2603.00001',
    '/papers/arxiv.org/abs/2603.00001',
    `/search?q=${encodeURIComponent('https://arxiv.org/abs/2603.00001')}`,
    '/search?q=2603.00001',
  ];
  for (const name of names) {
    const answer = await web.get(name);
    const to = answer.headers.get('Location') ?? '';
    expect([name, answer.status, textOf(await web.page(to))]).toEqual([
      name,
      302,
      expect.stringContaining('Reeds in shallow water'),
    ]);
  }
  expect((await web.get('/papers/2603.99999')).status).toBe(404);
  expect((await web.get('/papers/doi:10.1000/none')).status).toBe(404);
  expect((await web.get('/search?q=2603.99999')).status).toBe(200);
});

test('papers that share rare words lead to each other, once their words are gathered', async () => {
  const { db } = web.store;
  const abstract = (about: string) => `We study ${about} with many models and report results.`;
  const titles = ['Quokka gaits in ferrofluids', 'Ferrofluids that learn quokka gaits', 'On sleep'];
  await recordDay(web.store, {
    day: '2026-03-25',
    entries: titles.map((title) => ({ title, abstract: abstract(title), authors: ['One Author'] })),
  });
  const path = await pathOf('Quokka gaits in ferrofluids');
  expect(textOf(await web.page(path))).not.toContain('Similar papers');
  await web.store.pool.query('update listing_page set ready_no = id');
  await gatherWords(db);
  const page = await web.page(path);
  const similar = textOf(page.slice(page.indexOf('Similar papers')));
  expect(similar).toMatch(
    /^Similar papers They share words [^.]+\. Ferrofluids that learn quokka gaits first seen/,
  );
  expect(similar).not.toMatch(/On sleep|Quokka gaits in/);

  // With words that hundreds of papers have, as Postgres counts them.
  const many = Array.from({ length: 260 }, (_, at) => ({
    title: `${at}th`,
    abstract: abstract('it'),
  }));
  await recordDay(web.store, { day: '2026-03-26', entries: many });
  await web.store.pool.query('update listing_page set ready_no = id where ready_no is null');
  await gatherWords(db);
  await web.store.pool.query('analyze paper_words');
  expect(textOf(await web.page(path))).toContain('Ferrofluids that learn quokka gaits first seen');
});

test('works of one title link to each other, and one that was merged leads to the other', async () => {
  const title = 'Two works that bear one title';
  const listed = ['2603.00051', '2603.00052'].map((arxiv) => ({ title, ids: { arxiv } }));
  await recordDay(web.store, { day: '2026-03-20', entries: listed });
  const { rows } = await web.store.pool.query<{ id: string }>(
    "select paper_id as id from paper_key where key like 'arxiv:2603.0005%' order by key",
  );
  const [one, two] = rows.map(({ id }) => idOf('paper', id));
  if (!one || !two) throw new Error('the papers are not there');
  const page = await web.page(`/papers/${two}`);
  expect(textOf(page)).toContain(
    `Also listed under the same title ${title} first seen 20 March 2026`,
  );
  expect(page).toContain(`<a href="/papers/${one}">${title}</a>`);
  await inTransaction(web.store.db, async (tx) => {
    await lockPapers(tx);
    await mergePapers(tx, { survivorId: one, otherId: two, by: 'ada', evidence: {} });
  });
  const moved = await web.get(`/papers/${two}`);
  expect([moved.status, moved.headers.get('location')]).toEqual([302, `/papers/${one}`]);
  expect(textOf(await web.page(`/papers/${one}`))).not.toContain('Also listed');
});
