import {
  type ListedOn,
  type ListingPageId,
  PaperboyError,
  type PaperId,
  type PaperKey,
  type Section,
  type TextKind,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A paper under its canonical wording. */
export interface PaperView {
  readonly id: PaperId;
  readonly title: string;
  readonly abstract: string | null;
  readonly textKind: TextKind;
  readonly authors: string[] | null;
  readonly categories: string[] | null;
  /** Links as the readers gave them: `{rel, url}` objects. */
  readonly links: unknown;
  readonly publishedAt: Date | null;
  /** Whose wording it is. */
  readonly sourceTitle: string;
  readonly firstSeenOn: ListedOn;
  readonly keys: PaperKey[];
  readonly timesSeen: number;
}

/** One paper. Throws NOT_FOUND. */
export async function loadPaperView(db: Db, id: PaperId): Promise<PaperView> {
  const found = await sql<PaperView>`
    select paper.id, text.title, text.abstract, text.text_kind as "textKind", text.authors, text.categories,
      text.links, text.published_at as "publishedAt", source.title as "sourceTitle",
      paper.first_seen_on as "firstSeenOn",
      array(select key from paper_key where paper_id = paper.id order by key like 'title:%', key) as keys,
      (select count(*)::int from appearance where paper_id = paper.id) as "timesSeen"
    from paper join paper_text text on text.id = paper.text_id join source on source.id = text.source_id
    where paper.id = ${id}`.execute(db);
  const paper = found.rows[0];
  if (!paper) throw new PaperboyError('NOT_FOUND', `no paper ${id}`);
  return paper;
}

/** One time the paper was listed. */
export interface AppearanceView {
  readonly listingPageId: ListingPageId;
  readonly seenOn: ListedOn;
  readonly sourceName: string;
  readonly sourceTitle: string;
  readonly position: number;
  /** Its position on the source's page before; null where it was not there. */
  readonly previousPosition: number | null;
  readonly section: Section;
  readonly upvotes: number | null;
  readonly arxivVersion: number | null;
}

/** When and where a paper was listed, newest first; `after` begins below that appearance. */
export async function appearancesOfPaper(
  db: Db,
  id: PaperId,
  {
    limit,
    after,
  }: {
    readonly limit: number;
    readonly after?: Pick<AppearanceView, 'seenOn' | 'listingPageId'> | undefined;
  },
): Promise<AppearanceView[]> {
  const rows = await sql<AppearanceView>`
    select seen.listing_page_id as "listingPageId", seen.seen_on as "seenOn", source.name as "sourceName", source.title as "sourceTitle", seen.position,
      before.position as "previousPosition", seen.section, seen.upvotes, seen.arxiv_version as "arxivVersion"
    from appearance seen
    join listing_page page on page.id = seen.listing_page_id
    join listing_page batch on batch.id = page.batch_page_id
    join source on source.id = page.source_id
    left join lateral (
      select appearance.position from listing_page earlier
      join appearance on appearance.listing_page_id = earlier.id and appearance.paper_id = seen.paper_id
      where earlier.batch_page_id = batch.previous_batch_page_id limit 1) before on true
    where seen.paper_id = ${id} and ${
      after
        ? sql`(seen.seen_on, seen.listing_page_id) < (${after.seenOn}, ${after.listingPageId})`
        : sql`true`
    }
    order by seen.seen_on desc, seen.listing_page_id desc limit ${limit}`.execute(db);
  return rows.rows;
}

/** A wording in force. */
export interface WordingView {
  readonly sourceTitle: string;
  readonly textKind: TextKind;
  readonly title: string;
  readonly abstract: string | null;
  readonly authors: string[] | null;
  readonly seenOn: ListedOn;
  readonly isCanonical: boolean;
}

/** What each source says of a paper now, the canonical wording first. */
export async function wordingsOfPaper(db: Db, id: PaperId): Promise<WordingView[]> {
  const rows = await sql<WordingView>`
    select source.title as "sourceTitle", text.text_kind as "textKind", text.title, text.abstract, text.authors,
      text.seen_on as "seenOn", text.id = paper.text_id as "isCanonical"
    from paper_text text join paper on paper.id = text.paper_id join source on source.id = text.source_id
    where text.paper_id = ${id} and (text.replaced_at is null or text.id = paper.text_id)
    order by "isCanonical" desc, source.title, text.id`.execute(db);
  return rows.rows;
}

/** What changed between two wordings of one source. */
export interface RevisionView {
  readonly seenOn: ListedOn;
  readonly sourceTitle: string;
  /** Some of title, abstract, links. */
  readonly changed: string[];
  readonly from: { readonly title: string; readonly abstract: string | null };
  readonly to: { readonly title: string; readonly abstract: string | null };
}

/** A paper's revisions, newest first. */
export async function revisionsOfPaper(db: Db, id: PaperId): Promise<RevisionView[]> {
  const rows = await sql<RevisionView>`
    select later.seen_on as "seenOn", source.title as "sourceTitle", revision.changed,
      jsonb_build_object('title', earlier.title, 'abstract', earlier.abstract) as "from",
      jsonb_build_object('title', later.title, 'abstract', later.abstract) as "to"
    from revision
    join paper_text earlier on earlier.id = revision.from_text_id
    join paper_text later on later.id = revision.to_text_id
    join source on source.id = later.source_id
    where revision.paper_id = ${id} order by revision.id desc limit 100`.execute(db);
  return rows.rows;
}

/** A topic of the public catalogue that found the paper. */
export interface TopicOfPaper {
  readonly slug: string;
  readonly name: string;
  readonly query: string;
  /** As the topics package gave them. */
  readonly reasons: unknown;
}

/** Catalogue topics that a paper matched, the strongest first. What subscribers typed stays theirs. */
export async function catalogueTopicsOfPaper(db: Db, id: PaperId): Promise<TopicOfPaper[]> {
  return db
    .selectFrom('match')
    .innerJoin('topic', 'topic.id', 'match.topic_id')
    .where('match.paper_id', '=', id)
    .where('topic.slug', 'is not', null)
    .select((topic) => [
      topic.ref('topic.slug').$notNull().as('slug'),
      topic.fn.coalesce('topic.name', 'topic.slug').$notNull().as('name'),
    ])
    .select(['topic.query', 'match.reasons'])
    .orderBy('match.strength', 'desc')
    .orderBy('topic.id')
    .execute();
}

/** Other works of the same title, which were never joined by themselves. */
export async function namesakesOfPaper(
  db: Db,
  id: PaperId,
): Promise<{ readonly id: PaperId; readonly title: string; readonly firstSeenOn: ListedOn }[]> {
  const rows = await sql<{ id: PaperId; title: string; firstSeenOn: ListedOn }>`
    select paper.id, text.title, paper.first_seen_on as "firstSeenOn"
    from paper join paper_text text on text.id = paper.text_id
    where paper.merged_into is null and paper.id <> ${id} and paper.id in (
      select coalesce(other.merged_into, other.id)
      from (select id from paper where ${id} in (id, merged_into)) mine
      join same_title on mine.id in (paper_id, other_paper_id)
      join paper other on other.id in (paper_id, other_paper_id))
    order by paper.id limit 20`.execute(db);
  return rows.rows;
}
