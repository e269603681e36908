import { createHash } from 'node:crypto';
import { checkSchedule, type DeliveryId, idOf, type SubscriberId } from '@paperboy/core';
import {
  ensureSubscriber,
  ensureTopic,
  FEEDBACK_ACTIONS,
  feedbackOf,
  findSubscriber,
} from '@paperboy/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordDay } from './listings.ts';
import { elementsOf, textOf } from './markup.ts';
import { links, openWeb, rowsDigest, type TestWeb } from './support.ts';

let web: TestWeb;
let reader: { id: SubscriberId; path: string; papers: string[] };
let other: { id: SubscriberId; path: string; papers: string[] };
beforeAll(async () => {
  web = await openWeb();
  const page = await recordDay(web.store, {
    day: '2026-03-11',
    entries: [
      { title: 'Sparse Attention for Maps', abstract: 'We attend to <b>maps</b>.', upvotes: 7 },
      { title: 'Attention & Its "Limits"' },
      { title: 'Nothing to Do with It' },
    ],
  });
  await web.store.pool.query(
    `update listing_page set ready_no = nextval('listing_page_ready_no') where id = $1`,
    [page],
  );
  reader = await digestFor('ada@example.com');
  other = await digestFor('bola@example.com');
});
afterAll(() => web.close());

/** A delivery of the first two papers, as a planner leaves it. */
async function digestFor(address: string) {
  const { store } = web;
  const topicId = await ensureTopic(store.db, {
    query: 'attention',
    queryHash: createHash('sha256').update('attention').digest(),
  });
  const { id } = await ensureSubscriber(store.db, {
    address,
    domain: 'example.com',
    addressHash: links.addressHash(address),
    schedule: checkSchedule({ cadence: 'daily', weekdays: [1, 3], hour: 7, zone: 'Asia/Tokyo' }),
    topics: [{ topicId, name: 'Attention' }],
  });
  const reasons = JSON.stringify([
    { kind: 'phrase', typed: 'attention', quotes: [], inTitle: 1, inAbstract: 0 },
  ]);
  const { rows } = await store.pool.query<{ id: string; papers: string[] }>(
    `with chosen as (
       select paper_id, position, ready_no from appearance join listing_page page on page.id = listing_page_id
       where position < 3),
     matched as (
       insert into match (topic_id, paper_id, strength, reasons) select $1, paper_id, 1, $2 from chosen
       on conflict do nothing),
     planned as (
       insert into edition (cadence, window_end, through_no, notes, send_until)
       select 'daily', '2026-03-11T22:00:00Z', max(ready_no), '{"Other list: the list was cut short"}',
         '2026-03-12T18:00:00Z' from chosen
       on conflict (cadence, window_end) do update set state = 'planned' returning id),
     gathered as (
       insert into edition_paper (edition_id, paper_id, ordinal, first_ready_no, last_ready_no, trending)
       select planned.id, paper_id, position, ready_no, ready_no, false from chosen, planned
       on conflict do nothing)
     insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers)
     select planned.id, $3, 'example.com', (select array_agg(paper_id order by position) from chosen), '{}' from planned
     returning id, new_papers as papers`,
    [topicId, reasons, id],
  );
  const delivery: DeliveryId = idOf('delivery', rows[0]?.id ?? '');
  return { id, path: links.digest(delivery).pathname, papers: rows[0]?.papers ?? [] };
}

const post = (path: string, action: string) =>
  web.get(path, { method: 'POST', body: new URLSearchParams({ action }) });

async function said(): Promise<{ vote: string | null; isSaved: boolean } | undefined> {
  const [paper = ''] = reader.papers;
  const paperId = idOf('paper', paper);
  const found = (await feedbackOf(web.store.db, reader.id, [paperId])).get(paperId);
  return found && { vote: found.vote, isSaved: found.savedAt !== null };
}

test('a digest online has its papers with reasons, notes and buttons, and the day of its reader', async () => {
  const page = await web.page(reader.path);
  expect(textOf(page)).toContain('Your digest of 12 March 2026');
  expect(textOf(page)).toContain('Sparse Attention for Maps');
  expect(textOf(page)).toContain('We attend to <b>maps</b>.');
  expect(textOf(page)).toContain('“attention”: in the title');
  expect(textOf(page)).toContain('Other list: the list was cut short');
  expect(textOf(page)).not.toContain('Nothing to Do with It');
  expect(textOf(page)).toMatch(/New Attention Sparse Attention for Maps/);
  expect(elementsOf(page).filter(({ name }) => name === 'form')).toHaveLength(2);
});

test('it is in no cache and no index, and knows no address', async () => {
  const answer = await web.get(reader.path);
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  expect(answer.headers.get('X-Robots-Tag')).toContain('noindex');
  expect(await answer.text()).not.toContain('example.com');
});

test('reading it and every link of the mail changes nothing', async () => {
  const before = await rowsDigest(web.store);
  for (const want of ['', ...FEEDBACK_ACTIONS, 'nonsense']) {
    const path = `${reader.path}/papers/${reader.papers[0]}?want=${want}`;
    for (const method of ['GET', 'HEAD'])
      expect((await web.get(path, { method })).status).toBe(200);
  }
  expect(textOf(await web.page(`${reader.path}/papers/${reader.papers[0]}?want=like`))).toContain(
    'Nothing has changed yet.',
  );
  expect(await rowsDigest(web.store)).toBe(before);
});

test('a vote and a mark are kept, told and taken back each by itself', async () => {
  const path = `${reader.path}/papers/${reader.papers[0]}`;
  const answer = await post(path, 'like');
  expect(answer.status).toBe(303);
  expect(answer.headers.get('Location')).toBe(`${path}?done=like`);
  expect(textOf(await web.page(`${path}?done=like`))).toMatch(
    /^.*Liked\. From your next digest on, .*\. Take back the like/s,
  );
  expect(await said()).toEqual({ vote: 'like', isSaved: false });
  await post(path, 'save');
  await post(path, 'save');
  await post(path, 'dislike');
  expect(await said()).toEqual({ vote: 'dislike', isSaved: true });
  await post(path, 'no-vote');
  expect(await said()).toEqual({ vote: null, isSaved: true });
  await post(path, 'unsave');
  await post(path, 'unsave');
  expect(await said()).toBeUndefined();
});

test("one reader's link says nothing for another", async () => {
  await post(`${other.path}/papers/${other.papers[0]}`, 'like');
  expect(await said()).toBeUndefined();
});

test.each([
  ['no action', ''],
  ['an unknown action', 'delete'],
])('a post with %s is refused and changes nothing', async (_, action) => {
  const before = await rowsDigest(web.store);
  const answer = await post(`${reader.path}/papers/${reader.papers[0]}`, action);
  expect(answer.status).toBe(400);
  expect(await rowsDigest(web.store)).toBe(before);
});

test('a paper that is not in the digest, and what is no paper, is not found', async () => {
  for (const paper of ['999999', '0', 'x', '1%27']) {
    expect((await web.get(`${reader.path}/papers/${paper}`)).status).toBe(404);
    expect((await post(`${reader.path}/papers/${paper}`, 'like')).status).toBe(404);
  }
});

test('a changed, cut or foreign token opens nothing', async () => {
  const token = reader.path.split('/').at(-1) ?? '';
  const foreign = links.unsubscribe(reader.id).pathname.split('/').at(-1) ?? '';
  for (const wrong of [token.slice(1), `${token}A`, token.replace(/.$/, '~'), foreign, '%00']) {
    expect((await web.get(`/digests/${wrong}`)).status).toBe(404);
    expect((await post(`/digests/${wrong}/papers/${reader.papers[0]}`, 'like')).status).toBe(404);
  }
});

test('the page has the order of the mail: the better paper of a topic first', async () => {
  const first = ['Sparse Attention for Maps', 'Attention & Its'];
  const places = async () => {
    const text = textOf(await web.page(reader.path));
    return first.toSorted((a, b) => text.indexOf(a) - text.indexOf(b));
  };
  expect(await places()).toEqual(first);
  await web.store.pool.query('update match set strength = 0.5 where paper_id = $1', [
    reader.papers[0],
  ]);
  expect(await places()).toEqual(first.toReversed());
});

describe('dropping a related word', () => {
  const related = 'toy <b> models';
  let own: { id: SubscriberId; path: string };
  let doors: string[];
  beforeAll(async () => {
    own = await digestFor('caro@example.com');
    doors = [own.path, links.preferences(own.id).pathname];
    const named = (...words: string[]) => words.map((text) => ({ text }));
    const reasons = [
      { kind: 'related', quotes: named(related, 'Superposition'), inTitle: 0, inAbstract: 2 },
    ];
    await web.store.pool.query('update match set reasons = $1', [JSON.stringify(reasons)]);
  });

  const topicOf = async (id = own.id) => {
    const [topic] = (await findSubscriber(web.store.db, id)).topics;
    if (!topic) throw new Error('no topic is followed');
    return topic;
  };
  const send = (path: string, ...fields: [string, string][]) =>
    web.get(path, { method: 'POST', body: new URLSearchParams(fields) });

  test('each word of a paper leads to a page that asks; reading changes nothing and is in no cache', async () => {
    const { topicId } = await topicOf();
    const hrefs = elementsOf(await web.page(own.path)).flatMap(
      ({ attributes }) => attributes.get('href') ?? [],
    );
    const path = `${own.path}/words/${topicId}`;
    expect(hrefs).toContain(`${path}?word=Superposition`);
    expect(await web.page(doors[1] ?? '')).toContain(`${doors[1]}/words/${topicId}"`);
    const before = await rowsDigest(web.store);
    for (const door of doors) {
      const answer = await web.get(`${door}/words/${topicId}?word=superpositions`);
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
      expect(answer.headers.get('X-Robots-Tag')).toContain('noindex');
      const page = await answer.text();
      expect(textOf(page)).toContain('Nothing has changed yet.');
      expect(textOf(page)).toContain(related);
      const boxes = elementsOf(page).filter(
        ({ attributes }) => attributes.get('type') === 'checkbox',
      );
      const ticked = boxes.filter(({ attributes }) => attributes.has('checked'));
      expect(boxes).toHaveLength(2);
      expect(ticked.map(({ attributes }) => attributes.get('value'))).toEqual(['Superposition']);
    }
    expect(await rowsDigest(web.store)).toBe(before);
  });

  test.each([0, 1])(
    'it is dropped for this reader alone, and taken back (way in %i)',
    async (at) => {
      const before = await topicOf();
      await web.store.pool.query(
        'update subscription set strictness = $1 where subscriber_id = $2',
        [...['strict', own.id]],
      );
      const answer = await send(
        `${doors[at]}/words/${before.topicId}`,
        ...([
          ['word', 'Superposition'],
          ['word', related],
        ] as [string, string][]),
      );
      expect(answer.status).toBe(303);
      const dropped = await topicOf();
      expect(dropped).toEqual({
        topicId: expect.not.stringMatching(`^${before.topicId}$`),
        name: 'Attention',
        query: `attention -related:Superposition -related:"${related}"`,
        strictness: 'strict',
      });
      expect(await topicOf(other.id)).toEqual({ ...before, strictness: 'normal' });
      const path = answer.headers.get('Location') ?? '';
      expect(path).toContain(`${doors[at]}/words/${dropped.topicId}?dropped=Superposition`);
      const page = await web.page(path);
      expect(textOf(page)).toContain(`Dropped: “Superposition”, “${related}”.`);
      const undo = elementsOf(page)
        .filter(({ attributes }) => attributes.get('type') === 'hidden')
        .map(({ attributes }): [string, string] => [
          attributes.get('name') ?? '',
          (attributes.get('value') ?? '').replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
        ]);
      const undone = await send(path.replace(/\?.*/, ''), ...undo);
      expect(undone.headers.get('Location')).toContain(`/words/${before.topicId}?restored`);
      expect(await topicOf()).toEqual({ ...before, strictness: 'strict' });
      expect(textOf(await web.page(undone.headers.get('Location') ?? ''))).toContain('Taken back');
    },
  );

  test('a word that is dropped already stays so, and the page claims no other', async () => {
    await send(`${own.path}/words/${(await topicOf()).topicId}`, ['word', 'Superposition']);
    const { topicId, query } = await topicOf();
    const path = `${own.path}/words/${topicId}`;
    const before = await rowsDigest(web.store);
    const again = await send(path, ['word', 'Superposition']);
    expect(again.headers.get('Location')).toBe(`${path}?dropped=Superposition`);
    expect(await rowsDigest(web.store)).toBe(before);
    expect(query).toBe('attention -related:Superposition');
    expect(textOf(await web.page(`${path}?dropped=superpositions`))).toContain(
      'Dropped: “Superposition”.',
    );
    expect(await web.page(`${path}?dropped=viagra`)).not.toContain('viagra');
    await send(path, ['restore', 'Superposition']);
    expect((await topicOf()).query).toBe('attention');
  });

  test('no word, one that is none of the topic, and a topic of others are refused and change nothing', async () => {
    const { topicId } = await topicOf();
    const before = await rowsDigest(web.store);
    for (const door of doors) {
      const path = `${door}/words/${topicId}`;
      expect((await send(path)).status).toBe(400);
      expect((await send(path, ['word', 'attention'])).status).toBe(400);
      expect((await send(path, ['word', 'Superposition'], ['word', 'x" OR y'])).status).toBe(400);
      expect((await send(path, ['restore', 'never dropped'])).status).toBe(400);
      for (const foreign of ['999999', '0', 'x', '1%27'])
        expect((await send(`${door}/words/${foreign}`, ['word', 'Superposition'])).status).toBe(
          404,
        );
    }
    expect(await rowsDigest(web.store)).toBe(before);
  });

  test('a token of the other kind, a cut and a changed one open nothing', async () => {
    const { topicId } = await topicOf();
    const [digest = '', preferences = ''] = doors.map((door) => door.split('/').at(-1) ?? '');
    for (const wrong of [
      ...[`/digests/${preferences}`, `/preferences/${digest}`],
      ...doors.flatMap((door) => [door.slice(0, -1), door.replace(/.$/, '~')]),
    ]) {
      expect((await web.get(`${wrong}/words/${topicId}`)).status).toBe(404);
      expect((await send(`${wrong}/words/${topicId}`, ['word', 'Superposition'])).status).toBe(404);
    }
  });
});

test('past digests are called by their day, as the digest itself is, not by when they left', async () => {
  await web.store.pool.query(
    `update delivery set state = 'accepted', accepted_at = '2026-03-13T09:00:00Z' where subscriber_id = $1`,
    [reader.id],
  );
  const [, called] = /Your digest of (\d+ \w+ \d+)/.exec(textOf(await web.page(reader.path))) ?? [];
  const own = textOf(await web.page(links.preferences(reader.id).pathname));
  expect(own).toMatch(new RegExp(`Past digests ${called} \\d+ papers?`));
});

test('a saved paper that a source has worded anew since says so on the page of its reader', async () => {
  const [paper = ''] = reader.papers;
  const own = links.preferences(reader.id).pathname;
  await post(`${reader.path}/papers/${paper}`, 'save');
  await web.store.pool.query(
    `update feedback set changed_at = '2026-03-15' where subscriber_id = $1`,
    [reader.id],
  );
  const saved = async () =>
    /Saved and liked .* Past digests/.exec(textOf(await web.page(own)))?.[0];
  expect(await saved()).toMatch(/Sparse Attention for Maps saved(?:, liked)? Past digests$/);
  await recordDay(web.store, {
    day: '2026-03-20',
    entries: [{ title: 'Sparse Attention for Maps', abstract: 'We attend to all <b>maps</b>.' }],
  });
  expect(await saved()).toContain('new abstract on 20 March 2026');
});
