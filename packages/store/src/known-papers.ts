import {
  distinctKey,
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
import { column } from './columns.ts';
import type { Db } from './database.ts';
import { inBatches } from './pipeline.ts';

/** Keys asked at a time: few enough for the planner to go by the index and not read the whole table. */
const SLICE = 1_000;

interface Asked {
  readonly key: PaperKey;
  readonly entry: KeyedEntry;
}

interface KnownRow {
  /** Position of the key in the question, from 1. */
  ord: number;
  paperId: PaperId;
  textId: PaperTextId | null;
  isSame: boolean | null;
}

/**
 * What is stored under a page's keys, with the wording its source last gave. Texts travel only where the words
 * differ, and an entry whose strongest key leads to the same words is not asked about again by its title, as its
 * names were noted with those words: an unchanged page costs one key a paper and nothing more.
 */
export async function findKnownPapers(
  db: Db,
  sourceId: SourceId,
  entries: readonly KeyedEntry[],
): Promise<Map<PaperKey, KnownEntry>> {
  const known = new Map<PaperKey, KnownEntry>();
  const byId: Asked[] = [];
  for (const entry of entries) {
    for (const key of entry.keys) if (!isTitleKey(key)) byId.push({ key, entry });
  }
  await lookUpAll(db, sourceId, byId, known);
  const byTitle: Asked[] = [];
  for (const entry of entries) {
    const title = entry.keys.find(isTitleKey);
    if (title === undefined) continue;
    const paper = paperBehind(entry, known);
    if (paper?.texts.some((text) => text.fingerprint === entry.fingerprint))
      known.set(title, paper);
    else byTitle.push({ key: title, entry });
  }
  await lookUpAll(db, sourceId, byTitle, known);
  return known;
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

async function lookUpAll(
  db: Db,
  sourceId: SourceId,
  asked: readonly Asked[],
  known: Map<PaperKey, KnownEntry>,
): Promise<void> {
  await inBatches(asked, SLICE, async (slice) => {
    const rows = await lookUp(db, sourceId, slice);
    const others = await otherWords(db, rows);
    for (const { ord, paperId, textId } of rows) {
      const question = slice[ord - 1];
      if (!question) continue;
      const texts =
        textId === null ? [] : [others.get(textId) ?? sameWords(textId, question.entry)];
      known.set(question.key, { paperId, strongKeys: NO_KEYS, texts });
    }
  });
}

const NO_KEYS: readonly PaperKey[] = [];

/** Answered from two indexes alone; the wide rows of the texts are read only where the words differ. */
async function lookUp(db: Db, sourceId: SourceId, asked: readonly Asked[]): Promise<KnownRow[]> {
  const found = await sql<KnownRow>`
    select asked.ord::int as ord, known.paper_id as "paperId", text.id as "textId",
      text.fingerprint = asked.fingerprint as "isSame"
    from unnest(
      ${column('text', asked, ({ key }) => key)},
      ${column('uuid', asked, ({ entry }) => entry.fingerprint)},
      ${column('text', asked, ({ entry }) => entry.textKind)})
      with ordinality as asked(key, fingerprint, kind, ord)
    join paper_key known on known.key = asked.key
    left join paper_text text on text.paper_id = known.paper_id and text.source_id = ${sourceId}
      and text.text_kind = asked.kind and text.replaced_at is null`.execute(db);
  return found.rows;
}

async function otherWords(db: Db, rows: readonly KnownRow[]): Promise<Map<string, KnownText>> {
  const ids = rows.flatMap(({ textId, isSame }) => (textId === null || isSame ? [] : [textId]));
  if (ids.length === 0) return new Map();
  const texts = await db
    .selectFrom('paper_text')
    .where('id', '=', sql<PaperTextId>`any(${ids}::bigint[])`)
    .select(['id as textId', 'text_kind as textKind', 'fingerprint', 'title', 'abstract'])
    .execute();
  return new Map(
    texts.map(({ abstract, ...text }) => [
      text.textId,
      { ...text, ...(abstract !== null && { abstract }) },
    ]),
  );
}

function sameWords(textId: PaperTextId, entry: KeyedEntry): KnownText {
  const { textKind, fingerprint, title, abstract } = entry;
  return { textId, textKind, fingerprint, title, ...(abstract !== undefined && { abstract }) };
}

/**
 * Adds what it takes to tell two works of one title apart: the ids of the papers found so far and an
 * abstract, and whatever is stored under the entries' distinct keys. Asked only for doubtful entries.
 */
export async function addEvidence(
  db: Db,
  sourceId: SourceId,
  known: Map<PaperKey, KnownEntry>,
  doubtful: readonly KeyedEntry[],
): Promise<void> {
  if (doubtful.length === 0) return;
  const told = doubtful.map((entry) => ({ ...entry, keys: [distinctKey(entry)] }));
  for (const [key, paper] of await findKnownPapers(db, sourceId, told)) known.set(key, paper);
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
      (select abstract from paper_text where paper_id = paper.id and abstract is not null
        order by text_kind, id desc limit 1) as abstract
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
