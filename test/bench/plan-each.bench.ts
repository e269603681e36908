import type { Bench } from './bench.ts';
import { loadReaders, planReaders, unplanReaders } from './mail-data.ts';
import { benchStore } from './postgres.ts';

/** Subscribers asked for one by one. */
const ASKED = 500;

/** An edition planned for all, beside a query for each subscriber. */
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
    await loadReaders(store, size);
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
              select subscriber_id, array_agg(distinct paper_id) from subscription join match using (topic_id)
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
