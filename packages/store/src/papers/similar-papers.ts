import type { ListedOn, PaperId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A paper that shares words with another which few papers have. */
export interface SimilarPaper {
  readonly paperId: PaperId;
  readonly title: string;
  readonly firstSeenOn: ListedOn;
}

/** A word in more papers than these, or in more than a tenth of all, says nothing of what two of them share. */
const RARE = 200;
const TENTH = 10;
/** Words of one paper that are looked up, those of its title first. */
const MOST_WORDS = 40;
/** Rows read in all: the words of the title first, and the others as far as that reaches. */
const MOST_ROWS = 1_000;
/** Words that two papers have to share: one alone may be chance. */
const SHARED = 2;

/** What Postgres knows of the words changes with its own counts alone, so that it is not asked for each paper. */
const KEPT_MS = 10 * 60_000;
/** Of fewer papers it knows too little to be kept. */
const LEAST_KEPT = 1_000;

/** How many papers there are, and the words that say nothing. */
interface WordFacts {
  readonly papers: number;
  readonly common: readonly string[];
}

const kept = new WeakMap<Db, { readonly at: number; readonly facts: WordFacts }>();

/**
 * Papers that share the most rare words with one, best first; a word weighs the more the fewer papers have it, and
 * twice where it stands in the title. Words that Postgres counts among the common ones are not looked up at all, so the
 * cost is bounded by `MOST_ROWS` however many papers there are. Empty until its words are gathered.
 */
export async function similarPapers(
  db: Db,
  id: PaperId,
  { limit }: { readonly limit: number },
): Promise<SimilarPaper[]> {
  const { papers, common } = await wordFacts(db);
  const mostHolders = Math.min(RARE - 1, Math.max(2, papers / TENTH));
  const found = await sql<SimilarPaper>`
    with own as materialized (
      select lexeme, 'A' = any(weights) as in_title
      from paper_words, unnest(words)
      -- tags have no weights, and numbers are no subject; who wrote it is told beside it
      where paper_id = ${id} and weights && array['A', 'D'] and lexeme ~ '[[:alpha:]]{3}'
        and lexeme <> all(${common}::text[])
      order by in_title desc, cardinality(positions) desc, length(lexeme) desc limit ${sql.lit(MOST_WORDS)}),
    held as materialized (
      select own.lexeme, own.in_title, holder.paper_id
      from own cross join lateral (
        select paper_id from paper_words where words @@ quote_literal(own.lexeme)::tsquery
        limit ${sql.lit(RARE)}) holder
      limit ${sql.lit(MOST_ROWS)}),
    rare as (
      select lexeme, (1 + in_title::int) * ln(${papers}::float8 / count(*)) as weight
      from held group by lexeme, in_title
      having count(*) between 2 and ${mostHolders}::float8),
    best as (
      select held.paper_id, sum(weight) as weight
      from held join rare using (lexeme)
      where held.paper_id <> ${id}
      group by held.paper_id having count(*) >= ${sql.lit(SHARED)}
      order by weight desc, held.paper_id desc limit ${limit})
    select best.paper_id as "paperId", text.title, paper.first_seen_on as "firstSeenOn"
    from best join paper on paper.id = best.paper_id and paper.merged_into is null
    join paper_text text on text.id = paper.text_id
    order by best.weight desc, best.paper_id desc`.execute(db);
  return found.rows;
}

/** Asked once in a while: to plan and read it took most of a look-up's time. */
async function wordFacts(db: Db): Promise<WordFacts> {
  const known = kept.get(db);
  if (known && performance.now() - known.at < KEPT_MS) return known.facts;
  const found = await sql<WordFacts>`
    with size as materialized (
      -- a table that was never counted is a small one
      select greatest(reltuples, (select count(*) from (select from paper_words limit 1000) few))::float8 as papers
      from pg_class where oid = 'paper_words'::regclass)
    select papers, array(
      select word from pg_stats,
        unnest(most_common_elems::text::text[], most_common_elem_freqs) as listed (word, share)
      where tablename = 'paper_words' and attname = 'words' and schemaname = current_schema()
        and share * papers > ${sql.lit(RARE)}
        -- behind the shares of the words stand the least and the greatest of all, of no word
        and word is not null) as common
    from size`.execute(db);
  const facts = found.rows[0] ?? { papers: 0, common: [] };
  if (facts.papers > LEAST_KEPT) kept.set(db, { at: performance.now(), facts });
  return facts;
}
