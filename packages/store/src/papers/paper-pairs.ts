import type { ListedOn, MergeSide, PaperId, PaperKey } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A paper as far as it takes to tell whether another is the same work. */
export interface PairSide extends MergeSide {
  readonly id: PaperId;
  readonly title: string;
  readonly abstract: string | null;
  readonly firstSeenOn: ListedOn;
  readonly keys: readonly PaperKey[];
  readonly timesSeen: number;
}

/** Why somebody should look: both bear one title, or one entry named both. */
type PairReason = 'one-entry' | 'same-title';

/** Two papers that may be one work. */
export interface PaperPair {
  readonly why: PairReason;
  readonly earlier: PairSide;
  readonly later: PairSide;
}

/** Linked pairs under the ids that stand today, each once, without those that a person keeps apart. */
const openPairs = sql`
  with linked as (
    select paper_id, other_paper_id, 'one-entry' as why from shared_entry
    union all select paper_id, other_paper_id, 'same-title' from same_title
  ), pair as (
    select distinct on (later, earlier) later, earlier, why
    from linked
    join paper one on one.id = linked.paper_id join paper other on other.id = linked.other_paper_id
    cross join lateral (select coalesce(one.merged_into, one.id) as a, coalesce(other.merged_into, other.id) as b) ids
    cross join lateral (select greatest(a, b) as later, least(a, b) as earlier) ordered
    where a <> b order by later, earlier, why
  ), kept as (
    select greatest(a, b) as later, least(a, b) as earlier
    from kept_apart
    join paper one on one.id = kept_apart.paper_id join paper other on other.id = kept_apart.other_paper_id
    cross join lateral (select coalesce(one.merged_into, one.id) as a, coalesce(other.merged_into, other.id) as b) ids
  ), open as (
    select * from pair where not exists (select from kept where kept.later = pair.later and kept.earlier = pair.earlier)
  )`;

/** Pairs for a person to look at, the newest first. */
export async function listPairs(
  db: Db,
  { limit, skip = 0 }: { readonly limit: number; readonly skip?: number },
): Promise<PaperPair[]> {
  const rows = await sql<{ why: PairReason; earlier: PaperId; later: PaperId }>`
    ${openPairs} select why, earlier, later from open order by later desc, earlier desc
    limit ${limit} offset ${skip}`.execute(db);
  const sides = await loadSides(
    db,
    rows.rows.flatMap(({ earlier, later }) => [earlier, later]),
  );
  return rows.rows.flatMap(({ why, ...ids }) => {
    const [earlier, later] = [sides.get(ids.earlier), sides.get(ids.later)];
    return earlier && later ? [{ why, earlier, later }] : [];
  });
}

/** How many pairs wait for a person. */
export async function countPairs(db: Db): Promise<number> {
  const rows = await sql<{ n: number }>`${openPairs} select count(*)::int as n from open`.execute(
    db,
  );
  return rows.rows[0]?.n ?? 0;
}

/** Papers under their canonical words, with an authors' abstract where one is stored. */
export async function loadSides(
  db: Db,
  ids: readonly PaperId[],
): Promise<ReadonlyMap<PaperId, PairSide>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<PairSide>`
    select paper.id, shown.title, paper.first_seen_on as "firstSeenOn",
      (select abstract from paper_text text where text.paper_id = paper.id and text.abstract is not null
        and text.text_kind = 'abstract' order by text.id = paper.text_id desc, text.id desc limit 1) as abstract,
      array(select key from paper_key where paper_id = paper.id order by key like 'title:%', key) as keys,
      (select count(*)::int from appearance where paper_id = paper.id) as "timesSeen"
    from paper join paper_text shown on shown.id = paper.text_id
    where paper.id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.rows.map((side) => [side.id, side]));
}

/** Notes that two papers are two works, for good; said again it only changes the reason. */
export async function keepApart(
  db: Db,
  pair: {
    readonly ids: readonly [PaperId, PaperId];
    readonly by: string;
    readonly reason?: string | undefined;
  },
): Promise<void> {
  const [one, other] = pair.ids;
  await sql`
    insert into kept_apart (paper_id, other_paper_id, kept_by, reason)
    select greatest(${one}::bigint, ${other}::bigint), least(${one}::bigint, ${other}::bigint), ${pair.by},
      ${pair.reason ?? null}
    on conflict (paper_id, other_paper_id) do update
      set kept_at = now(), kept_by = excluded.kept_by, reason = excluded.reason`.execute(db);
}

/** Who decided that two papers are two works, and when; also where it was said of what one of them absorbed. */
export async function keptApart(
  db: Db,
  one: PaperId,
  other: PaperId,
): Promise<{ readonly at: Date; readonly by: string; readonly reason: string | null } | undefined> {
  const rows = await sql<{ at: Date; by: string; reason: string | null }>`
    select kept_at as at, kept_by as by, reason
    from kept_apart
    join paper mine on mine.id = kept_apart.paper_id join paper theirs on theirs.id = kept_apart.other_paper_id
    cross join lateral (
      select coalesce(mine.merged_into, mine.id) as a, coalesce(theirs.merged_into, theirs.id) as b) ids
    where (a, b) in ((${one}, ${other}), (${other}, ${one})) order by kept_at desc limit 1`.execute(
    db,
  );
  return rows.rows[0];
}
