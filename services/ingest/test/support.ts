import { type Entry, idOf, type Listing, type SourceId } from '@paperboy/core';
import {
  ensureSource,
  openStore,
  type PageFindings,
  pageResult,
  type Store,
  storePage,
} from '@paperboy/store';
import { createDatabase } from '../../../test/support/database.ts';
import { recordReading } from '../src/index.ts';

/** A database of a test's own with one source. */
export interface Bench {
  readonly store: Store;
  /** The address of the database. */
  readonly url: string;
  readonly source: SourceId;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const database = await createDatabase();
  const store = openStore({ url: database.url, maxConnections: 8 });
  const { source } = await ensureSource(store.db, { name: 'test', title: 'Test' });
  const close = async () => {
    await store.close();
    await database.drop();
  };
  return { store, url: database.url, source: source.id, close };
}

/**
 * The same database as a new one: without rows but for those that every installation has, without jobs, and ids from 1 on.
 * This takes a tenth of making one. Close what was opened on it first.
 */
export async function renew(bench: Bench): Promise<Bench> {
  const { pool, db } = bench.store;
  await pool.query(`do $$
    declare one text;
    begin
      -- Without triggers, and so in any order.
      set local session_replication_role = replica;
      for one in
        select format('%I.%I', schemaname, tablename) from pg_tables
        where schemaname = 'public' and tablename not like 'schema_migration%'
          or schemaname like 'bullmq%' and tablename not like '%migration%'
      loop
        execute format('delete from %s', one);
      end loop;
      for one in select unnest(array['relay', 'paper_words_progress', 'embedding_service']) loop
        execute format('insert into %I default values', one);
      end loop;
      perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        from pg_sequences where schemaname = 'public';
    end $$`);
  const { source } = await ensureSource(db, { name: 'test', title: 'Test' });
  return { ...bench, source: source.id };
}

export async function addSourceNamed(
  { store }: Bench,
  name: string,
  textPriority: number,
): Promise<SourceId> {
  const { source } = await ensureSource(store.db, { name, title: name, textPriority });
  return source.id;
}

export function entry(title: string, more: Partial<Entry> = {}): Entry {
  const abstract = `What ${title} is about, told in a sentence of its own.`;
  return {
    position: 1,
    title,
    abstract,
    textKind: 'abstract',
    ids: {},
    links: [],
    section: 'none',
    ...more,
  };
}

/** A page of a day in March 2026. */
export function listing(
  day: number,
  entries: readonly Entry[],
  more: Partial<Listing> = {},
): Listing {
  return {
    kind: 'listing',
    format: 'plain-text',
    shape: 'batch',
    date: { year: 2026, month: 3, day },
    nextPages: [],
    statedEmpty: false,
    entries: entries.map((one, index) => ({ ...one, position: index + 1 })),
    unreadableEntries: 0,
    warnings: [],
    ...more,
  };
}

let stored = 0;

/** Stores an empty body for a reading and records the reading on it. */
export async function record(
  { store, source }: Bench,
  reading: Parameters<typeof recordReading>[2],
  from = source,
) {
  const contentHash = Buffer.alloc(32);
  contentHash.writeUInt32BE(++stored);
  const seenAt = new Date('2026-03-20T08:00:00Z');
  const page = { sourceId: from, contentHash, body: Buffer.alloc(0), bodyBytes: 0, seenAt };
  const { listingPageId } = await storePage(store.db, page);
  await recordReading(store.db, { listingPageId, sourceId: from, seenAt }, reading);
  const result = await pageResult(store.db, listingPageId);
  if (!result) throw new Error('the page is gone');
  return result;
}

/** The four counts of a page. */
export function counts(
  page: Pick<PageFindings, 'new' | 'recurring' | 'repeated' | 'revised'> | Record<string, unknown>,
) {
  return {
    new: page.new,
    recurring: page.recurring,
    repeated: page.repeated,
    revised: page.revised,
  };
}

/** Everything ingest writes, as text, to tell whether anything changed; page bookkeeping is left out. */
export async function contents({ store }: Bench): Promise<string> {
  const tables = ['paper', 'paper_text', 'paper_key', 'appearance', 'revision', 'same_title'];
  const rows = await Promise.all(
    tables.map((table) =>
      store.pool.query(`select t.xmin::text, t.* from ${table} t order by t::text`),
    ),
  );
  return JSON.stringify(rows.map((result) => result.rows));
}

export const pageId = (id: string) => idOf('listing-page', id);

/** The pairs of a table of pairs that a paper is in, the later paper first. */
export async function pairsOf(
  { store }: Bench,
  table: 'same_title' | 'shared_entry',
  paper: string,
): Promise<[string, string][]> {
  const { rows } = await store.pool.query(
    `select paper_id, other_paper_id from ${table} where $1 in (paper_id, other_paper_id) order by 1, 2`,
    [paper],
  );
  return rows.map(({ paper_id, other_paper_id }) => [paper_id, other_paper_id]);
}
