import { once } from 'node:events';
import type { KeyedEntry, ListingPageId, SourceId } from '@paperboy/core';
import type { Store } from '@paperboy/store';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/**
 * The limit of ingest: all rows by COPY into a temporary table, then one merge into the same tables with
 * the same guards. It is given keys and fingerprints, and takes every paper to be new or unchanged.
 */
export async function copyAndMerge(
  { pool }: Store,
  page: { listingPageId: ListingPageId; sourceId: SourceId },
  entries: readonly KeyedEntry[],
): Promise<void> {
  // A connection of its own: COPY cannot share one on which statements wait for no answers.
  const client = new pg.Client({ connectionString: pool.options.connectionString });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`create temp table incoming (id_key text, title_key text, fingerprint uuid, title text,
      abstract text, authors text[], links jsonb, position int, upvotes int) on commit drop`);
    const stream = client.query(copyFrom('copy incoming from stdin'));
    for (let at = 0; at < entries.length; at += 500) {
      const rows = entries
        .slice(at, at + 500)
        .map(copyRow)
        .join('');
      if (!stream.write(rows)) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'finish');
    await client.query(`create temp table fresh on commit drop as
      select i.*, nextval('paper_id_seq') as paper_id, nextval('paper_text_id_seq') as text_id
      from incoming i left join paper_key k on k.key = i.id_key where k.key is null`);
    await client.query(`insert into paper (id, first_seen_on, first_page_id, text_id) overriding system value
      select paper_id, '2026-02-05', ${page.listingPageId}, text_id from fresh`);
    await client.query(`insert into paper_text (id, paper_id, source_id, text_kind, fingerprint, title, abstract, authors,
        links, seen_on) overriding system value
      select text_id, paper_id, ${page.sourceId}, 'abstract', fingerprint, title, abstract, authors, links, '2026-02-05' from fresh`);
    await client.query(`insert into paper_key (key, paper_id)
      select key, paper_id from fresh, unnest(array[id_key, title_key]) key`);
    await client.query(`insert into appearance (paper_id, listing_page_id, text_id, seen_on, position, section, upvotes)
      select k.paper_id, ${page.listingPageId}, t.id, '2026-02-05', i.position, 'none', i.upvotes
      from incoming i join paper_key k on k.key = i.id_key
      join paper_text t on t.paper_id = k.paper_id and t.source_id = ${page.sourceId} and t.replaced_at is null
        and t.text_kind = 'abstract'
      where t.fingerprint = i.fingerprint`);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

function copyRow(entry: KeyedEntry): string {
  const authors = `{${(entry.authors ?? []).map((name) => JSON.stringify(name)).join(',')}}`;
  const [idKey, titleKey] = entry.keys;
  const { fingerprint, title, abstract, links, position, upvotes } = entry;
  return `${[idKey, titleKey, fingerprint, title, abstract, authors, JSON.stringify(links), position, upvotes].map(copyText).join('\t')}\n`;
}

/** A value in COPY's text format. */
function copyText(value: string | number | undefined): string {
  if (value === undefined) return '\\N';
  return String(value).replace(
    /[\\\t\n\r]/g,
    (sign) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[sign] ?? '',
  );
}

/** What an ingest left, independent of ids: equal on both sides when both did the same work. */
export async function ingestChecksum({ pool }: Store): Promise<string> {
  const { rows } = await pool.query<{ sum: string }>(`
    select count(*) || ' ' || coalesce(sum(hashtextextended(k.key || t.title || t.abstract || t.fingerprint::text
      || array_to_string(t.authors, ',') || a.position || coalesce(a.upvotes, 0), 0)), 0) as sum
    from appearance a join paper p on p.id = a.paper_id join paper_text t on t.id = a.text_id
    join paper_key k on k.paper_id = p.id`);
  return rows[0]?.sum ?? '';
}

/** Empties everything but the source. */
export async function emptyTables({ pool }: Store): Promise<void> {
  await pool.query(
    'truncate paper, paper_text, paper_key, appearance, revision, same_title, match, listing_page, "fetch", edition_paper cascade',
  );
  await settle({ pool });
}

/** Lets neither side pay for the other's writes, and does what autovacuum has done by the next day. */
export async function settle({ pool }: Pick<Store, 'pool'>): Promise<void> {
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');
}
