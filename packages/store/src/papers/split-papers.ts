import {
  type ListingPageId,
  type PaperId,
  type PaperKey,
  type PaperTextId,
  partListings,
  type Section,
  type Side,
} from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Tx } from '../connection/database.ts';
import { chooseCanonicalText, settleWordings } from './canonical-text.ts';
import type { MovedRows } from './merge-papers.ts';

/** A merge that stands, with what it moved. */
export interface StandingMerge {
  readonly id: string;
  readonly survivorId: PaperId;
  readonly otherId: PaperId;
  readonly papers: readonly PaperId[];
  readonly mergedAt: Date;
  readonly moved: MovedRows;
}

/** The last merge into a paper that was not undone; undefined where none is left. */
export async function lastMerge(tx: Tx, survivorId: PaperId): Promise<StandingMerge | undefined> {
  const rows = await sql<StandingMerge>`
    select id, paper_id as "survivorId", other_paper_id as "otherId", papers,
      merged_at as "mergedAt", moved
    from paper_merge
    where paper_id = ${survivorId} and undone_at is null order by id desc limit 1`.execute(tx);
  return rows.rows[0];
}

interface Sighting {
  readonly pageId: ListingPageId;
  readonly position: number;
  readonly keys: readonly PaperKey[];
  readonly textId: PaperTextId | null;
  readonly section: Section;
  readonly upvotes: number | null;
  readonly version: number | null;
}

/** What a split did, for whoever asked for it. */
export interface SplitResult {
  /** Listings since the merge, and how many of them went with the other paper. */
  readonly listingsSince: number;
  readonly toOther: number;
}

/**
 * Parts two merged papers again: all rows stand as before the merge, and what came since goes with the name it came
 * by. `lockPapers` is held, and the merge is the survivor's last.
 */
export async function splitPapers(tx: Tx, merge: StandingMerge, by: string): Promise<SplitResult> {
  const { survivorId, otherId, moved } = merge;
  const sightings = await sightingsSince(tx, merge);
  const parting = partListings(sightings, { survivor: moved.ownKeys, other: moved.keys });
  const sided = sightings.map((seen, at) => ({ ...seen, side: parting.sides[at] ?? 'survivor' }));
  const texts = textsSince(sided, moved);

  await giveBack(tx, merge, 'paper_key', 'key', [...moved.keys, ...parting.newKeys.other]);
  // A second entry on a page counted as repeated, and its names were left aside.
  await addKeys(tx, survivorId, parting.newKeys.survivor);
  await addKeys(tx, otherId, parting.newKeys.other);
  const pages = sided.filter((seen) => isOthers(seen) && seen.textId !== null);
  await giveBack(tx, merge, 'appearance', 'listing_page_id', [
    ...moved.pages,
    ...pages.map(({ pageId }) => pageId),
  ]);
  await restore(tx, 'appearance', moved.appearances);
  await partMatches(tx, merge, texts);
  await giveBack(tx, merge, 'feedback', 'subscriber_id', moved.readers);
  await restore(tx, 'feedback', moved.feedback);
  await giveBack(tx, merge, 'paper_text', 'id', [...moved.texts, ...texts.other]);
  await partRevisions(tx, merge);
  await settleWordings(tx, survivorId);
  await settleWordings(tx, otherId);
  const { ownTextId } = moved;
  await tx.updateTable('paper').where('id', '=', survivorId).set({ text_id: ownTextId }).execute();
  if (texts.survivor.length > 0) await chooseCanonicalText(tx, survivorId);
  if (texts.other.length > 0) await chooseCanonicalText(tx, otherId);
  await addSecondAppearances(tx, merge, sided);
  await countAppearances(tx, [survivorId, otherId]);
  await sql`
    update paper set merged_into = case when id = ${otherId} then null else ${otherId}::bigint end
    where id = any(${merge.papers}::bigint[])`.execute(tx);
  await tx
    .updateTable('paper_merge')
    .where('id', '=', merge.id)
    .set({
      undone_at: sql`now()`,
      undone_by: by,
      undone_delivery_id: sql<string>`(select coalesce(max(id), 0) from delivery)`,
    })
    .execute();
  await handDownSightings(tx, merge, sided);
  return { listingsSince: sided.length, toOther: sided.filter(isOthers).length };
}

type Sided = Sighting & { readonly side: Side };
const isOthers = ({ side }: Sided) => side === 'other';

/** The wordings that came since, each with the listing that brought it. */
function textsSince(
  sided: readonly Sided[],
  { ownTexts, texts }: MovedRows,
): Readonly<Record<Side, readonly PaperTextId[]>> {
  const sideOf = new Map<PaperTextId, Side>();
  const before = new Set([...ownTexts, ...texts]);
  for (const { textId, side } of sided) {
    if (textId !== null && !before.has(textId) && !sideOf.has(textId)) sideOf.set(textId, side);
  }
  const of = (side: Side) => [...sideOf.keys()].filter((textId) => sideOf.get(textId) === side);
  return { survivor: of('survivor'), other: of('other') };
}

async function sightingsSince(tx: Tx, { id }: StandingMerge): Promise<Sighting[]> {
  return tx
    .selectFrom('merged_sighting')
    .where('merge_id', '=', id)
    .select(['listing_page_id as pageId', 'position', 'keys', 'section', 'upvotes'])
    .select(['text_id as textId', 'arxiv_version as version'])
    .orderBy('listing_page_id')
    .orderBy('position')
    .execute();
}

async function giveBack(
  tx: Tx,
  { survivorId, otherId }: StandingMerge,
  table: 'paper_key' | 'appearance' | 'match' | 'paper_text' | 'feedback',
  name: string,
  names: readonly string[],
): Promise<void> {
  const type = sql.raw(table === 'paper_key' ? 'text[]' : 'bigint[]');
  await sql`
    update ${sql.table(table)} set paper_id = ${otherId}
    where paper_id = ${survivorId} and ${sql.ref(name)} = any(${names}::${type})`.execute(tx);
}

async function addKeys(tx: Tx, paperId: PaperId, keys: readonly PaperKey[]): Promise<void> {
  if (keys.length === 0) return;
  const rows = keys.map((key) => ({ key, paper_id: paperId }));
  await tx
    .insertInto('paper_key')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Puts back rows that gave way. */
async function restore(
  tx: Tx,
  table: 'appearance' | 'match' | 'feedback',
  rows: readonly object[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into ${sql.table(table)}
    select * from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)
    on conflict do nothing`.execute(tx);
}

/** What was matched since speaks of the words that were shown; the next listing of either paper matches it anew. */
async function partMatches(
  tx: Tx,
  merge: StandingMerge,
  since: ReturnType<typeof textsSince>,
): Promise<void> {
  const { survivorId, otherId, moved, mergedAt } = merge;
  await giveBack(tx, merge, 'match', 'topic_id', moved.topics);
  await restore(tx, 'match', moved.matches);
  await sql`
    update match set paper_id = ${otherId} from paper
    where match.paper_id = ${survivorId} and paper.id = ${survivorId} and match.matched_at > ${mergedAt}
      and paper.text_id = any(${[...moved.texts, ...since.other]}::bigint[])`.execute(tx);
}

/** A change from one paper's words to the other's was none. */
async function partRevisions(tx: Tx, { survivorId, otherId }: StandingMerge): Promise<void> {
  await sql`
    delete from revision using paper_text earlier, paper_text later
    where revision.paper_id = ${survivorId} and earlier.id = from_text_id and later.id = to_text_id
      and earlier.paper_id <> later.paper_id`.execute(tx);
  await sql`
    update revision set paper_id = ${otherId} from paper_text later
    where revision.paper_id = ${survivorId} and later.id = to_text_id and later.paper_id = ${otherId}`.execute(
    tx,
  );
}

/** A page since the merge that showed both counted the first; now each of them appears on it. */
async function addSecondAppearances(
  tx: Tx,
  { survivorId, otherId }: StandingMerge,
  sided: readonly Sided[],
): Promise<void> {
  const second = sided.filter(({ textId }) => textId === null);
  if (second.length === 0) return;
  await sql`
    insert into appearance (paper_id, listing_page_id, text_id, seen_on, position, section, upvotes, arxiv_version)
    select paper.id, seen.listing_page_id, paper.text_id, shown.seen_on, seen.position, seen.section, seen.upvotes,
      seen.version
    from unnest(
        ${column('bigint', second, (seen) => (isOthers(seen) ? otherId : survivorId))},
        ${column('bigint', second, ({ pageId }) => pageId)},
        ${column('int', second, ({ position }) => position)},
        ${column('text', second, ({ section }) => section)},
        ${column('int', second, ({ upvotes }) => upvotes)},
        ${column('smallint', second, ({ version }) => version)})
        as seen(paper_id, listing_page_id, position, section, upvotes, version)
      join paper on paper.id = seen.paper_id
      join appearance shown on shown.listing_page_id = seen.listing_page_id
        and shown.paper_id in (${survivorId}, ${otherId})
    on conflict do nothing`.execute(tx);
}

/** What a page brought counts again where it shows both. */
async function countAppearances(tx: Tx, papers: readonly PaperId[]): Promise<void> {
  await sql`
    update listing_page set appearance_count = (select count(*) from appearance where listing_page_id = listing_page.id)
    where id in (select listing_page_id from appearance where paper_id = any(${papers}::bigint[])
      group by 1 having count(*) > 1)`.execute(tx);
}

/** The names of later listings stay known to the merges that still stand at either paper. */
async function handDownSightings(
  tx: Tx,
  { id, survivorId, otherId }: StandingMerge,
  sided: readonly Sided[],
): Promise<void> {
  for (const [side, paperId] of [
    ['survivor', survivorId],
    ['other', otherId],
  ] as const) {
    const below = await lastMerge(tx, paperId);
    const seen = sided.filter((sighting) => sighting.side === side);
    if (!below || seen.length === 0) continue;
    await sql`
      update merged_sighting set merge_id = ${below.id}
      from unnest(
        ${column('bigint', seen, ({ pageId }) => pageId)},
        ${column('int', seen, ({ position }) => position)}) as theirs(page_id, place)
      where merge_id = ${id} and listing_page_id = page_id and position = place`.execute(tx);
  }
  await tx.deleteFrom('merged_sighting').where('merge_id', '=', id).execute();
}
