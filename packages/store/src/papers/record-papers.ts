import type {
  Entry,
  KeyedEntry,
  ListedOn,
  ListingPageId,
  NewEntry,
  PaperId,
  PaperKey,
  PaperTextId,
  RecurringEntry,
  SourceId,
} from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Tx } from '../connection/database.ts';
import { inBatches } from '../connection/pipeline.ts';

/** A page whose papers are written. */
export interface RecordedPage {
  readonly listingPageId: ListingPageId;
  readonly sourceId: SourceId;
  readonly seenOn: ListedOn;
}

/** Something that a page brings, with the page: what several pages bring is written together. */
export type OnPage<Item> = Item & { readonly page: RecordedPage };

/** Says of each item of a page which page that is. */
export function onPage<Item extends object>(
  page: RecordedPage,
  items: readonly Item[],
): OnPage<Item>[] {
  return items.map((item) => ({ ...item, page }));
}

/** Rows a statement writes at most; Postgres takes a parameter of more than a megabyte ten times as slowly. */
const BATCH = 500;

/** An appearance about to be written. */
export type Sighted = OnPage<{
  readonly paperId: PaperId;
  readonly textId: PaperTextId;
  readonly entry: KeyedEntry;
}>;

const pageIdOf = ({ page }: OnPage<unknown>) => page.listingPageId;
const seenOnOf = ({ page }: OnPage<unknown>) => page.seenOn;

/** Writes new papers with their keys and wordings, and says what appears where as what. */
export async function insertNewPapers(
  tx: Tx,
  papers: readonly OnPage<NewEntry>[],
): Promise<Sighted[]> {
  const sighted = await inBatches(papers, BATCH, (batch) => insertBatch(tx, batch));
  return sighted.flat();
}

async function insertBatch(tx: Tx, papers: readonly OnPage<NewEntry>[]): Promise<Sighted[]> {
  const ids = await takePaperIds(tx, papers.length);
  const sighted = papers.map(({ entry, page }, index) => ({ entry, page, ...at(ids, index) }));
  const named = papers.flatMap(({ keys }, index) => {
    const { paperId } = at(ids, index);
    return keys.map((key) => ({ key, paperId }));
  });
  // One statement: references are checked when all of it is written, that of a paper to its wording at commit.
  await sql`
    with written as (
      insert into paper (id, first_seen_on, first_page_id, text_id) overriding system value
      select id, seen_on, page_id, text_id
      from unnest(
        ${column('bigint', ids, ({ paperId }) => paperId)},
        ${column('date', papers, seenOnOf)},
        ${column('bigint', papers, pageIdOf)},
        ${column('bigint', ids, ({ textId }) => textId)}) as fresh(id, seen_on, page_id, text_id)
    ), worded as (${textRows(sighted)})
    ${keyRows(named)}`.execute(tx);
  return sighted;
}

/**
 * Writes what recurring papers bring that is not known: later ids, former titles, changed or first wordings
 * of their source. A paper that says nothing new writes nothing here; of one that does each page must be written
 * by itself.
 */
export async function updateRecurringPapers(
  tx: Tx,
  papers: readonly OnPage<RecurringEntry>[],
): Promise<Sighted[]> {
  await insertKeys(
    tx,
    papers.flatMap(({ paper, newKeys }) => newKeys.map((key) => ({ key, paperId: paper.paperId }))),
  );
  const worded = papers.filter(
    ({ change }) => change.kind !== 'same' && change.kind !== 'completed',
  );
  await completeTexts(
    tx,
    papers.filter(({ change }) => change.kind === 'completed'),
  );
  const textIds = new Map<RecurringEntry, PaperTextId>();
  for (const batch of batches(worded)) {
    await replaceTexts(tx, batch);
    const ids = await takeTextIds(tx, batch.length);
    const texts = batch.map(({ entry, page, paper }, index) => {
      return { entry, page, paperId: paper.paperId, textId: at(ids, index) };
    });
    await textRows(texts).execute(tx);
    batch.forEach((recurring, index) => {
      textIds.set(recurring, at(ids, index));
    });
    await insertRevisions(tx, batch, ids);
    await promoteTexts(tx, batch, ids);
  }
  return papers.map((recurring) => {
    const { entry, page, paper, change } = recurring;
    const textId =
      change.kind === 'same' || change.kind === 'completed'
        ? change.textId
        : textIds.get(recurring);
    if (textId === undefined) throw new Error('a wording was not written');
    return { entry, page, paperId: paper.paperId, textId };
  });
}

/** Writes appearances. A page is recorded once, so none can be there. */
export async function insertAppearances(tx: Tx, sighted: readonly Sighted[]): Promise<void> {
  await inBatches(sighted, BATCH, (batch) =>
    sql`
      insert into appearance (paper_id, listing_page_id, text_id, seen_on, position, section, upvotes, arxiv_version)
      select paper_id, page_id, text_id, seen_on, position, section, upvotes, version
      from unnest(
        ${column('bigint', batch, (seen) => seen.paperId)},
        ${column('bigint', batch, pageIdOf)},
        ${column('bigint', batch, (seen) => seen.textId)},
        ${column('date', batch, seenOnOf)},
        ${column('int', batch, (seen) => seen.entry.position)},
        ${column('text', batch, (seen) => seen.entry.section)},
        ${column('int', batch, (seen) => seen.entry.upvotes)},
        ${column('smallint', batch, (seen) => seen.entry.ids.arxivVersion)})
        as seen(paper_id, page_id, text_id, seen_on, position, section, upvotes, version)`.execute(
      tx,
    ),
  );
}

/** Brings votes and positions of a batch up to date from a page that shows the same papers again. */
export async function refreshAppearances(
  tx: Tx,
  batchPageId: ListingPageId,
  seen: readonly { readonly paperId: PaperId; readonly entry: Entry }[],
): Promise<void> {
  await sql`
    update appearance set position = now.position, upvotes = coalesce(now.upvotes, appearance.upvotes)
    from unnest(
        ${column('bigint', seen, ({ paperId }) => paperId)},
        ${column('int', seen, ({ entry }) => entry.position)},
        ${column('int', seen, ({ entry }) => entry.upvotes)}) as now(paper_id, position, upvotes),
      listing_page page
    where appearance.paper_id = now.paper_id and appearance.listing_page_id = page.id
      and page.batch_page_id = ${batchPageId}
      and (appearance.position, appearance.upvotes)
        is distinct from (now.position, coalesce(now.upvotes, appearance.upvotes))`.execute(tx);
}

function* batches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += BATCH) yield items.slice(from, from + BATCH);
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}

interface PaperIds {
  readonly paperId: PaperId;
  readonly textId: PaperTextId;
}

/** Ids for new papers and their wordings. */
async function takePaperIds(tx: Tx, count: number): Promise<PaperIds[]> {
  const taken = await sql<PaperIds>`
    select nextval('paper_id_seq') as "paperId", nextval('paper_text_id_seq') as "textId"
    from generate_series(1, ${count}::int)`.execute(tx);
  return taken.rows;
}

async function takeTextIds(tx: Tx, count: number): Promise<PaperTextId[]> {
  const taken = await sql<Pick<PaperIds, 'textId'>>`
    select nextval('paper_text_id_seq') as "textId" from generate_series(1, ${count}::int)`.execute(
    tx,
  );
  return taken.rows.map(({ textId }) => textId);
}

/** Group separator: joins lists for one array parameter, as ragged arrays cannot be one. */
const SEPARATOR = '\u001d';
const joined = (list: readonly string[] | undefined) => list?.join(SEPARATOR) ?? null;

/** The statement that writes wordings. */
function textRows(texts: readonly Sighted[]): RawBuilder<unknown> {
  return sql`
    insert into paper_text (id, paper_id, source_id, text_kind, fingerprint, title, abstract, authors, categories,
      links, published_at, seen_on) overriding system value
    select id, paper_id, source_id, kind, fingerprint, title, abstract,
      string_to_array(authors, ${SEPARATOR}), string_to_array(categories, ${SEPARATOR}), links::jsonb, published_at,
      seen_on
    from unnest(
      ${column('bigint', texts, ({ textId }) => textId)},
      ${column('bigint', texts, ({ paperId }) => paperId)},
      ${column('bigint', texts, ({ page }) => page.sourceId)},
      ${column('text', texts, ({ entry }) => entry.textKind)},
      ${column('uuid', texts, ({ entry }) => entry.fingerprint)},
      ${column('text', texts, ({ entry }) => entry.title)},
      ${column('text', texts, ({ entry }) => entry.abstract)},
      ${column('text', texts, ({ entry }) => joined(entry.authors))},
      ${column('text', texts, ({ entry }) => joined(entry.categories))},
      ${column('text', texts, ({ entry }) => JSON.stringify(entry.links))},
      ${column('timestamptz', texts, ({ entry }) => entry.publishedAt)},
      ${column('date', texts, seenOnOf)}) as fresh(id, paper_id, source_id, kind, fingerprint, title, abstract, authors,
        categories, links, published_at, seen_on)`;
}

interface NamedPaper {
  readonly key: PaperKey;
  readonly paperId: PaperId;
}

/** The statement that notes names; one that another paper has stays with it. */
function keyRows(names: readonly NamedPaper[]): RawBuilder<unknown> {
  return sql`
    insert into paper_key (key, paper_id)
    select * from unnest(
      ${column('text', names, ({ key }) => key)},
      ${column('bigint', names, ({ paperId }) => paperId)})
    on conflict do nothing`;
}

async function insertKeys(tx: Tx, names: readonly NamedPaper[]): Promise<void> {
  for (const batch of batches(names)) await keyRows(batch).execute(tx);
}

async function completeTexts(tx: Tx, papers: readonly RecurringEntry[]): Promise<void> {
  for (const { entry, change } of papers) {
    if (change.kind !== 'completed') continue;
    await tx
      .updateTable('paper_text')
      .where('id', '=', change.textId)
      .set({ abstract: entry.abstract ?? null, fingerprint: entry.fingerprint })
      .execute();
  }
}

async function replaceTexts(tx: Tx, papers: readonly RecurringEntry[]): Promise<void> {
  const replaced = papers.flatMap(({ change }) => (change.kind === 'first' ? [] : [change.textId]));
  if (replaced.length === 0) return;
  await sql`update paper_text set replaced_at = now() where id = any(${replaced}::bigint[])`.execute(
    tx,
  );
}

async function insertRevisions(
  tx: Tx,
  papers: readonly OnPage<RecurringEntry>[],
  textIds: readonly PaperTextId[],
): Promise<void> {
  const revisions = papers.flatMap(({ page, paper, change }, index) => {
    if (change.kind !== 'revised' && change.kind !== 'links') return [];
    const changed = change.kind === 'links' ? ['links'] : [...change.changed];
    return [
      {
        paper_id: paper.paperId,
        listing_page_id: page.listingPageId,
        from_text_id: change.textId,
        to_text_id: at(textIds, index),
        changed,
      },
    ];
  });
  if (revisions.length > 0) await tx.insertInto('revision').values(revisions).execute();
}

/**
 * Lets a new wording become the canonical one where it ranks above the one shown so far (an abstract
 * before a summary, then the source's priority), or replaces its own source's wording at the same rank.
 */
async function promoteTexts(
  tx: Tx,
  papers: readonly RecurringEntry[],
  textIds: readonly PaperTextId[],
): Promise<void> {
  await sql`
    update paper set text_id = fresh.id
    from unnest(${column(
      'bigint',
      papers,
      ({ paper }) => paper.paperId,
    )}, ${column('bigint', textIds, (id) => id)}) as given(paper_id, text_id)
    join paper_text fresh on fresh.id = given.text_id
    join source fresh_source on fresh_source.id = fresh.source_id
    join paper_text shown on shown.paper_id = given.paper_id
    join source shown_source on shown_source.id = shown.source_id
    where paper.id = given.paper_id and shown.id = paper.text_id
      and case when fresh.source_id = shown.source_id
        then (fresh.abstract is not null and fresh.text_kind = 'abstract')
          >= (shown.abstract is not null and shown.text_kind = 'abstract')
        else (fresh.abstract is not null and fresh.text_kind = 'abstract', fresh_source.text_priority)
          > (shown.abstract is not null and shown.text_kind = 'abstract', shown_source.text_priority) end`.execute(
    tx,
  );
}
