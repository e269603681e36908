import { createHash } from 'node:crypto';
import {
  checkSchedule,
  idOf,
  type ListingPageId,
  type MailFormat,
  type PaperId,
  type QuietDays,
  type RecurringPolicy,
  type SendSchedule,
  type SourceId,
  type SourceOutcome,
  type SubscriberId,
  type TopicId,
} from '@paperboy/core';
import { silentLog } from '@paperboy/runtime';
import {
  addSource,
  addSubscriber,
  type Db,
  ensureTopic,
  openStore,
  saveMatches,
} from '@paperboy/store';
import { planEditions } from '../src/index.ts';
import { links } from './mailer-of-tests.ts';

/** A database of a test file's own. */
export interface TestRoom {
  readonly db: Db;
  readonly url: string;
  /** Plain SQL, for what no function of the store is there for. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openRoom(): Promise<TestRoom> {
  // Loaded here, as it wants a test runner, and rooms are made without one too.
  const { createDatabase } = await import('../../../test/support/database.ts');
  const { url, drop } = await createDatabase();
  return roomOn(url, drop);
}

/** A room on a database that is there. */
export function roomOn(url: string, drop: () => Promise<void> = async () => {}): TestRoom {
  const { db, pool, close } = openStore({ url });
  return {
    db,
    url,
    query: async (sql, values = []) => (await pool.query(sql, [...values])).rows,
    close: () => close().then(drop),
  };
}

/**
 * Removes all rows, in a room that several tests share: of these tables and of all that refer to them. Deleting the few
 * rows of a test takes 5 ms; truncating makes new files for fifty tables and their indexes, which takes 150.
 */
export async function clear({ query }: TestRoom): Promise<void> {
  await query(`do $$
    declare tables regclass[] := array['source', 'paper', 'topic', 'subscriber', 'edition', 'suppression',
      'inbox_message', 'mail_domain', 'sent_minute'];
    declare emptied regclass;
    begin
      -- Without triggers, and so in any order.
      set local session_replication_role = replica;
      for emptied in
        with recursive reached(id) as (
          select unnest(tables)::oid
          union select conrelid from pg_constraint join reached on confrelid = id where contype = 'f'
        )
        select id from reached
      loop
        execute format('delete from %s', emptied);
      end loop;
    end $$`);
  await query(`update relay set state = 'closed', open_until = null, paced_until = now()`);
}

export async function sourceOf({ db }: TestRoom, name = 'daily'): Promise<SourceId> {
  return (await addSource(db, { name, title: `The ${name} list` })).id;
}

export interface TestPage {
  readonly sourceId: SourceId;
  readonly day: string;
  /** In page order. A paper is made when its name is met first. */
  readonly papers: readonly string[];
  readonly verdict?: 'new-batch' | 'cut' | 'broken';
  readonly previous?: ListingPageId;
  /** False: recorded, but not matched yet. */
  readonly ready?: boolean;
}

let pages = 0;

/** Records a page and its papers; every paper matches the topics whose query its name contains. */
export async function recordPage(room: TestRoom, page: TestPage): Promise<ListingPageId> {
  const { sourceId, day, papers, verdict = 'new-batch', previous = null, ready = true } = page;
  pages += 1;
  const [made] = await room.query<{ id: ListingPageId }>(
    `insert into listing_page (source_id, content_hash, body, body_bytes, seen_at, read_at, verdict, listed_on,
       entry_count, claimed_count, previous_batch_page_id)
     values ($1, sha256($2), '', 0, $3::timestamptz, $3, $4, $5, $6, $7, $8) returning id`,
    [
      sourceId,
      Buffer.from(`page ${pages}`),
      `${day}T01:00:00Z`,
      verdict,
      day,
      papers.length,
      verdict === 'cut' ? papers.length * 2 : null,
      previous,
    ],
  );
  const id = idOf('listing-page', made?.id ?? '');
  await room.query('update listing_page set batch_page_id = id where id = $1', [id]);
  for (const [index, name] of papers.entries()) {
    const paper = (await paperOf(room, name)) ?? (await makePaper(room, page, id, name));
    await room.query(
      `insert into appearance (paper_id, listing_page_id, text_id, seen_on, position, section, upvotes)
       select id, $2, text_id, $3, $4, 'none', 10 from paper where id = $1`,
      [paper, id, day, index + 1],
    );
  }
  if (ready) await makeReady(room, id);
  await stands(room, sourceId, {
    outcome: verdict,
    at: `${day}T01:00:00Z`,
    entries: papers.length,
    claimed: verdict === 'cut' ? papers.length * 2 : null,
  });
  return id;
}

export interface TestStanding {
  readonly outcome: SourceOutcome;
  readonly at: string;
  readonly entries?: number;
  readonly claimed?: number | null;
  /** When it is asked again; not by itself when left out. */
  readonly nextAskAt?: string;
}

/** Notes how a source stands, as the ingest service does; it gave lists before. */
export async function stands(
  { query }: TestRoom,
  sourceId: SourceId,
  { outcome, at, entries, claimed, nextAskAt }: TestStanding,
): Promise<void> {
  await query(
    `insert into source_health (source_id, outcome, judged_at, entries, claimed, next_ask_at, last_good_at)
     values ($1, $2, $3, $4, $5, $6, '2026-01-01')
     on conflict (source_id) do update set outcome = excluded.outcome, judged_at = excluded.judged_at,
       entries = excluded.entries, claimed = excluded.claimed, next_ask_at = excluded.next_ask_at`,
    [sourceId, outcome, at, entries ?? null, claimed ?? null, nextAskAt ?? null],
  );
}

async function makePaper(
  { query }: TestRoom,
  { sourceId, day }: TestPage,
  pageId: ListingPageId,
  name: string,
): Promise<PaperId> {
  const [made] = await query<{ id: PaperId }>(
    `with ids as materialized (
       select nextval(pg_get_serial_sequence('paper', 'id')) as paper_id,
         nextval(pg_get_serial_sequence('paper_text', 'id')) as text_id
     ), worded as (
       insert into paper_text (id, paper_id, source_id, text_kind, fingerprint, title, abstract, authors, seen_on)
       overriding system value
       select text_id, paper_id, $1, 'abstract', gen_random_uuid(), $2, 'An abstract.', array['Ada Example'], $3
       from ids
     ), named as (
       insert into paper_key (key, paper_id) select 'title:' || $2::text, paper_id from ids
     )
     insert into paper (id, first_seen_on, first_page_id, text_id) overriding system value
     select paper_id, $3, $4, text_id from ids returning id`,
    [sourceId, name, day, pageId],
  );
  return idOf('paper', made?.id ?? '');
}

async function paperOf({ query }: TestRoom, name: string): Promise<PaperId | undefined> {
  const [row] = await query<{ id: PaperId }>(
    `select paper_id as id from paper_key where key = 'title:' || $1::text`,
    [name],
  );
  return row?.id;
}

/** Matches the page's papers and gives the page its number, as the ingest service does. */
export async function makeReady({ db, query }: TestRoom, pageId: ListingPageId): Promise<void> {
  const hits = await query<{ topicId: TopicId; paperId: PaperId }>(
    `select topic.id as "topicId", paper.id as "paperId" from appearance
     join paper on paper.id = paper_id join paper_text on paper_text.id = paper.text_id
     join topic on position(topic.query in paper_text.title) > 0
     where listing_page_id = $1`,
    [pageId],
  );
  const reason = { kind: 'phrase', typed: 'a phrase', quotes: [], inTitle: 1, inAbstract: 0 };
  await saveMatches(
    db,
    hits.map((hit) => ({ ...hit, strength: 1, isCertain: true, reasons: [reason] })),
  );
  await query(`update listing_page set ready_no = nextval('listing_page_ready_no') where id = $1`, [
    pageId,
  ]);
}

export interface TestReader {
  readonly name?: string;
  readonly topics?: readonly string[];
  readonly schedule?: Partial<SendSchedule>;
  readonly recurringPolicy?: RecurringPolicy;
  readonly maxPapers?: number;
  readonly quietDays?: QuietDays;
  readonly mailFormat?: MailFormat;
  readonly since?: string;
}

let readers = 0;

/** Adds an active subscriber; of `flow`, daily at 8 in UTC where nothing else is said. */
export async function addReader({ db }: TestRoom, reader: TestReader = {}): Promise<SubscriberId> {
  readers += 1;
  const { name = `reader${readers}`, topics = ['flow'], since = '2026-01-01T00:00:00Z' } = reader;
  const address = `${name}@example.com`;
  const followed = [];
  for (const query of topics) {
    const queryHash = createHash('sha256').update(query).digest();
    followed.push({ topicId: await ensureTopic(db, { query, queryHash }), name: query });
  }
  return addSubscriber(db, {
    address,
    domain: 'example.com',
    addressHash: links.addressHash(address),
    schedule: checkSchedule({
      cadence: 'daily',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      hour: 8,
      zone: 'UTC',
      ...reader.schedule,
    }),
    topics: followed,
    at: new Date(since),
    ...(reader.recurringPolicy && { recurringPolicy: reader.recurringPolicy }),
    ...(reader.maxPapers && { maxPapers: reader.maxPapers }),
    ...(reader.quietDays && { quietDays: reader.quietDays }),
    ...(reader.mailFormat && { mailFormat: reader.mailFormat }),
  });
}

/** Adds so many readers of `flow`, daily at 8 in UTC, at fifty domains, in one statement. */
export async function addCrowd(
  { db, query }: TestRoom,
  readers: number,
  since = '2026-01-01T00:00:00Z',
): Promise<void> {
  await ensureTopic(db, { query: 'flow', queryHash: createHash('sha256').update('flow').digest() });
  await query(
    `with readers as (
       insert into subscriber (address, domain, address_hash, state, cadence, weekdays, send_hour, zone, confirmed_at, planned_until)
       select 'crowd' || n || '@d' || n % 50 || '.example', 'd' || n % 50 || '.example', sha256(n::text::bytea),
         'active', 'daily', '{1,2,3,4,5,6,7}', 8, 'UTC', now(), $2
       from generate_series(1, $1::int) n returning id)
     insert into subscription select readers.id, topic.id, 'flow' from readers, topic`,
    [readers, since],
  );
}

export function plan({ db }: TestRoom, at: string, { graceMs = 0 } = {}) {
  return planEditions({ db, log: silentLog }, { at: new Date(at), graceMs });
}

export interface Given {
  /** UTC, to the minute. */
  readonly at: string;
  readonly new: string[];
  readonly recurring: string[];
}

/** What a reader was given, edition by edition: the names of papers in order. */
export function given({ query }: TestRoom, reader: SubscriberId): Promise<Given[]> {
  const titles = (papers: string) => `array(
    select title from unnest(${papers}) with ordinality shown(id, place)
    join paper_text on paper_text.paper_id = shown.id order by place)`;
  return query<Given>(
    `select to_char(window_end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') as at,
       ${titles('new_papers')} as new, ${titles('recurring_papers')} as recurring
     from delivery join edition on edition.id = edition_id
     where subscriber_id = $1 order by window_end`,
    [reader],
  );
}

/** How many deliveries stand in each state, those with none left out. */
export async function states({ query }: TestRoom): Promise<Record<string, number>> {
  const rows = await query<{ state: string; n: number }>(
    'select state, count(*)::int as n from delivery group by state order by state',
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** How many messages the inbox took for each address. */
export async function copies({ query }: TestRoom): Promise<Record<string, number>> {
  const rows = await query<{ recipient: string; n: number }>(
    'select recipients[1] as recipient, count(*)::int as n from inbox_message group by 1 order by 1',
  );
  return Object.fromEntries(rows.map(({ recipient, n }) => [recipient, n]));
}

/** Makes what waits due, what is claimed lapse and what rests tried again, as if the time had passed. */
export async function letTimePass({ query }: TestRoom): Promise<void> {
  await query(
    `update delivery set next_at = now() where state in ('ready', 'deferred', 'uncertain')`,
  );
  await query(`update claim set lease_until = now() - interval '1 second'`);
  await query(`update relay set open_until = now() where state = 'open'`);
  await query('update mail_domain set dead_until = now() where dead_until is not null');
}
