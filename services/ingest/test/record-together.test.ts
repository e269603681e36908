import { gunzipSync, gzipSync } from 'node:zlib';
import type { Entry, PageReading, SourceId } from '@paperboy/core';
import { storePage } from '@paperboy/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capturePages, type ReadPage, recordReading, recordReadings } from '../src/index.ts';
import { addSourceNamed, type Bench, entry, listing, openBench } from './support.ts';

let alone: Bench;
let grouped: Bench;
beforeAll(async () => {
  [alone, grouped] = await Promise.all([openBench(), openBench()]);
});
afterAll(() => Promise.all([alone.close(), grouped.close()]));

let stored = 0;

/** Stores empty pages for readings, under the same hashes in every database that is given as many. */
async function toRecord(
  { store }: Bench,
  sourceId: SourceId,
  readings: readonly PageReading[],
  from = stored,
): Promise<ReadPage[]> {
  const pages: ReadPage[] = [];
  for (const [index, reading] of readings.entries()) {
    const contentHash = Buffer.alloc(32);
    contentHash.writeUInt32BE(from + index);
    const seenAt = new Date(Date.UTC(2026, 2, 20, index));
    const page = { sourceId, contentHash, body: Buffer.alloc(0), bodyBytes: 0, seenAt };
    const { listingPageId } = await storePage(store.db, page);
    pages.push({ facts: { listingPageId, sourceId, seenAt }, reading });
  }
  stored = Math.max(stored, from + readings.length);
  return pages;
}

/** Numbers below `below`, the same for one seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
}

/** A work as a list words it on some day: it may be renamed, reworded, named by another id or none, or only summed up. */
function worded(name: string, work: number, next: (below: number) => number): Entry {
  const title = next(8) === 0 ? `${name} work ${work} by another name` : `${name} work ${work}`;
  const arxiv = `2603.${String(work).padStart(5, '0')}`;
  const ids = {
    ...(next(3) > 0 && { arxiv }),
    ...(next(6) === 0 && { doi: `10.1000/${name}.${work}` }),
  };
  const abstract = [
    `What ${name} ${work} is about, told in a sentence of its own.`,
    `What ${name} ${work} is about, told in a sentence of its own and one word more.`,
    `What ${name} ${work} is about; see https://example.org/${next(2)}/of for all that is told of it.`,
    `Nothing that the others say: bees find flowers by scent.`,
  ][next(10) < 7 ? 0 : next(4)];
  return entry(next(15) === 0 ? `${name} work 1` : title, {
    ids,
    ...(abstract !== undefined && next(9) > 0 && { abstract }),
    textKind: next(12) === 0 ? 'summary' : 'abstract',
    upvotes: next(30),
  });
}

/** Days of a source that lists works again, grows, repeats itself, cannot be read and contradicts itself. */
function series(name: string, seed: number): PageReading[] {
  const next = chance(seed);
  let entries: Entry[] = [];
  return Array.from({ length: 16 }, (_, index) => {
    const kind = next(8);
    if (kind === 0) return { kind: 'unreadable', reason: 'no-entries', detail: 'no list' };
    const added = Array.from({ length: 1 + next(5) }, () => worded(name, next(24), next));
    if (kind === 1) entries = [...entries, ...added];
    else if (kind > 2) entries = added;
    const shape = seed % 3 === 0 ? 'window' : 'batch';
    const day = 1 + (kind < 3 ? Math.max(index - 1, 0) : index);
    return listing(day, entries, { shape, ...(next(9) === 0 && { claimed: 50 }) });
  });
}

/**
 * Pages that depend on those before them by stored papers alone: a day that grows and shows its votes again, and a
 * paper that is renamed under its id and then listed by its first title.
 */
function steady(): PageReading[] {
  const work = (number: number, more: Partial<Entry> = {}) => {
    const ids = { arxiv: `2604.0000${number}` };
    return entry(`Steady work ${number} under its first title`, { ids, upvotes: 1, ...more });
  };
  const first = [1, 2, 3, 4, 5].map((number) => work(number));
  return [
    listing(20, first),
    listing(21, first.slice(0, 3)),
    listing(21, first.slice(0, 4)),
    listing(
      21,
      [4, 3, 2, 1].map((number) => work(number, { upvotes: 9 })),
    ),
    listing(22, [work(5, { title: 'A steady work under its second title' }), entry('Filler')]),
    listing(23, [work(5, { ids: {}, abstract: 'Told anew.' }), entry('More of that day')]),
  ];
}

/** Records the same pages one by one, and in groups of these sizes. */
async function recordBoth(
  name: string,
  readings: readonly PageReading[],
  sizes: readonly number[],
): Promise<void> {
  const from = stored;
  const one = await toRecord(alone, await addSourceNamed(alone, name, 50), readings, from);
  for (const { facts, reading } of one) await recordReading(alone.store.db, facts, reading);
  const pages = await toRecord(grouped, await addSourceNamed(grouped, name, 50), readings, from);
  let at = 0;
  for (const size of sizes) {
    await recordReadings(grouped.store.db, pages.slice(at, at + size));
    at += size;
  }
  expect(at).toBeGreaterThanOrEqual(pages.length);
}

/** All that recording leaves, in words instead of numbers. */
async function written({ store }: Bench): Promise<string[]> {
  const page = (id: string) =>
    `(select encode(p.content_hash, 'hex') from listing_page p where p.id = ${id})`;
  const paper = (id: string) =>
    `(select string_agg(k.key, ' ' order by k.key) from paper_key k where k.paper_id = ${id})`;
  const text = (id: string) =>
    `(select concat_ws('|', t.source_id, t.text_kind, t.title, t.abstract, t.fingerprint) from paper_text t where t.id = ${id})`;
  const rows = [
    `select 'paper', ${paper('x.id')}, first_seen_on, ${page('x.first_page_id')}, ${text('x.text_id')} from paper x`,
    `select 'text', ${paper('x.paper_id')}, ${text('x.id')}, seen_on, replaced_at is null from paper_text x`,
    `select 'seen', ${paper('x.paper_id')}, ${page('x.listing_page_id')}, ${text('x.text_id')}, seen_on, position,
      section, upvotes from appearance x`,
    `select 'revision', ${paper('x.paper_id')}, ${page('x.listing_page_id')}, ${text('x.from_text_id')},
      ${text('x.to_text_id')}, changed from revision x`,
    `select 'title', ${paper('x.paper_id')}, ${paper('x.other_paper_id')} from same_title x`,
    `select 'entry', ${paper('x.paper_id')}, ${paper('x.other_paper_id')}, ${page('x.listing_page_id')}
      from shared_entry x`,
    `select 'page', encode(content_hash, 'hex'), verdict, note, listed_on, entry_count, new_count, recurring_count,
      repeated_count, revised_count, appearance_count, abstract_count, claimed_count, shape, coverage,
      ${page('x.batch_page_id')}, ${page('x.previous_batch_page_id')}, read_at is null from listing_page x`,
    `select 'source', source_id, outcome, note, entries, claimed, judged_at, since, last_good_at, batch_at,
      trouble_since, trouble_count, alert from source_health`,
  ];
  const found = await Promise.all(
    rows.map((row) => store.pool.query({ text: row, rowMode: 'array' })),
  );
  return found.flatMap((result) => result.rows.map((row) => JSON.stringify(row))).sort();
}

describe('pages that are recorded together', () => {
  test('leave what they leave one by one, whatever they list', async () => {
    await recordBoth('steady', steady(), [1, 5]);
    for (const seed of [1, 2, 3]) {
      const sizes = chance(seed);
      await recordBoth(
        `seed-${seed}`,
        series(`Seed${seed}`, seed),
        Array.from({ length: 16 }, () => 1 + sizes(9)),
      );
    }
    expect(await written(grouped)).toEqual(await written(alone));
    const { rows } = await alone.store.pool.query('select distinct verdict from listing_page');
    const verdicts = rows.map(({ verdict }) => verdict);
    // The series are worth comparing.
    expect(verdicts).toEqual(
      expect.arrayContaining(['new-batch', 'unchanged', 'grew', 'cut', 'broken']),
    );
  });

  test('are recorded once by two at a time, each whole', async () => {
    const source = await addSourceNamed(grouped, 'raced', 50);
    const readings = [1, 2, 3, 4].map((day) =>
      listing(day, [entry(`Raced on day ${day}`), entry('Raced on every day')]),
    );
    const pages = await toRecord(grouped, source, readings);
    const { db } = grouped.store;
    const [one, two] = await Promise.all([
      recordReadings(db, pages),
      recordReadings(db, [...pages.slice(2), ...pages.slice(2)]),
    ]);
    const results = [...one.values(), ...two.values()];
    expect(results).toHaveLength(4);
    expect(results.reduce((sum, page) => sum + (page.new ?? 0), 0)).toBe(5);
    expect((await recordReadings(db, pages)).size).toBe(0);
  });

  test('are none where one fails, and those of several sources are no group', async () => {
    const before = await written(grouped);
    const source = await addSourceNamed(grouped, 'failing', 50);
    const days = [
      listing(1, [entry('Sound')]),
      // No text of Postgres holds it, and readers let none through.
      listing(2, [entry('Two\0in one'), entry('More')]),
    ];
    const pages = await toRecord(grouped, source, days);
    const { db } = grouped.store;
    await expect(recordReadings(db, pages)).rejects.toThrow('0x00');
    const after = await written(grouped);
    expect(after.filter((row) => !before.includes(row) && !row.startsWith('["page"'))).toEqual([]);
    const [first] = pages;
    const other = await toRecord(grouped, grouped.source, [listing(3, [entry('Elsewhere')])]);
    await expect(recordReadings(db, [...(first ? [first] : []), ...other])).rejects.toThrow(
      'sources',
    );
  });
});

test('saved pages are kept with what they came in, the same bytes once, and those that were read are known', async () => {
  const { store, source } = grouped;
  const seenAt = new Date('2026-03-20T08:00:00Z');
  const [one, two] = [Buffer.from('one page '.repeat(40)), Buffer.from('another')];
  const packed = gzipSync(one, { level: 9 });
  const pages = [
    { bytes: one, packed, seenAt },
    { bytes: two, seenAt },
    { bytes: one, seenAt },
  ];
  const kept = await capturePages(store.db, source, pages);
  expect(kept.map(({ fresh }) => fresh)).toEqual([true, true, false]);
  expect(kept[2]?.listingPageId).toBe(kept[0]?.listingPageId);
  const { rows } = await store.pool.query(
    'select body from listing_page where id = any($1) order by id',
    [kept.slice(0, 2).map(({ listingPageId }) => listingPageId)],
  );
  expect(packed.equals(rows[0].body)).toBe(true);
  expect(gunzipSync(rows[1].body).equals(two)).toBe(true);
  const [page] = kept;
  if (!page) throw new Error('no page');
  const facts = { listingPageId: page.listingPageId, sourceId: source, seenAt };
  await recordReading(store.db, facts, listing(5, [entry('Kept as it came')]));
  const again = await capturePages(store.db, source, pages);
  expect(again.map(({ fresh, isRead }) => [fresh, isRead])).toEqual([
    [false, true],
    [false, false],
    [false, true],
  ]);
});
