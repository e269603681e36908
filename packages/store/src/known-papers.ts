import {
  distinctKey,
  type KeyedEntry,
  type KnownEntry,
  type KnownText,
  type PaperId,
  type PaperKey,
  type PaperTextId,
  type SourceId,
  type TextKind,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Keys of a page are looked up in slices, so that no statement carries more than a few MB. */
const SLICE = 5_000;

interface KnownRow {
  key: PaperKey;
  paperId: PaperId;
  textId: PaperTextId | null;
  textKind: TextKind | null;
  fingerprint: KnownText['fingerprint'] | null;
  title: string | null;
  abstract: string | null;
}

/**
 * What is stored under a page's keys, with the wording its source last gave. Texts travel only where the
 * fingerprint differs, so an unchanged page costs its keys and nothing more (PERFORMANCE: hash first).
 */
export async function findKnownPapers(
  db: Db,
  sourceId: SourceId,
  entries: readonly KeyedEntry[],
): Promise<Map<PaperKey, KnownEntry>> {
  const known = new Map<PaperKey, KnownEntry>();
  for (let from = 0; from < entries.length; from += SLICE) {
    const slice = entries.slice(from, from + SLICE);
    for (const row of await lookUp(db, sourceId, slice)) {
      known.set(row.key, { paperId: row.paperId, strongKeys: [], texts: textOf(row) });
    }
  }
  return known;
}

async function lookUp(
  db: Db,
  sourceId: SourceId,
  entries: readonly KeyedEntry[],
): Promise<KnownRow[]> {
  const asked = entries.flatMap((entry) => entry.keys.map((key) => ({ key, entry })));
  const found = await sql<KnownRow>`
    select
      asked.key, known.paper_id as "paperId", text.id as "textId", text.text_kind as "textKind", text.fingerprint,
      case when text.fingerprint <> asked.fingerprint then text.title end as title,
      case when text.fingerprint <> asked.fingerprint then text.abstract end as abstract
    from unnest(
      ${asked.map(({ key }) => key)}::text[], ${asked.map(({ entry }) => entry.fingerprint)}::uuid[],
      ${asked.map(({ entry }) => entry.textKind)}::text[]) as asked(key, fingerprint, kind)
    join paper_key known on known.key = asked.key
    left join paper_text text on text.paper_id = known.paper_id and text.source_id = ${sourceId}
      and text.text_kind = asked.kind and text.replaced_at is null`.execute(db);
  return found.rows;
}

function textOf({ textId, textKind, fingerprint, title, abstract }: KnownRow): KnownText[] {
  if (textId === null || textKind === null || fingerprint === null) return [];
  return [
    { textId, textKind, fingerprint, title: title ?? '', ...(abstract !== null && { abstract }) },
  ];
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
  const evidence = await sql<{ paperId: PaperId; strongKeys: PaperKey[]; abstract: string | null }>`
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
