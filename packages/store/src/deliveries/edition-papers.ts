import type {
  Cadence,
  EditionId,
  Link,
  ListedOn,
  PaperId,
  Sighting,
  TextKind,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';

/**
 * Collects the papers listed on pages numbered after `fromNo` up to `throughNo`, newest page first, then by
 * position. Papers that are collected already keep their place: a lower `fromNo` only adds older ones behind.
 */
export async function gatherPapers(
  tx: Tx,
  window: { editionId: EditionId; fromNo: string; throughNo: string },
): Promise<number> {
  const gathered = await sql`
    insert into edition_paper (edition_id, paper_id, ordinal, first_ready_no, last_ready_no, trending)
    select ${window.editionId}, paper_id,
      row_number() over (order by last_ready_no desc, position, paper_id),
      (select min(ready_no) from appearance join listing_page on id = listing_page_id
        where appearance.paper_id = listed.paper_id),
      last_ready_no, false
    from (
      select paper_id, max(ready_no) as last_ready_no,
        (array_agg(position order by ready_no desc))[1] as position
      from listing_page join appearance on listing_page_id = id
      where ready_no > ${window.fromNo} and ready_no <= ${window.throughNo}
      group by paper_id) listed
    -- a paper that others were merged into since has later pages than it had
    on conflict (edition_id, paper_id) do update set last_ready_no = excluded.last_ready_no
      where edition_paper.last_ready_no < excluded.last_ready_no`.execute(tx);
  return Number(gathered.numAffectedRows ?? 0n);
}

/** Each time a paper that was known before was listed within the window, with what went before. */
export async function recurringSightings(
  tx: Tx,
  window: { editionId: EditionId; fromNo: string; throughNo: string },
): Promise<{ paperId: PaperId; sighting: Sighting }[]> {
  const found = await sql<{
    paperId: PaperId;
    listedOn: ListedOn;
    position: number;
    lastSeenOn: ListedOn | null;
    previousPosition: number | null;
  }>`
    select listed.paper_id as "paperId", listed.seen_on as "listedOn", listed.position,
      (select max(seen_on) from appearance join listing_page earlier on earlier.id = listing_page_id
        where paper_id = listed.paper_id and earlier.ready_no < page.ready_no) as "lastSeenOn",
      (select min(position) from appearance join listing_page before on before.id = listing_page_id
        where paper_id = listed.paper_id and before.batch_page_id = page.previous_batch_page_id) as "previousPosition"
    from edition_paper
    join appearance listed using (paper_id)
    join listing_page page on page.id = listed.listing_page_id
    where edition_id = ${window.editionId} and first_ready_no < last_ready_no
      and page.ready_no > ${window.fromNo} and page.ready_no <= ${window.throughNo}`.execute(tx);
  return found.rows.map(({ paperId, listedOn, position, lastSeenOn, previousPosition }) => ({
    paperId,
    sighting: {
      listedOn,
      position,
      ...(lastSeenOn !== null && { lastSeenOn }),
      ...(previousPosition !== null && { previousPosition }),
    },
  }));
}

/** Notes which papers are worth telling again. */
export async function markTrending(
  tx: Tx,
  editionId: EditionId,
  papers: readonly PaperId[],
): Promise<void> {
  if (papers.length === 0) return;
  await tx
    .updateTable('edition_paper')
    .where('edition_id', '=', editionId)
    .where('paper_id', '=', sql<PaperId>`any(${papers}::bigint[])`)
    .set({ trending: true })
    .execute();
}

/** What digests show of a paper. */
export interface EditionCard {
  readonly paperId: PaperId;
  readonly title: string;
  readonly authors: string[] | null;
  readonly text: string | null;
  readonly textKind: TextKind;
  readonly links: Link[];
  readonly upvotes: number | null;
  readonly firstSeenOn: ListedOn;
  readonly lastSeenBeforeOn: ListedOn | null;
  readonly timesSeen: number;
  /** The days it was listed, anywhere, oldest first. */
  readonly seenOn: ListedOn[];
  readonly position: number;
  readonly previousPosition: number | null;
}

export interface EditionToRender {
  readonly cadence: Cadence;
  readonly windowEnd: Date;
  readonly notes: readonly string[];
  /** The papers that matched some topic, as they stood when the edition was planned. */
  readonly cards: readonly EditionCard[];
}

/** All of an edition that its digests share. */
export async function loadEdition(db: Db, editionId: EditionId): Promise<EditionToRender> {
  const edition = await db
    .selectFrom('edition')
    .where('id', '=', editionId)
    .select(['cadence', 'window_end as windowEnd', 'notes', 'through_no'])
    .executeTakeFirstOrThrow();
  const { cadence, windowEnd, notes, through_no: throughNo } = edition;
  const cards = await sql<EditionCard>`
    select paper.id as "paperId", worded.title, worded.authors, worded.abstract as text,
      worded.text_kind as "textKind", worded.links, shown.upvotes, paper.first_seen_on as "firstSeenOn",
      past.last_before as "lastSeenBeforeOn", past.times as "timesSeen", past.days as "seenOn", shown.position,
      (select min(position) from appearance join listing_page before on before.id = listing_page_id
        where paper_id = paper.id and before.batch_page_id = shown.previous_batch_page_id) as "previousPosition"
    from (
      select coalesce(merged_into, paper_id) as paper_id, max(last_ready_no) as last_ready_no, min(ordinal) as ordinal
      from edition_paper join paper on paper.id = paper_id where edition_id = ${editionId} group by 1) listed
    join paper on paper.id = listed.paper_id
    join paper_text worded on worded.id = paper.text_id
    cross join lateral (
      -- that of the edition's last page, unless a split has given it to the other paper
      select * from appearance join listing_page page on page.id = listing_page_id
      where paper_id = paper.id and ready_no <= listed.last_ready_no order by ready_no desc limit 1) shown
    cross join lateral (
      select count(*)::int as times, array_agg(distinct seen_on::text order by seen_on::text) as days, max(seen_on) filter (where seen_on < shown.seen_on) as last_before
      from appearance join listing_page seen on seen.id = listing_page_id
      where paper_id = paper.id and seen.ready_no <= ${throughNo}) past
    where exists (select from match where match.paper_id = paper.id)
      or exists (select from paper_merge where paper_merge.paper_id = paper.id)
    order by listed.ordinal`.execute(db);
  return { cadence, windowEnd, notes, cards: cards.rows };
}
