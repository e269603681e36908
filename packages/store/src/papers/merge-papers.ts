import type {
  ListingPageId,
  PaperId,
  PaperKey,
  PaperTextId,
  SubscriberId,
  TopicId,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Tx } from '../connection/database.ts';
import { lockReadyPagesExclusive, lockRecording } from '../connection/locks.ts';
import { chooseCanonicalText } from './canonical-text.ts';

/** What a merge did to the rows of the two papers: all that its undoing needs. */
export interface MovedRows {
  /** The survivor's own names and wordings as they were. */
  readonly ownKeys: readonly PaperKey[];
  readonly ownTexts: readonly PaperTextId[];
  readonly ownTextId: PaperTextId;
  /** What the other paper brought. */
  readonly keys: readonly PaperKey[];
  readonly texts: readonly PaperTextId[];
  readonly pages: readonly ListingPageId[];
  readonly topics: readonly TopicId[];
  /** Subscribers who had said what they think of it. */
  readonly readers: readonly SubscriberId[];
  /** Rows that gave way, whole: second appearances on one page, matches of one topic, words of one reader. */
  readonly appearances: readonly object[];
  readonly matches: readonly object[];
  readonly feedback: readonly object[];
}

export interface MergeOrder {
  readonly survivorId: PaperId;
  readonly otherId: PaperId;
  readonly by: string;
  readonly reason?: string | undefined;
  readonly evidence: object;
}

/**
 * Nothing is recorded, matched into digests or planned while papers change hands: a page or an edition sees them
 * before or after, and never half.
 */
export async function lockPapers(tx: Tx): Promise<void> {
  await lockRecording(tx);
  await lockReadyPagesExclusive(tx);
}

/**
 * Makes one paper of two, with the survivor's id. The other id stays as an alias that redirects. Neither may be an
 * alias already, and `lockPapers` is held.
 */
export async function mergePapers(tx: Tx, order: MergeOrder): Promise<MovedRows> {
  const { survivorId, otherId } = order;
  const own = await ownRows(tx, survivorId);
  const appearances = await dropSecondAppearances(tx, survivorId, otherId);
  const texts = await moveTexts(tx, survivorId, otherId);
  await sql`update revision set paper_id = ${survivorId} where paper_id = ${otherId}`.execute(tx);
  const shown = await chooseCanonicalText(tx, survivorId);
  const loserId = texts.includes(shown) ? survivorId : otherId;
  const keptId = loserId === otherId ? survivorId : otherId;
  // Of two matches the one that speaks of the words shown stays, as its reasons can be checked there.
  const matches = await dropSecond(tx, 'match', 'topic_id', { loserId, keptId });
  const feedback = await dropSecond(tx, 'feedback', 'subscriber_id', {
    loserId: otherId,
    keptId: survivorId,
  });
  const moved: MovedRows = {
    ...own,
    texts,
    appearances,
    matches,
    feedback,
    keys: await move<PaperKey>(tx, order, 'paper_key', 'key'),
    pages: await move<ListingPageId>(tx, order, 'appearance', 'listing_page_id'),
    topics: await move<TopicId>(tx, order, 'match', 'topic_id'),
    readers: await move<SubscriberId>(tx, order, 'feedback', 'subscriber_id'),
  };
  const papers = await tx
    .updateTable('paper')
    .where((paper) => paper.or([paper('id', '=', otherId), paper('merged_into', '=', otherId)]))
    .set({ merged_into: survivorId })
    .returning('id')
    .execute();
  await tx
    .insertInto('paper_merge')
    .values({
      paper_id: survivorId,
      other_paper_id: otherId,
      merged_by: order.by,
      reason: order.reason ?? null,
      evidence: JSON.stringify(order.evidence),
      papers: papers.map(({ id }) => id),
      moved: JSON.stringify(moved),
      last_delivery_id: sql<string>`(select coalesce(max(id), 0) from delivery)`,
    })
    .execute();
  return moved;
}

async function ownRows(
  tx: Tx,
  paperId: PaperId,
): Promise<Pick<MovedRows, 'ownKeys' | 'ownTexts' | 'ownTextId'>> {
  const found = await sql<{ keys: PaperKey[]; texts: PaperTextId[]; textId: PaperTextId }>`
    select array(select key from paper_key where paper_id = paper.id order by key) as keys,
      array(select id from paper_text where paper_id = paper.id order by id) as texts, text_id as "textId"
    from paper where id = ${paperId} for update`.execute(tx);
  const [row] = found.rows;
  if (!row) throw new RangeError(`no paper ${paperId}`);
  return { ownKeys: row.keys, ownTexts: row.texts, ownTextId: row.textId };
}

/** Hands all rows of the other paper in a table to the survivor; what tells them apart is given. */
async function move<Name>(
  tx: Tx,
  { survivorId, otherId }: MergeOrder,
  table: 'paper_key' | 'appearance' | 'match' | 'feedback',
  name: string,
): Promise<Name[]> {
  const rows = await sql<{ name: Name }>`
    update ${sql.table(table)} set paper_id = ${survivorId} where paper_id = ${otherId}
    returning ${sql.ref(name)} as name`.execute(tx);
  return rows.rows.map((row) => row.name);
}

/** A page that shows both keeps the first position; the batch then has one paper less. */
async function dropSecondAppearances(tx: Tx, one: PaperId, other: PaperId): Promise<object[]> {
  const dropped = await sql<{ row: object }>`
    with second as (
      delete from appearance using appearance first
      where appearance.paper_id in (${one}, ${other}) and first.paper_id in (${one}, ${other})
        and first.paper_id <> appearance.paper_id and first.listing_page_id = appearance.listing_page_id
        and (first.position, first.paper_id) < (appearance.position, appearance.paper_id)
      returning appearance.*
    ), counted as (
      update listing_page set appearance_count = appearance_count - 1
      from second where second.listing_page_id = listing_page.id
    )
    select to_jsonb(second) as row from second`.execute(tx);
  return dropped.rows.map(({ row }) => row);
}

/** The older of two wordings by one source gives way before the move: two in force cannot stand at one paper. */
async function moveTexts(tx: Tx, survivorId: PaperId, otherId: PaperId): Promise<PaperTextId[]> {
  await sql`
    update paper_text text set replaced_at = now()
    where paper_id in (${survivorId}, ${otherId}) and replaced_at is null and exists (select from paper_text newer
      where newer.paper_id in (${survivorId}, ${otherId}) and newer.replaced_at is null and newer.id > text.id
        and newer.source_id = text.source_id and newer.text_kind = text.text_kind)`.execute(tx);
  const moved = await tx
    .updateTable('paper_text')
    .where('paper_id', '=', otherId)
    .set({ paper_id: survivorId })
    .returning('id')
    .execute();
  return moved.map(({ id }) => id);
}

/** Takes away one paper's rows where the other has one of the same topic or subscriber. */
async function dropSecond(
  tx: Tx,
  table: 'match' | 'feedback',
  name: 'topic_id' | 'subscriber_id',
  { loserId, keptId }: { readonly loserId: PaperId; readonly keptId: PaperId },
): Promise<object[]> {
  const dropped = await sql<{ row: object }>`
    with second as (
      delete from ${sql.table(table)} lost using ${sql.table(table)} kept
      where lost.paper_id = ${loserId} and kept.paper_id = ${keptId}
        and lost.${sql.ref(name)} = kept.${sql.ref(name)}
      returning lost.*
    )
    select to_jsonb(second) as row from second`.execute(tx);
  return dropped.rows.map(({ row }) => row);
}
