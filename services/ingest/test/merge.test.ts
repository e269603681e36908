import { randomUUID } from 'node:crypto';
import { type Entry, idOf, type PaperId, type SubscriberId } from '@paperboy/core';
import {
  currentPaper,
  ensureTopic,
  feedbackOf,
  giveFeedback,
  inTransaction,
  lastMerge,
  lockPapers,
  mergePapers,
  previewTransaction,
  saveMatches,
  splitPapers,
} from '@paperboy/store';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { addSourceNamed, counts, entry, listing, record } from './support.ts';
import { useBench } from './use-bench.ts';

const bench = useBench();

const query = async (sql: string, ...values: unknown[]) =>
  (await bench.store.pool.query(sql, values)).rows;
const paperOf = async (key: string): Promise<PaperId> => {
  const [row] = await query('select paper_id from paper_key where key = $1', key);
  return idOf('paper', row?.paper_id ?? '');
};

/** A work with an id, as lists print it. */
const work = (id: string, title: string, more: Partial<Entry> = {}) =>
  entry(title, { ids: { arxiv: id }, ...more });

let day = 0;
beforeEach(() => {
  day = 0;
});
/** Records a new day's page, with an entry of its own so that it is no repetition. */
async function list(entries: readonly Entry[], from?: Parameters<typeof record>[2]) {
  day += 1;
  return record(bench, listing(day, [...entries, entry(`Filler ${randomUUID()}`)]), from);
}

const merge = (survivorId: PaperId, otherId: PaperId) =>
  inTransaction(bench.store.db, async (tx) => {
    await lockPapers(tx);
    return mergePapers(tx, { survivorId, otherId, by: 'ada', evidence: {} });
  });
const split = (survivorId: PaperId) =>
  inTransaction(bench.store.db, async (tx) => {
    await lockPapers(tx);
    const last = await lastMerge(tx, survivorId);
    if (!last) throw new Error('nothing to split');
    return splitPapers(tx, last, 'ada');
  });

const appearancesOf = async (paper: PaperId) =>
  (await query('select seen_on from appearance where paper_id = $1 order by 1', paper)).map(
    ({ seen_on }) => Number(seen_on.slice(8)),
  );
const keysOfPaper = async (paper: PaperId) =>
  (await query('select key from paper_key where paper_id = $1 order by 1', paper)).map(
    ({ key }) => key,
  );
const shownTitle = async (paper: PaperId) =>
  (
    await query(
      'select title from paper join paper_text t on t.id = paper.text_id where paper.id = $1',
      paper,
    )
  )[0]?.title;

/** Every row that a merge may touch, as text. */
async function everything(): Promise<string> {
  const tables = [
    'paper',
    'paper_key',
    'appearance',
    'revision',
    'same_title',
    'match',
    'paper_text',
    'feedback',
  ];
  const rows = await Promise.all(
    tables.map((table) =>
      query(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`),
    ),
  );
  const pages = await query('select id, appearance_count from listing_page order by 1');
  return JSON.stringify([rows, pages], null, 1);
}

async function topicFor(name: string, papers: readonly PaperId[]) {
  const queryHash = Buffer.alloc(32, name);
  const topicId = await ensureTopic(bench.store.db, { query: name, queryHash });
  const found = papers.map((paperId) => ({
    topicId,
    paperId,
    strength: 1,
    isCertain: true,
    reasons: [],
  }));
  await saveMatches(bench.store.db, found);
}

async function reader(name: string): Promise<SubscriberId> {
  const [row] = await query(
    `insert into subscriber (address, address_hash, domain, state, cadence, weekdays, send_hour, zone)
     values ($1, sha256(convert_to($1::text, 'UTF8')), 'example.com', 'left', 'daily', '{1}', 7, 'UTC') returning id`,
    `${name}@example.com`,
  );
  return idOf('subscriber', row?.id ?? '');
}

describe('two papers that were merged', () => {
  test('are one: found by every name, listed once where a page had both', async () => {
    await list([work('2603.10001', 'The first of a pair'), work('2603.10002', 'The second of it')]);
    await list([work('2603.10002', 'The second of it')]);
    const [one, two] = [await paperOf('arxiv:2603.10001'), await paperOf('arxiv:2603.10002')];
    await merge(one, two);
    expect(await paperOf('arxiv:2603.10002')).toBe(one);
    expect(await currentPaper(bench.store.db, two)).toBe(one);
    expect(await appearancesOf(one)).toEqual([1, 2]);
    expect(await appearancesOf(two)).toEqual([]);
    const again = await list([
      work('2603.10002', 'The second of it'),
      work('2603.10001', 'The first of a pair'),
    ]);
    expect(counts(again)).toMatchObject({ new: 1, recurring: 1, repeated: 1 });
  });

  test('show the better wording of both, and keep the rest', async () => {
    const better = await addSourceNamed(bench, 'better-words', 90);
    await list([work('2603.10011', 'Plainly worded')]);
    await list([work('2603.10012', 'Better worded')], better);
    const [one, two] = [await paperOf('arxiv:2603.10011'), await paperOf('arxiv:2603.10012')];
    await merge(one, two);
    expect(await shownTitle(one)).toBe('Better worded');
    await split(one);
    expect([await shownTitle(one), await shownTitle(two)]).toEqual([
      'Plainly worded',
      'Better worded',
    ]);
  });

  test('stand row for row as before when they are split again', async () => {
    const other = await addSourceNamed(bench, 'other-list', 20);
    const abstract = 'An abstract with quite some words that will be revised a little.';
    await list([
      work('2603.10021', 'Split me', { abstract }),
      work('2603.10022', 'And me', { abstract }),
    ]);
    await list([work('2603.10022', 'And me, revised')]);
    await list([work('2603.10022', 'And me', { textKind: 'summary' })], other);
    await list([work('2603.10021', 'Split me too')]);
    await list([work('2603.10023', 'Split me too')]);
    const [one, two] = [await paperOf('arxiv:2603.10021'), await paperOf('arxiv:2603.10022')];
    await topicFor('both', [one, two]);
    await topicFor('second only', [two]);
    const [ada, lin, kay] = [await reader('ada'), await reader('lin'), await reader('kay')];
    const say = (subscriberId: SubscriberId, paperId: PaperId, what: 'like' | 'dislike' | 'save') =>
      giveFeedback(bench.store.db, { subscriberId, paperId }, what);
    await say(ada, one, 'like');
    await say(ada, two, 'dislike');
    await say(lin, two, 'like');
    await say(kay, two, 'save');
    const before = await everything();
    const moved = await merge(one, two);
    expect(moved).toMatchObject({
      appearances: [expect.objectContaining({ position: 2 })],
      matches: [expect.objectContaining({ paper_id: expect.anything() })],
      feedback: [expect.objectContaining({ vote: 'dislike' })],
    });
    expect(await everything()).not.toBe(before);
    // Of two words of one reader those about the paper that stays count.
    expect(await feedbackOf(bench.store.db, ada, [one])).toMatchObject(
      new Map([[one, { vote: 'like' }]]),
    );
    expect(await feedbackOf(bench.store.db, lin, [one])).toMatchObject(
      new Map([[one, { vote: 'like' }]]),
    );
    const [saved] = (await feedbackOf(bench.store.db, kay, [one])).values();
    expect(saved).toMatchObject({ vote: null, savedAt: expect.any(Date) });
    await split(one);
    expect(await everything()).toBe(before);
  });

  test('and tried only, nothing has changed', async () => {
    await list([work('2603.10031', 'Only tried'), work('2603.10032', 'Tried only')]);
    const [one, two] = [await paperOf('arxiv:2603.10031'), await paperOf('arxiv:2603.10032')];
    const before = await everything();
    const moved = await previewTransaction(bench.store.db, async (tx) => {
      await lockPapers(tx);
      return mergePapers(tx, { survivorId: one, otherId: two, by: 'ada', evidence: {} });
    });
    expect(moved.keys).toContain('arxiv:2603.10032');
    expect(await everything()).toBe(before);
  });
});

describe('what was listed since a merge', () => {
  test('goes with the name it came by', async () => {
    await list([work('2603.10041', 'Goes its way')]);
    await list([work('2603.10042', 'Goes another way')]);
    const [one, two] = [await paperOf('arxiv:2603.10041'), await paperOf('arxiv:2603.10042')];
    await merge(one, two);
    await list([
      entry('Goes another way, renamed', { ids: { arxiv: '2603.10042', doi: '10.5555/way' } }),
    ]);
    await list([work('2603.10041', 'Goes its way')]);
    await list([work('2603.10041', 'Goes its way'), work('2603.10042', 'Goes another way')]);
    await list([entry('Only its DOI', { ids: { doi: '10.5555/way' } })]);
    expect(await appearancesOf(one)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await split(one)).toEqual({ listingsSince: 5, toOther: 3 });
    expect(await appearancesOf(one)).toEqual([1, 4, 5]);
    expect(await appearancesOf(two)).toEqual([2, 3, 5, 6]);
    expect(await keysOfPaper(two)).toEqual([
      'arxiv:2603.10042',
      'doi:10.5555/way',
      'title:goesanotherway',
      'title:goesanotherwayrenamed',
      'title:onlyitsdoi',
    ]);
    expect(await keysOfPaper(one)).toEqual(['arxiv:2603.10041', 'title:goesitsway']);
    expect([await shownTitle(one), await shownTitle(two)]).toEqual([
      'Goes its way',
      'Only its DOI',
    ]);
    const next = await list([
      work('2603.10041', 'Goes its way'),
      work('2603.10042', 'Only its DOI'),
    ]);
    expect(counts(next)).toEqual({ new: 1, recurring: 2, repeated: 0, revised: 0 });
  });

  test('stays with each paper of a chain of merges', async () => {
    const names = ['2603.10051', '2603.10052', '2603.10053'];
    for (const id of names) await list([work(id, `Link ${id} of a chain`)]);
    const [a, b, c] = await Promise.all(names.map((id) => paperOf(`arxiv:${id}`)));
    if (!a || !b || !c) throw new Error('no papers');
    await merge(b, c);
    await list([work('2603.10053', 'Link 2603.10053 of a chain')]);
    await merge(a, b);
    expect(await currentPaper(bench.store.db, c)).toBe(a);
    await list([work('2603.10053', 'Link 2603.10053 of a chain')]);
    expect(await appearancesOf(a)).toEqual([1, 2, 3, 4, 5]);
    await split(a);
    expect(await currentPaper(bench.store.db, c)).toBe(b);
    expect([await appearancesOf(a), await appearancesOf(b)]).toEqual([[1], [2, 3, 4, 5]]);
    await list([work('2603.10052', 'Link 2603.10052 of a chain')]);
    await split(b);
    expect([await appearancesOf(b), await appearancesOf(c)]).toEqual([
      [2, 6],
      [3, 4, 5],
    ]);
    const left = `select 1 from merged_sighting join paper_merge on paper_merge.id = merge_id
      where other_paper_id in ($1, $2)`;
    expect(await query(left, b, c)).toEqual([]);
  });

  test('leaves two papers as if they had never been merged', { timeout: 60_000 }, async () => {
    const anyListing = fc.record({
      one: fc.constantFrom('none', 'plain', 'renamed'),
      two: fc.constantFrom('none', 'plain', 'renamed'),
      reversed: fc.boolean(),
      better: fc.boolean(),
    });
    type Script = (typeof anyListing extends fc.Arbitrary<infer Listed> ? Listed : never)[];
    const better = await addSourceNamed(bench, 'better-than-all', 95);
    let runs = 0;
    const play = async (script: { before: Script; since: Script }, merged: boolean) => {
      runs += 1;
      day = 0;
      const ids = [`2602.${10_000 + runs}`, `2601.${10_000 + runs}`] as const;
      const step = async ({ one, two, reversed, better: isBetter }: Script[number]) => {
        const entries = [one, two].flatMap((how, at) =>
          how === 'none' ? [] : [work(ids[at] ?? '', `${how} title ${at} of run ${runs}`)],
        );
        await list(reversed ? entries.reverse() : entries, isBetter ? better : undefined);
      };
      await list(ids.map((id, at) => work(id, `plain title ${at} of run ${runs}`)));
      for (const listed of script.before) await step(listed);
      const papers = [await paperOf(`arxiv:${ids[0]}`), await paperOf(`arxiv:${ids[1]}`)] as const;
      if (merged) await merge(...papers);
      for (const listed of script.since) await step(listed);
      if (merged) await split(papers[0]);
      const nameless = (text: string) => text.replaceAll(/run \d+|run\d+|260\d\.\d+/g, '#');
      const facts = [];
      for (const paper of papers) {
        const inForce = await query(
          'select source_id, title from paper_text where paper_id = $1 and replaced_at is null order by 1, 2',
          paper,
        );
        const [kept] = await query(
          'select first_seen_on, merged_into from paper where id = $1',
          paper,
        );
        // The second of a page that shows both counts as repeated while they are one, and its words are not kept.
        const isWorded = script.since.every(({ one, two }) => one === 'none' || two === 'none');
        facts.push({
          seen: await appearancesOf(paper),
          keys: await keysOfPaper(paper),
          kept,
          ...(isWorded && { inForce, shown: await shownTitle(paper) }),
        });
      }
      return nameless(JSON.stringify(facts));
    };
    const scripts = fc.record({
      before: fc.array(anyListing, { maxLength: 3 }),
      since: fc.array(anyListing, { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        expect(await play(script, true)).toBe(await play(script, false));
      }),
      { numRuns: 12 },
    );
  });
});

test('a merge beside pages that are being recorded loses no listing and leaves none behind', async () => {
  const pair = [work('2603.10061', 'Raced by pages'), work('2603.10062', 'Raced by pages too')];
  await list(pair);
  const [one, two] = [await paperOf('arxiv:2603.10061'), await paperOf('arxiv:2603.10062')];
  const pages = Array.from({ length: 6 }, (_, at) => {
    const entries = [...pair, entry(`Filler ${randomUUID()}`)];
    return record(bench, listing(2 + at, entries));
  });
  await Promise.all([...pages.slice(0, 3), merge(one, two), ...pages.slice(3)]);
  expect(await appearancesOf(two)).toEqual([]);
  expect((await appearancesOf(one)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await split(one);
  expect(await appearancesOf(one)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await appearancesOf(two)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
