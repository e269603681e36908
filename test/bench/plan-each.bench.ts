import type { Store } from '@paperboy/store';
import type { Bench } from './bench.ts';
import { loadReaders, ONE_TO_FIVE, planReaders, unplanReaders } from './mail-data.ts';
import { benchStore } from './postgres.ts';

/** Subscribers asked for one by one. */
const ASKED = 500;

/** An edition planned for all, beside a query for each subscriber: their topics sought in the words of its papers. */
export const bench: Bench = {
  name: 'plan-each',
  unit: 'subscribers',
  sizes: [100_000],
  quickSizes: [2_000],
  namedSizes: [1_000_000],
  runs: 3,
  bars: [
    {
      id: '9',
      text: 'a plan >= 100x as fast as a query per subscriber',
      kind: 'bar',
      holds: (ratio) => ratio >= 100,
    },
  ],
  async setUp(size) {
    const store = await benchStore();
    const { pool } = store;
    await loadReaders(store, size, ONE_TO_FIVE);
    await storeWords(store);
    const { rows: asked } = await pool.query<{ id: string }>(
      'select id from subscriber order by id limit $1',
      [ASKED],
    );
    return {
      async reset() {
        await pool.query('drop table if exists one_by_one');
        await pool.query(
          'create table one_by_one (subscriber_id bigint primary key, papers bigint[])',
        );
        await unplanReaders(store);
      },
      async ours() {
        await planReaders(store);
        return size;
      },
      async limit() {
        for (const { id } of asked) {
          await pool.query({
            name: 'plan-one',
            text: `insert into one_by_one
              select subscriber_id, array_agg(distinct paper_id) from subscription join topic_words using (topic_id)
              join stored_words on words @@ query
              where subscriber_id = $1 group by subscriber_id on conflict do nothing`,
            values: [id],
          });
        }
        return asked.length;
      },
      async check() {
        const { rows } = await pool.query<{ planned: number; same: number }>(
          `select (select count(*)::int from delivery) as planned,
             (select count(*)::int from one_by_one join delivery using (subscriber_id)
               where cardinality(papers) = cardinality(new_papers)) as same`,
        );
        if (rows[0]?.planned !== size || rows[0].same !== asked.length) {
          throw new Error(`${rows[0]?.planned} planned, ${rows[0]?.same} the same`);
        }
      },
      tearDown: () => store.close(),
    };
  },
};

/**
 * What such a query reads: the papers as stored tsvectors, with the words of the topics that are to find them, and the
 * topics as phrases. Nobody matches papers with topics for it beforehand.
 */
async function storeWords({ pool }: Store): Promise<void> {
  await pool.query(`create table stored_words as
    select paper.id as paper_id, to_tsvector('english', title || '. ' || abstract || '. ' ||
      coalesce((select string_agg(query, '. ') from match join topic on topic.id = topic_id where paper_id = paper.id), '')) as words
    from paper join paper_text on paper_text.id = text_id`);
  await pool.query('create index on stored_words using gin (words)');
  await pool.query(
    `create table topic_words as select id as topic_id, phraseto_tsquery('english', query) as query from topic`,
  );
  await pool.query('alter table topic_words add primary key (topic_id)');
}
