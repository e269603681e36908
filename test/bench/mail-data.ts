import { type EditionId, idOf } from '@paperboy/core';
import { recordReading } from '@paperboy/ingest';
import { planEditions } from '@paperboy/mailer';
import { silentLog } from '@paperboy/runtime';
import type { Store } from '@paperboy/store';
import { settle } from './copy-merge.ts';
import { papers } from './data.ts';
import { benchSource, emptyPage, listingOf } from './listings.ts';

/** How many topics a subscriber follows; a topic has one paper or two, and with the frame that makes the size of a mail. */
export const FOLLOWED = {
  '20kB': { least: 2, most: 2 },
  '60kB': { least: 7, most: 7 },
} as const;
export type MailSize = keyof typeof FOLLOWED;

const PAPERS = 100;
const TOPICS = 400;
/** Mail providers: so many that no limit per domain is what is measured. */
const DOMAINS = 100;
/** The last full hour: an edition that is long past is not sent any more. */
const HOUR = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);

/** Readers who plans are measured with: one topic to five. */
export const ONE_TO_FIVE = { least: 1, most: 5 } as const;

/** Papers, topics and their matches, and subscribers due for one edition, who follow so many topics each. */
export async function loadReaders(
  store: Store,
  subscribers: number,
  { least, most }: { readonly least: number; readonly most: number },
): Promise<void> {
  const source = await benchSource(store);
  const page = await emptyPage(store, source);
  await recordReading(store.db, page, listingOf(papers(PAPERS, 5), { month: 3, day: 11 }));
  const run = (sql: string, values: readonly unknown[] = []) => store.pool.query(sql, [...values]);
  await run(`update listing_page set ready_no = nextval('listing_page_ready_no') where id = $1`, [
    page.listingPageId,
  ]);
  await run(
    `insert into topic (query, query_hash)
     select 'sparse attention ' || n, sha256(convert_to(n::text, 'UTF8')) from generate_series(1, $1::int) n`,
    [TOPICS],
  );
  await run(
    `insert into match (topic_id, paper_id, strength, is_certain, reasons)
     select topic.id, paper.id, 0.5 + (topic.id % 50) / 100.0, true,
       jsonb_build_array(jsonb_build_object('kind', 'phrase', 'typed', topic.query, 'inTitle', 1, 'inAbstract', 2,
         'quotes', jsonb_build_array(jsonb_build_object('text', 'keeps the cost of sparse attention at O(n log n)'))))
     from topic cross join lateral generate_series(0, topic.id % 2) place
     join (select id, row_number() over (order by id) - 1 as no from paper) paper
       on paper.no = (topic.id * 7 + place * 31) % $1`,
    [PAPERS],
  );
  await withoutIndexes(store, ['subscriber', 'subscription'], async () => {
    await run(
      `insert into subscriber (address, address_hash, domain, state, cadence, weekdays, send_hour, zone,
         planned_until, confirmed_at, max_papers)
       select 'reader' || n || '@mail' || n % $2 || '.example', sha256(convert_to(n::text, 'UTF8')),
         'mail' || n % $2 || '.example', 'active', 'daily', '{1,2,3,4,5,6,7}', $3::int, 'UTC', '2026-01-01', '2026-01-01', 20
       from generate_series(1, $1::int) n`,
      [subscribers, DOMAINS, HOUR.getUTCHours()],
    );
    await run(
      `insert into subscription (subscriber_id, topic_id, name)
       select subscriber.id, topic.id, topic.query from subscriber
       cross join generate_series(0, $1::int - 1 + (subscriber.id % ($2::int - $1::int + 1))::int) place
       join topic on topic.id = (select min(id) from topic) + (subscriber.id * 13 + place * 37) % $3`,
      [least, most, TOPICS],
    );
  });
  await run('vacuum analyze');
}

/**
 * Fills tables without their indexes and foreign keys, but for the primary keys, and makes those afterwards: of a million
 * rows each index is then sorted once.
 */
async function withoutIndexes(
  { pool }: Store,
  tables: readonly string[],
  fill: () => Promise<void>,
): Promise<void> {
  const { rows } = await pool.query<{ drop: string; make: string }>(
    `select drop, make from (
       select contype = 'f' as is_key, format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
         format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
       from pg_constraint where conrelid = any($1::text[]::regclass[]) and contype in ('f', 'u')
       union all
       select false, format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
       from pg_index where indrelid = any($1::text[]::regclass[])
         and not exists (select from pg_constraint where conindid = indexrelid)) as made
     order by is_key desc`,
    [tables],
  );
  for (const { drop } of rows) await pool.query(drop);
  await fill();
  for (const { make } of rows.toReversed()) await pool.query(make);
}

/** The edition of all of them, planned as the mailer plans it. */
export async function planReaders({ db }: Store): Promise<EditionId> {
  const [edition] = await planEditions({ db, log: silentLog }, { at: HOUR });
  if (!edition) throw new Error('nobody was due');
  return idOf('edition', edition.id);
}

/**
 * Forgets the edition and moves the readers' windows back before it, as they stand the day after another: readers who
 * were planned together share one. Before their first plan each has its own; that plan is the pair that warms up.
 */
export async function unplanReaders(store: Store): Promise<void> {
  const run = (sql: string) => store.pool.query(sql);
  await run('truncate delivery, delivery_event, edition, edition_paper cascade');
  await run(`update shared_window set planned_through = 0, planned_until = '2026-01-01'`);
  await run(
    `update subscriber set planned_through = 0, planned_until = '2026-01-01' where shared_window_id is null`,
  );
  await settle(store);
}

/** Makes every delivery due again, as after the plan. */
export async function unsend(store: Store): Promise<void> {
  await store.pool.query('truncate delivery_event');
  await store.pool.query(
    `update delivery set state = 'ready', stage = 'none', attempt = 0, next_at = now(), message_id = null,
       mail_date = null, content_hash = null, smtp_code = null, reply = null, relay_id = null, accepted_at = null, staged_by = null`,
  );
  await store.pool.query('vacuum analyze delivery');
  await settle(store);
}
