import type { PageOutcome, SourceOutcome } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** What is wrong with a source right now: its last page was not sound, or its last fetch brought nothing. */
export interface SourceTrouble {
  readonly sourceName: string;
  readonly sourceTitle: string;
  /** The verdict on the last page, or `unreachable` when the fetch after it failed. */
  readonly kind: PageOutcome | 'unreachable';
  readonly note: string | null;
  /** When that was seen. */
  readonly since: Date;
  /** Attempts in a row that gave no full list, since when, and whether an operator is to look. */
  readonly times: number;
  readonly troubleSince: Date | null;
  readonly isAlert: boolean;
  readonly lastGoodAt: Date | null;
}

/** Active sources whose newest page or fetch an operator should look at, by title. */
export async function sourceTroubles(db: Db): Promise<SourceTrouble[]> {
  const rows = await sql<SourceTrouble>`
    select name as "sourceName", title as "sourceTitle",
      case outcome when 'failed' then 'unreachable' else outcome end as kind, note, judged_at as since,
      trouble_count as times, trouble_since as "troubleSince", last_good_at as "lastGoodAt",
      coalesce(alert in ('due', 'told'), false) as "isAlert"
    from source join source_health on source_id = source.id
    where state = 'active' and ${isIncomplete}
    order by title`.execute(db);
  return rows.rows;
}

/** How the last attempt to read a source went. */
export interface SourceReading {
  readonly title: string;
  readonly outcome: SourceOutcome;
  /** Read, and claimed by the page where it says so. */
  readonly entries: number | null;
  readonly claimed: number | null;
  /** Whether it was due for an hour and nobody asked it. */
  readonly isOverdue: boolean;
}

/**
 * Active sources that give no full list at a moment, or were not asked for one. Of those that are not asked by
 * themselves only what was read since counts: a saved page that was cut is not told of for ever.
 */
export async function troubledReadings(
  db: Db,
  { since, at }: { readonly since: Date; readonly at: Date },
): Promise<SourceReading[]> {
  const isOverdue = sql<boolean>`coalesce(next_ask_at < ${at}::timestamptz - interval '1 hour', false)`;
  const found = await sql<SourceReading>`
    select title, outcome, entries, claimed, ${isOverdue} as "isOverdue"
    from source join source_health on source_id = source.id
    where state = 'active'
      and (${isOverdue} or (${isIncomplete} and (judged_at > ${since} or next_ask_at is not null)))
    order by title, source.id`.execute(db);
  return found.rows;
}

/**
 * Names of sources that digests may wait for until a moment: those that gave lists before, give no full one now and
 * are asked again by then, and those of which a page is still being read or matched.
 */
export async function awaitedSources(db: Db, until: Date): Promise<string[]> {
  const found = await sql<{ name: string }>`
    select name from source left join source_health on source_id = source.id
    where state = 'active' and essential and (
      (${isIncomplete} and last_good_at is not null and next_ask_at <= ${until})
      or id in (select source_id from listing_page where read_at is null)
      or id in (select source_id from listing_page where read_at is not null and ready_no is null
        and verdict in ('new-batch', 'grew', 'partial', 'cut')))
    order by name`.execute(db);
  return found.rows.map(({ name }) => name);
}

const isIncomplete = sql`outcome in ('cut', 'stale', 'broken', 'partial', 'blocked', 'failed')`;
