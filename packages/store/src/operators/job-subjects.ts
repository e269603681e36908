import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** The ids that jobs carry, by kind. */
export interface JobIds {
  readonly sources: readonly string[];
  readonly pages: readonly string[];
  readonly editions: readonly string[];
  readonly subscribers: readonly string[];
}

/** What jobs are about, by kind and id. Ids of rows that are gone are absent. */
export interface JobSubjects {
  readonly sources: ReadonlyMap<string, { readonly name: string; readonly title: string }>;
  readonly pages: ReadonlyMap<
    string,
    { readonly source: string; readonly seenAt: Date; readonly entries: number | null }
  >;
  readonly editions: ReadonlyMap<
    string,
    { readonly cadence: string; readonly windowEnd: Date; readonly readers: number }
  >;
  readonly subscribers: ReadonlyMap<string, { readonly address: string }>;
}

/** Looks up what a list of jobs is about, a statement a kind. */
export async function jobSubjects(db: Db, ids: JobIds): Promise<JobSubjects> {
  const [sources, pages, editions, subscribers] = await Promise.all([
    sql<{ id: string; name: string; title: string }>`
      select id, name, title from source where id = any(${ids.sources}::bigint[])`.execute(db),
    sql<{ id: string; source: string; seenAt: Date; entries: number | null }>`
      select listing_page.id, title as source, seen_at as "seenAt", entry_count as entries
      from listing_page join source on source.id = source_id
      where listing_page.id = any(${ids.pages}::bigint[])`.execute(db),
    sql<{ id: string; cadence: string; windowEnd: Date; readers: number }>`
      select id, cadence, window_end as "windowEnd",
        (select count(*)::int from delivery where edition_id = edition.id) as readers
      from edition where id = any(${ids.editions}::bigint[])`.execute(db),
    sql<{ id: string; address: string }>`
      select id, address from subscriber where id = any(${ids.subscribers}::bigint[])`.execute(db),
  ]);
  return {
    sources: byId(sources.rows),
    pages: byId(pages.rows),
    editions: byId(editions.rows),
    subscribers: byId(subscribers.rows),
  };
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
