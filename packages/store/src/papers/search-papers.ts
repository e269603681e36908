import type { ListedOn, PaperId, SourceId, TextKind } from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connection/database.ts';

export interface SearchWish {
  /** Words, `"phrases"`, `or` and `-without`, as people type them; may be empty where a tag is given. */
  readonly words: string;
  /** First listed on this day or later, and on this day or before. */
  readonly from?: ListedOn;
  readonly until?: ListedOn;
  readonly sourceId?: SourceId;
  /** Such as `cs.CL`, or `cs` for all that begin so. */
  readonly category?: string;
  readonly order: 'best' | 'newest';
  readonly limit: number;
  /** By number, or behind the last row of the part before; from the first one on where left out. */
  readonly skip?: number;
  readonly after?: SearchPosition;
  /**
   * The newest paper that there was when the first part was asked for: what comes later is no part of the same results,
   * so that it neither shifts rows nor pushes old ones out of those that are looked at. All papers where left out.
   */
  readonly newestId?: PaperId;
}

/** Where a part of the results ended. */
export interface SearchPosition {
  readonly rank: number;
  readonly firstSeenOn: ListedOn;
  readonly paperId: PaperId;
}

export interface FoundPaper {
  readonly paperId: PaperId;
  /** With `MARK_START` and `MARK_END` around what was found. */
  readonly title: string;
  /** The places of the abstract where something was found, or its beginning, marked likewise. */
  readonly excerpt: string;
  readonly textKind: TextKind;
  readonly authors: string[] | null;
  readonly categories: string[] | null;
  readonly firstSeenOn: ListedOn;
}

export type SearchResult =
  | {
      readonly kind: 'found';
      readonly papers: readonly FoundPaper[];
      /** How many there are; with `part`, how many of those that were looked at. */
      readonly total: number;
      /** There are more than were counted, put in order, or looked through for a phrase: these are of the newest. */
      readonly part?: 'counted' | 'ranked' | 'looked-through';
      /** Where these ended; absent where no more follow. */
      readonly next?: SearchPosition;
      /** For the other parts of the same results; absent where nothing was ever gathered. */
      readonly newestId?: PaperId;
    }
  /** Nothing to look for: no words, common words alone, or only what is not wanted. */
  | { readonly kind: 'too-little'; readonly why: 'no-words' | 'common-words' | 'only-without' };

/** Controls, which no stored text holds. */
export const MARK_START = '\u0002';
export const MARK_END = '\u0003';

/**
 * How many of the newest are looked at: the index knows neither the order of words nor how well a paper fits, so that
 * needs the words of each.
 */
const MOST = { counted: 2_000, ranked: 1_000, 'looked-through': 2_500 } as const;

/** What of the asked words can be looked up, by Postgres's own reading of them. */
interface Reading {
  readonly query: string;
  /** Without what is not wanted; `T` where nothing is left. */
  readonly indexable: string;
}

/** Looks papers up by their words, in bounded time however common these are. */
export async function searchPapers(db: Db, wish: SearchWish): Promise<SearchResult> {
  const tags = tagsOf(wish);
  const { query, indexable } = await readWords(db, wish.words);
  if (query === '' && (wish.words !== '' || tags.length === 0))
    return { kind: 'too-little', why: wish.words === '' ? 'no-words' : 'common-words' };
  if (query !== '' && (indexable === '' || indexable === 'T'))
    return { kind: 'too-little', why: 'only-without' };
  const asked = [query, ...tags].filter((part) => part !== '').join(' & ');
  const isRanked = wish.order === 'best' && query !== '';
  const how = PHRASE.test(query) ? 'looked-through' : isRanked ? 'ranked' : 'counted';
  // The words of a phrase in any order: those who hold them are found by the index alone.
  const loose = how === 'looked-through' ? [loosen(indexable), ...tags].join(' & ') : asked;
  // One more than are taken says whether there are more.
  const newest = await newestWith(db, wish, loose, MOST[how] + 1);
  const candidates = sql`
    looked as (${newest}),
    newest as materialized (
      select paper_id, first_seen_on, row_number() over (order by first_seen_on desc, paper_id desc) as place,
        ${isRanked ? rank(query) : sql`0::real`} as rank,
        ${how === 'looked-through' ? sql`words @@ ${asked}::tsquery` : sql`true`} as fits
      from looked),
    fitting as (select * from newest where fits and place <= ${MOST[how]})`;
  return rowsOf(db, wish, { candidates, query, how });
}

/** So many of the newest are asked how common the words are. */
const SAMPLE = 400;
/** A walk over so many takes as long as reading the papers in the index of words, at a hundred thousand papers. */
const WALKED = 20_000;

/**
 * The newest papers that hold these words. Common words are met often on a walk back by day; of others the index of
 * words knows who holds them, so that these few are read and sorted. Left to itself Postgres takes words for independent
 * of each other, which those of one phrase are not, and reads tens of thousands of papers to sort them.
 */
async function newestWith(
  db: Db,
  wish: SearchWish,
  query: string,
  most: number,
): Promise<RawBuilder<unknown>> {
  const walk = sql`
    select paper_id, first_seen_on, words from paper_words where ${within(wish)}
    order by first_seen_on desc, paper_id desc`;
  const held = await sql<{ papers: number }>`
    select count(*)::int as papers from (${walk} limit ${SAMPLE}) newest
    where words @@ ${query}::tsquery`.execute(db);
  const share = (held.rows[0]?.papers ?? 0) / SAMPLE;
  if (share * WALKED >= most)
    // offset 0: the walk stays one
    return sql`
      select * from (${walk} offset 0) newest where words @@ ${query}::tsquery
      order by first_seen_on desc, paper_id desc limit ${most}`;
  // + 0: this order is not that of the index, so nothing is walked
  return sql`
    select paper_id, first_seen_on, words from paper_words
    where words @@ ${query}::tsquery and ${within(wish)}
    order by first_seen_on + 0 desc, paper_id desc limit ${most}`;
}

const PHRASE = /<(?:-|\d+)>/;
/** Lexemes are letters, digits and joints between them, so no sign of an operator stands in one. */
const loosen = (query: string) => `(${query.replace(new RegExp(PHRASE, 'g'), '&')})`;

async function readWords(db: Db, words: string): Promise<Reading> {
  const read = await sql<Reading>`
    select query::text as query, querytree(query) as indexable
    from websearch_to_tsquery('english', plain_words(${words})) query`.execute(db);
  const { query = '', indexable = '' } = read.rows[0] ?? {};
  return { query: query === '' ? '' : `(${query})`, indexable };
}

function tagsOf({ sourceId, category }: SearchWish): string[] {
  const tags: string[] = [];
  if (sourceId !== undefined) tags.push(`source:${sourceId}`);
  if (category !== undefined) tags.push(`cat:${category.toLowerCase()}`);
  return tags.map((tag) => `'${tag.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`);
}

function within({ from, until, newestId }: SearchWish): RawBuilder<unknown> {
  const since = from ? sql`first_seen_on >= ${from}` : sql`true`;
  const known = newestId ? sql`paper_id <= ${newestId}` : sql`true`;
  return sql`${since} and ${until ? sql`first_seen_on <= ${until}` : sql`true`} and ${known}`;
}

/** Words of the title weigh ten times those of the abstract; long abstracts gain nothing by being long. */
function rank(query: string): RawBuilder<unknown> {
  return sql`ts_rank('{0.1, 0.1, 0.5, 1}', words, ${query}::tsquery, 1)`;
}

const HEADLINE = `StartSel=${MARK_START}, StopSel=${MARK_END}`;
const IN_TITLE = `${HEADLINE}, HighlightAll=true`;
const IN_ABSTRACT = `${HEADLINE}, MaxFragments=2, MinWords=20, MaxWords=40, FragmentDelimiter=" … "`;

/** A row of a part beside what is said of all; one without a place where nothing is in the part. */
type PartRow = {
  readonly candidates: number;
  readonly fitting: number;
  readonly rest: number;
  readonly newestId: PaperId | null;
} & Omit<SearchPosition, 'paperId'> & { readonly place: PaperId | null } & (
    | { readonly paperId: null }
    | FoundPaper
  );

async function rowsOf(
  db: Db,
  { limit, skip = 0, after, newestId }: SearchWish,
  parts: {
    readonly candidates: RawBuilder<unknown>;
    readonly query: string;
    readonly how: keyof typeof MOST;
  },
): Promise<SearchResult> {
  const { candidates, query, how } = parts;
  const marked = (text: RawBuilder<unknown>, options: string) =>
    query === ''
      ? sql`left(${text}, 300)`
      : sql`ts_headline('english', ${text}, ${query}::tsquery, ${options})`;
  const rest = after
    ? sql`(rank, first_seen_on, paper_id) < (${after.rank}::real, ${after.firstSeenOn}, ${after.paperId})`
    : sql`true`;
  const found = await sql<PartRow>`
    with ${candidates},
    part as (
      select * from fitting where ${rest}
      order by rank desc, first_seen_on desc, paper_id desc limit ${limit} offset ${skip})
    select counts.*, part.rank, part.paper_id as place, paper.id as "paperId", ${marked(sql`text.title`, IN_TITLE)} as title,
      ${marked(sql`coalesce(text.abstract, '')`, IN_ABSTRACT)} as excerpt, text.text_kind as "textKind",
      text.authors, text.categories, part.first_seen_on as "firstSeenOn"
    from (select (select count(*)::int from newest) as candidates, (select count(*)::int from fitting) as fitting,
      (select count(*)::int from fitting where ${rest}) - ${skip}::int as rest,
      ${newestId ? sql`${newestId}::bigint` : sql`(select max(paper_id) from paper_words)`} as "newestId") counts
    left join part on true
    left join paper on paper.id = part.paper_id and paper.merged_into is null
    left join paper_text text on text.id = paper.text_id
    order by part.rank desc, part.first_seen_on desc, part.paper_id desc`.execute(db);
  const [first] = found.rows;
  const last = found.rows.at(-1);
  const { candidates: all = 0, fitting = 0, rest: left = 0 } = first ?? {};
  return {
    kind: 'found',
    papers: found.rows.flatMap((row) => (row.paperId === null ? [] : [row])),
    total: fitting,
    ...(all > MOST[how] && { part: how }),
    ...(last && last.place !== null && left > limit && { next: positionOf(last, last.place) }),
    ...(first?.newestId && { newestId: first.newestId }),
  };
}

const positionOf = ({ rank, firstSeenOn }: PartRow, paperId: PaperId): SearchPosition => ({
  ...{ rank, firstSeenOn },
  paperId,
});
