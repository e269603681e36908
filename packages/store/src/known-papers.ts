import {
  distinctKey,
  type KeyedEntry,
  type KnownEntry,
  type KnownText,
  keyKind,
  type PaperId,
  type PaperKey,
  type PaperTextId,
  type SourceId,
} from '@paperboy/core';
import { sql } from 'kysely';
import { column } from './columns.ts';
import type { Db } from './database.ts';

/** Keys of a page are looked up in slices, so that no statement carries more than a few MB. */
const SLICE = 5_000;

interface Asked {
  readonly key: PaperKey;
  readonly entry: KeyedEntry;
}

interface KnownRow {
  /** Position of the key in the question, from 1. */
  ord: number;
  paperId: PaperId;
  textId: PaperTextId | null;
  /** Null where the words are the same. */
  fingerprint: KnownText['fingerprint'] | null;
  title: string | null;
  abstract: string | null;
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
  const byId = entries.flatMap((entry) =>
    entry.keys.filter((key) => keyKind(key) !== 'title').map((key) => ({ key, entry })),
  );
  await lookUpAll(db, sourceId, byId, known);
  const byTitle: Asked[] = [];
  for (const entry of entries) {
    const title = entry.keys.find((key) => keyKind(key) === 'title');
    const paper = entry.keys.map((key) => known.get(key)).find((found) => found !== undefined);
    if (title === undefined) continue;
    if (paper?.texts.some((text) => text.fingerprint === entry.fingerprint))
      known.set(title, paper);
    else byTitle.push({ key: title, entry });
  }
  await lookUpAll(db, sourceId, byTitle, known);
  return known;
}

async function lookUpAll(
  db: Db,
  sourceId: SourceId,
  asked: readonly Asked[],
  known: Map<PaperKey, KnownEntry>,
): Promise<void> {
  for (let from = 0; from < asked.length; from += SLICE) {
    const slice = asked.slice(from, from + SLICE);
    for (const row of await lookUp(db, sourceId, slice)) {
      const question = slice[row.ord - 1];
      if (!question) continue;
      const texts = textOf(row, question.entry);
      known.set(question.key, { paperId: row.paperId, strongKeys: [], texts });
    }
  }
}

async function lookUp(db: Db, sourceId: SourceId, asked: readonly Asked[]): Promise<KnownRow[]> {
  const found = await sql<KnownRow>`
    select asked.ord::int as ord, known.paper_id as "paperId", text.id as "textId",
      case when text.fingerprint <> asked.fingerprint then text.fingerprint end as fingerprint,
      case when text.fingerprint <> asked.fingerprint then text.title end as title,
      case when text.fingerprint <> asked.fingerprint then text.abstract end as abstract
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

function textOf(
  { textId, fingerprint, title, abstract }: KnownRow,
  entry: KeyedEntry,
): KnownText[] {
  if (textId === null) return [];
  const { textKind } = entry;
  const words = { title: title ?? entry.title, ...(abstract !== null && { abstract }) };
  return [{ textId, textKind, fingerprint: fingerprint ?? entry.fingerprint, ...words }];
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
