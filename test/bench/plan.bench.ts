import type { Store } from '@paperboy/store';
import type { Bench } from './bench.ts';
import { loadReaders, ONE_TO_FIVE, planReaders, unplanReaders } from './mail-data.ts';
import { benchStore } from './postgres.ts';

/** An edition planned for all subscribers, beside the bare statement: their topics' masks of papers, or-ed together. */
export const bench: Bench = {
  name: 'plan',
  unit: 'subscribers',
  sizes: [10_000, 100_000],
  quickSizes: [2_000],
  namedSizes: [1_000_000],
  // A plan of 10,000 takes a quarter of a second: the median of few is the host's unrest.
  runs: 7,
  bars: [
    {
      id: '9',
      text: 'a plan <= 1.5x the time of bare INSERT..SELECT bit_or',
      kind: 'bar',
      holds: (ratio) => ratio >= 1 / 1.5,
    },
  ],
  async setUp(size) {
    const store = await benchStore();
    await loadReaders(store, size, ONE_TO_FIVE);
    await makeMasks(store);
    return {
      reset: () => unplan(store),
      async ours() {
        await planReaders(store);
        return size;
      },
      async limit() {
        await store.pool.query(`insert into bare_delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers, papers)
          select (select max(id) from edition), subscriber.id, domain, '{}', '{}', bit_or(mask) from subscriber
          join subscription on subscription.subscriber_id = subscriber.id join topic_mask using (topic_id)
          where state = 'active' group by subscriber.id on conflict do nothing`);
        return size;
      },
      async check() {
        const { rows } = await store.pool.query<{ ours: number; bare: number; differ: number }>(
          `select (select count(*)::int from delivery) as ours, (select count(*)::int from bare_delivery) as bare,
             (select count(*)::int from delivery join bare_delivery using (subscriber_id)
               where cardinality(delivery.new_papers) <> bit_count(papers)) as differ`,
        );
        const { ours, bare, differ } = rows[0] ?? { ours: 0, bare: 0, differ: 0 };
        if (ours !== size || bare !== size || differ > 0) {
          throw new Error(`${ours} and ${bare} of ${size}, ${differ} with other papers`);
        }
      },
      tearDown: () => store.close(),
    };
  },
};

/**
 * The papers of the edition numbered, a bit for each in the mask of a topic; and a table to fill that is `delivery`
 * with its indexes, checks and triggers, and a mask.
 */
async function makeMasks({ pool }: Store): Promise<void> {
  await pool.query(`create table topic_mask as
    select topic_id, bit_or(set_bit(repeat('0', 128)::bit(128), no, 1)) as mask
    from match join (select id, (row_number() over (order by id) - 1)::int as no from paper) paper on paper.id = paper_id
    group by topic_id`);
  await pool.query('alter table topic_mask add primary key (topic_id)');
  await pool.query(
    'create table bare_delivery (like delivery including all) with (fillfactor = 70)',
  );
  await pool.query('alter table bare_delivery add column papers bit(128) not null');
  await pool.query(`create trigger delivery_owners_exist after insert on bare_delivery referencing new table as inserted
    for each statement execute function delivery_owners_exist()`);
}

async function unplan(store: Store): Promise<void> {
  await store.pool.query('truncate bare_delivery');
  await unplanReaders(store);
}
