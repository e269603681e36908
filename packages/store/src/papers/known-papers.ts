import {
  distinctKey,
  type Entry,
  idOf,
  isTitleKey,
  type KeyedEntry,
  type KnownEntry,
  type KnownText,
  type PaperId,
  type PaperKey,
  type PaperTextId,
  type SourceId,
} from '@paperboy/core';
import { sql } from 'kysely';
import { column } from '../connection/columns.ts';
import type { Db } from '../connection/database.ts';
import { inBatches } from '../connection/pipeline.ts';

/** Entries asked about at a time: batches of 500 to 1,000 are fastest, larger ones gain nothing. */
const BATCH = 1_000;

/** What is stored under the names of one page's entries. */
type KnownPapers = Map<PaperKey, KnownEntry>;

interface Named {
  readonly entry: KeyedEntry;
  /** Where what is found is noted. */
  readonly known: KnownPapers;
}

interface Asked extends Named {
  readonly key: PaperKey;
}

/** Answers in the order of the questions, an empty string for none: a row of its own for each costs more than the look-up. */
interface Answers {
  readonly paperIds: string;
  readonly textIds: string;
  /** `true` where the words are the same. */
  readonly same: string;
}

/**
 * Names the entries of pages and finds what is stored under their keys, with the wording their source last gave. Texts
 * travel only where the words differ, and an entry whose strongest key leads to the same words is not asked about
 * again by its title, as its names were noted with those words: an unchanged page costs one key a paper and nothing
 * more. Entries are named here because that takes as long as a look-up, and the two go on side by side. Pages share
 * statements and nothing else: each has what was stored before any of them.
 */
export async function findKnownPapers(
  db: Db,
  sourceId: SourceId,
  pages: readonly (readonly Entry[])[],
  name: (entry: Entry) => KeyedEntry,
): Promise<{ keyed: KeyedEntry[]; known: KnownPapers }[]> {
  const found = pages.map(() => ({ keyed: [] as KeyedEntry[], known: new Map() as KnownPapers }));
  const listed = found.flatMap((page, index) =>
    (pages[index] ?? []).map((entry) => ({ entry, page })),
  );
  await inBatches(listed, BATCH, async (batch) => {
    const named = batch.map(({ entry, page }) => {
      const keyed = name(entry);
      page.keyed.push(keyed);
      return { entry: keyed, known: page.known };
    });
    await lookUpAll(db, sourceId, idsOf(named));
    await lookUpAll(db, sourceId, openTitlesOf(named));
  });
  return found;
}

function idsOf(entries: readonly Named[]): Asked[] {
  const asked: Asked[] = [];
  for (const { entry, known } of entries) {
    for (const key of entry.keys) if (!isTitleKey(key)) asked.push({ key, entry, known });
  }
  return asked;
}

/** Titles of entries that no id has led to the same words. */
function openTitlesOf(entries: readonly Named[]): Asked[] {
  const asked: Asked[] = [];
  for (const { entry, known } of entries) {
    if (paperBehind(entry, known)?.text?.fingerprint === entry.fingerprint) continue;
    const title = entry.keys.find(isTitleKey);
    if (title !== undefined) asked.push({ key: title, entry, known });
  }
  return asked;
}

function paperBehind(
  entry: KeyedEntry,
  known: ReadonlyMap<PaperKey, KnownEntry>,
): KnownEntry | undefined {
  for (const key of entry.keys) {
    const paper = known.get(key);
    if (paper) return paper;
  }
  return undefined;
}

async function lookUpAll(db: Db, sourceId: SourceId, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return;
  const { paperIds, textIds, same } = await lookUp(db, sourceId, asked);
  const changed = textIds.filter((id, index) => id !== '' && same[index] !== 'true');
  const others = await otherWords(db, changed);
  for (const [index, { key, entry, known }] of asked.entries()) {
    const paperId = paperIds[index];
    // Of an entry that stands twice on the page the first one is asked for.
    if (!paperId || known.has(key)) continue;
    const textId = textIds[index] ?? '';
    const text = same[index] === 'true' ? sameText(textId, entry) : others.get(textId);
    known.set(key, { paperId: idOf('paper', paperId), strongKeys: NO_KEYS, text });
  }
}

const NO_KEYS: readonly PaperKey[] = [];

/**
 * Answered from two indexes alone; the wide rows of the texts are read only where the words differ. `offset 0` keeps
 * the planner from joining whole tables, which it does while they are small and then goes on doing.
 */
async function lookUp(db: Db, sourceId: SourceId, asked: readonly Asked[]) {
  const found = await sql<Answers>`
    select string_agg(coalesce(known.paper_id::text, ''), ',' order by asked.ord) as "paperIds",
      string_agg(coalesce(text.id::text, ''), ',' order by asked.ord) as "textIds",
      string_agg(coalesce((text.fingerprint = asked.fingerprint)::text, ''), ',' order by asked.ord) as same
    from unnest(
      ${column('text', asked, ({ key }) => key)},
      ${column('uuid', asked, ({ entry }) => entry.fingerprint)},
      ${column('text', asked, ({ entry }) => entry.textKind)})
      with ordinality as asked(key, fingerprint, kind, ord)
    left join lateral (
      select paper_id from paper_key where key = asked.key offset 0) as known on true
    left join lateral (
      select id, fingerprint from paper_text where paper_text.paper_id = known.paper_id
        and source_id = ${sourceId} and text_kind = asked.kind and replaced_at is null offset 0) as text on true`.execute(
    db,
  );
  const [answers] = found.rows;
  const split = (list: string | undefined) => list?.split(',') ?? [];
  return {
    paperIds: split(answers?.paperIds),
    textIds: split(answers?.textIds),
    same: split(answers?.same),
  };
}

async function otherWords(db: Db, ids: readonly string[]): Promise<Map<string, KnownText>> {
  if (ids.length === 0) return new Map();
  const texts = await db
    .selectFrom('paper_text')
    .where('id', '=', sql<PaperTextId>`any(${ids}::bigint[])`)
    .select(['id as textId', 'text_kind as textKind', 'fingerprint', 'title', 'abstract'])
    .execute();
  return new Map(
    texts.map(({ title, abstract, ...text }) => {
      const words = { title, ...(abstract !== null && { abstract }) };
      return [text.textId, { ...text, words }];
    }),
  );
}

function sameText(textId: string, entry: KeyedEntry): KnownText {
  const { textKind, fingerprint } = entry;
  return { textId: idOf('paper-text', textId), textKind, fingerprint, words: entry };
}

/**
 * Adds what it takes to tell two works of one title apart: the ids of the papers found so far and an
 * abstract, and whatever is stored under the entries' distinct keys. Asked only for doubtful entries.
 */
export async function addEvidence(
  db: Db,
  sourceId: SourceId,
  known: KnownPapers,
  doubtful: readonly KeyedEntry[],
): Promise<void> {
  if (doubtful.length === 0) return;
  const told = doubtful.map((entry) => ({ ...entry, keys: [distinctKey(entry)] }));
  const named = told.map((entry) => ({ entry, known }));
  await lookUpAll(db, sourceId, openTitlesOf(named));
  const keys = [...doubtful, ...told]
    .flatMap((entry) => entry.keys)
    .filter((key) => known.has(key));
  const papers = [...new Set(keys.map((key) => known.get(key)?.paperId ?? ''))];
  const evidence = await sql<{
    paperId: PaperId;
    strongKeys: PaperKey[];
    abstract: string | null;
  }>`
    select paper.id as "paperId",
      array(select key from paper_key where paper_id = paper.id and key not like 'title:%') as "strongKeys",
      (select abstract from paper_text where paper_id = paper.id and abstract is not null and text_kind = 'abstract'
        order by id desc limit 1) as abstract
    from paper where paper.id = any(${papers}::bigint[])`.execute(db);
  const byPaper = new Map(evidence.rows.map((row) => [row.paperId, row]));
  for (const key of keys) {
    const paper = known.get(key);
    const found = paper && byPaper.get(paper.paperId);
    if (!paper || !found) continue;
    known.set(key, {
      ...paper,
      strongKeys: found.strongKeys,
      ...(found.abstract !== null && { abstract: found.abstract }),
    });
  }
}
