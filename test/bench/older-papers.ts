import type { Store } from '@paperboy/store';

/** Lets ids of papers, texts and pages begin behind these many, which older ones take later. */
export async function leaveIdsFree(
  { pool }: Store,
  { papers, pages }: { readonly papers: number; readonly pages: number },
): Promise<void> {
  for (const [table, last] of [
    ['paper', papers],
    ['paper_text', papers],
    ['listing_page', pages],
  ] as const)
    await pool.query(
      `select setval(pg_get_serial_sequence($1, 'id'), greatest($2::bigint, 1), $2 > 0)`,
      [table, last],
    );
}

/** What was recorded, to be there again in earlier times. */
interface Repeated {
  /** How many papers and pages were recorded, with ids in a row. */
  readonly papers: number;
  readonly pages: number;
  readonly times: number;
  /** How many days they took. */
  readonly days: number;
}

/**
 * Puts recorded papers into the days before, as other papers with the same words: rows are copied within the database,
 * so that nothing is read, cut into words or checked against what is known once more.
 */
export async function repeatAsOlder({ pool }: Store, repeated: Repeated): Promise<void> {
  const { papers, pages, times, days } = repeated;
  const { rows } = await pool.query<{ indexdef: string }>(
    "select indexdef from pg_indexes where indexname = 'paper_words_by_word'",
  );
  // To build an index costs less than to add to it row by row.
  await pool.query('drop index paper_words_by_word');
  const from = (table: string) => `from ${table} old, generate_series(1, ${times}) k`;
  const [paper, text, page, seenOn] = [
    `old.paper_id - k * ${papers}`,
    `old.text_id - k * ${papers}`,
    `k * ${pages}`,
    `k * ${days}`,
  ];
  // One transaction, in which papers and their texts name each other.
  await pool.query(`
    insert into listing_page overriding system value
    select (jsonb_populate_record(old, jsonb_build_object(
      'id', old.id - ${page}, 'ready_no', old.ready_no - ${page}, 'seen_at', old.seen_at - ${seenOn} * interval '1 day',
      'content_hash', sha256((old.id || ' ' || k)::bytea), 'batch_page_id', null, 'previous_batch_page_id', null))).*
    ${from('listing_page')};
    insert into paper (id, first_seen_on, first_page_id, text_id) overriding system value
    select old.id - k * ${papers}, old.first_seen_on - ${seenOn}, old.first_page_id - ${page}, ${text} ${from('paper')};
    insert into paper_text (id, paper_id, source_id, text_kind, fingerprint, title, abstract, authors, categories, links, seen_on)
      overriding system value
    select old.id - k * ${papers}, ${paper}, old.source_id, old.text_kind, md5(old.fingerprint::text || k)::uuid,
      old.title || ' ' || k, old.abstract, old.authors, old.categories, old.links, old.seen_on - ${seenOn}
    ${from('paper_text')};
    insert into paper_key (key, paper_id) select old.key || '.' || k, ${paper} ${from('paper_key')};
    insert into appearance (paper_id, listing_page_id, text_id, seen_on, position, section, upvotes)
    select ${paper}, old.listing_page_id - ${page}, ${text}, old.seen_on - ${seenOn}, old.position, old.section, old.upvotes
    ${from('appearance')};
    insert into paper_words (paper_id, text_id, fingerprint, first_seen_on, tags, words)
    select ${paper}, ${text}, md5(old.fingerprint::text || k)::uuid, old.first_seen_on - ${seenOn}, old.tags, old.words
    ${from('paper_words')}`);
  await pool.query(rows[0]?.indexdef ?? '');
}
