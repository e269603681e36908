import { hash } from 'node:crypto';
import type { TopicId } from '@paperboy/core';
import { ensureTopic, pastProgress } from '@paperboy/store';
import { describe, expect, test } from 'vitest';
import { TopicMatcher } from '../src/index.ts';
import { addSourceNamed, entry, listing, record } from './support.ts';
import { useBench } from './use-bench.ts';

const bench = useBench({ isRenewed: true });

const queryHash = (query: string) => hash('sha256', query, 'buffer');
const addTopic = (query: string) =>
  ensureTopic(bench.store.db, { query, queryHash: queryHash(query) });
const titlesOf = async (topic: TopicId) => {
  const { rows } = await bench.store.pool.query(
    `select text.title from match join paper on paper.id = match.paper_id
     join paper_text text on text.id = paper.text_id where match.topic_id = $1 order by 1`,
    [topic],
  );
  return rows.map(({ title }) => title);
};

describe('a topic of one source', () => {
  const sparse = entry('Sparse attention in theory');
  const dense = entry('Dense attention in practice');

  test('matches papers of that source alone', async () => {
    const daily = await addSourceNamed(bench, 'hf-daily', 50);
    const other = await addSourceNamed(bench, 'hf-daily-too', 50);
    const topics = {
      daily: await addTopic('source:hf-daily attention'),
      elsewhere: await addTopic('-source:hf-daily attention'),
      any: await addTopic('attention'),
    };
    const matcher = new TopicMatcher(bench.store.db);
    await matcher.matchPage((await record(bench, listing(2, [sparse]), daily)).id);
    await matcher.matchPage((await record(bench, listing(2, [dense]), other)).id);
    expect(await titlesOf(topics.daily)).toEqual([sparse.title]);
    expect(await titlesOf(topics.elsewhere)).toEqual([dense.title]);
    expect(await titlesOf(topics.any)).toEqual([dense.title, sparse.title]);
  });

  test('finds a paper of another source once that source lists it too', async () => {
    const daily = await addSourceNamed(bench, 'hf-daily', 50);
    const topic = await addTopic('source:hf-daily attention');
    const matcher = new TopicMatcher(bench.store.db);
    await matcher.matchPage((await record(bench, listing(2, [sparse]))).id);
    expect(await titlesOf(topic)).toEqual([]);
    await matcher.matchPage((await record(bench, listing(3, [dense, sparse]), daily)).id);
    expect(await titlesOf(topic)).toEqual([dense.title, sparse.title]);
    // Now through the first source again, which tells the matcher of both.
    await bench.store.pool.query('delete from match');
    await matcher.matchPage(
      (await record(bench, listing(4, [sparse, entry('Attention elsewhere')]))).id,
    );
    expect(await titlesOf(topic)).toEqual([sparse.title]);
  });

  test('that comes later finds the papers of the past by the same rule', async () => {
    const daily = await addSourceNamed(bench, 'hf-daily', 50);
    const matcher = new TopicMatcher(bench.store.db);
    await matcher.matchPage((await record(bench, listing(2, [sparse]), daily)).id);
    await matcher.matchPage((await record(bench, listing(2, [dense]))).id);
    const topic = await addTopic('source:hf-daily attention');
    expect(await pastProgress(bench.store.db)).toMatchObject({ topics: 1 });
    expect(await matcher.matchPast()).toEqual({ topics: 1, matches: 1 });
    expect(await titlesOf(topic)).toEqual([sparse.title]);
    expect(await pastProgress(bench.store.db)).toEqual({ topics: 0, done: 0, papers: 0 });
  });

  test('has its past matched once more where a worker was stopped in between, without a match twice', async () => {
    const matcher = new TopicMatcher(bench.store.db);
    await matcher.matchPage((await record(bench, listing(2, [sparse, dense]))).id);
    const topic = await addTopic('attention');
    await expect(matcher.matchPast(AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
    expect(await titlesOf(topic)).toEqual([]);
    // What one worker found, and a second that does the same beside it.
    await new TopicMatcher(bench.store.db).matchPast();
    await bench.store.pool.query('update topic set past_matched_at = null');
    const both = await Promise.all([
      matcher.matchPast(),
      new TopicMatcher(bench.store.db).matchPast(),
    ]);
    expect(both.map(({ matches }) => matches)).toEqual([0, 0]);
    expect(await titlesOf(topic)).toEqual([dense.title, sparse.title]);
  });
});

describe('a running matcher', () => {
  test('sees a topic whose transaction ended after that of a later one', async () => {
    const matcher = new TopicMatcher(bench.store.db);
    const slow = await bench.store.pool.connect();
    await slow.query('begin');
    const { rows } = await slow.query(
      `insert into topic (query, query_hash) values ('attention', $1) returning id`,
      [queryHash('attention')],
    );
    await addTopic('transformer');
    await matcher.matchPage((await record(bench, listing(2, [entry('Attention first')]))).id);
    await slow.query('commit');
    slow.release();
    await matcher.matchPage((await record(bench, listing(3, [entry('Attention again')]))).id);
    expect(await titlesOf(rows[0].id)).toEqual(['Attention again']);
  });

  test('matches several pages at once, each topic once a paper', async () => {
    const topic = await addTopic('attention');
    const pages = [];
    for (const day of [2, 3, 4, 5])
      pages.push(await record(bench, listing(day, [entry(`Attention number ${day}`)])));
    const matcher = new TopicMatcher(bench.store.db);
    const done = await Promise.all(pages.map(({ id }) => matcher.matchPage(id)));
    expect(done).toEqual(pages.map(() => ({ papers: 1, matches: 1 })));
    expect(await titlesOf(topic)).toHaveLength(4);
  });

  test('goes on after the database was away', async () => {
    const topic = await addTopic('attention');
    const { id } = await record(bench, listing(2, [entry('Attention first')]));
    const matcher = new TopicMatcher(bench.store.db);
    await bench.store.pool.query('alter table topic rename to topic_away');
    await expect(matcher.matchPage(id)).rejects.toThrow('topic');
    await bench.store.pool.query('alter table topic_away rename to topic');
    await matcher.matchPage(id);
    expect(await titlesOf(topic)).toEqual(['Attention first']);
  });
});

describe('what is learnt from the papers of the past', () => {
  const learn = async (topic: TopicId) => {
    const past = Array.from({ length: 32 }, (_, index) =>
      index % 8 === 0
        ? {
            ...entry(`Sparse autoencoders ${index}`),
            abstract: 'Monosemantic dictionary learning.',
          }
        : { ...entry(`Robots in place ${index}`), abstract: `Grippers of kind ${index}.` },
    );
    await new TopicMatcher(bench.store.db).matchPage((await record(bench, listing(2, past))).id);
    expect(await titlesOf(topic)).toHaveLength(4);
  };
  const related = {
    ...entry('Monosemantic features'),
    abstract: 'By dictionary learning alone, monosemantic dictionary learning.',
  };

  test('finds a paper without the words of its topic, and says by which', async () => {
    const topic = await addTopic('"sparse autoencoder"');
    await learn(topic);
    const page = await record(bench, listing(3, [related, entry('Robots again')]));
    await new TopicMatcher(bench.store.db).matchPage(page.id);
    const { rows } = await bench.store.pool.query(
      `select strength, is_certain, text_score, related_score, reasons from match
       join paper on paper.id = paper_id join paper_text on paper_text.id = text_id where title = $1`,
      [related.title],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ is_certain: false, text_score: 0 });
    expect(rows[0].strength).toBeGreaterThan(0.3);
    expect(rows[0].related_score).toBeGreaterThan(0);
    expect(rows[0].reasons[0]).toMatchObject({ kind: 'related' });
  });

  test('is the same in every process, and a page that is ready stays as it is', async () => {
    const topic = await addTopic('"sparse autoencoder"');
    const running = new TopicMatcher(bench.store.db);
    await learn(topic);
    const page = await record(bench, listing(3, [related]));
    await running.matchPage(page.id);
    const stored = async () =>
      (await bench.store.pool.query('select * from match order by topic_id, paper_id')).rows;
    const before = await stored();
    await new TopicMatcher(bench.store.db).matchPage(page.id);
    expect(await stored()).toEqual(before);
    await bench.store.pool.query('delete from match where not is_certain');
    await bench.store.pool.query('update listing_page set ready_no = null where id = $1', [
      page.id,
    ]);
    await new TopicMatcher(bench.store.db).matchPage(page.id);
    const strip = (rows: { matched_at: Date }[]) => rows.map((row) => ({ ...row, matched_at: 0 }));
    expect(strip(await stored())).toEqual(strip(before));
  });
});

test('a topic that does not parse is told of and keeps no other from its papers', async () => {
  const seen = await record(bench, listing(2, [entry('Attention for everyone')]));
  await bench.store.pool.query(
    `insert into topic (query, query_hash) values ('"unclosed', sha256('u')), ('attention', sha256('v'))`,
  );
  const told: string[] = [];
  const matcher = new TopicMatcher(bench.store.db, { error: (event) => told.push(event) });
  expect(await matcher.matchPage(seen.id)).toEqual({ papers: 1, matches: 1 });
  await matcher.matchPage(seen.id);
  expect(told).toEqual(['topic.unreadable']);
});
