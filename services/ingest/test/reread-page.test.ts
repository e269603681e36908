import { gzipSync } from 'node:zlib';
import type { Entry, Listing, ListingPageId } from '@paperboy/core';
import { inTransaction, previewTransaction } from '@paperboy/store';
import { describe, expect, test } from 'vitest';
import { rereadPage, TopicMatcher } from '../src/index.ts';
import { contents, entry, listing, record } from './support.ts';
import { useBench } from './use-bench.ts';

const bench = useBench({ isRenewed: true });

/** A page as the old reader took it: its stored bytes say more than was recorded. */
async function recordedAs(old: Listing | Unread, bytes: string) {
  const page = await record(bench, old);
  await bench.store.pool.query('update listing_page set body = $2, body_bytes = $3 where id = $1', [
    page.id,
    gzipSync(bytes),
    Buffer.byteLength(bytes),
  ]);
  return page;
}

type Unread = Exclude<Parameters<typeof record>[1], Listing>;
const UNREADABLE: Unread = { kind: 'unreadable', reason: 'no-entries', detail: 'nothing found' };

/** What the plain-text reader reads of these entries. */
const page = (day: string, entries: readonly Entry[]) =>
  `${day}\n\n${entries.map(({ title, abstract }) => `${title}\n\n${abstract}`).join('\n\n')}\n`;
const papers = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => entry(`${name} paper of number ${index}`));

const reread = (id: ListingPageId) =>
  inTransaction(bench.store.db, (tx) => rereadPage(tx, id, { maxBytes: 1_000_000 }));
const rows = async (sql: string, ...values: unknown[]) =>
  (await bench.store.pool.query(sql, values)).rows;
const pageRow = async (id: ListingPageId) =>
  (await rows('select * from listing_page where id = $1', id))[0];

describe('entries that the old reader missed', () => {
  test('become appearances of that page and day, and only those never seen are new', async () => {
    const all = papers('Missed', 6);
    const old = await recordedAs(listing(2, all.slice(0, 3)), page('Mar 2', all));
    // The next day shows two that were missed the day before, and one of them is shown only there.
    const next = await record(bench, listing(3, all.slice(3, 5)));
    const before = await pageRow(next.id);

    expect(await reread(old.id)).toMatchObject({ new: 1, recurring: 2, worded: 0 });
    expect(await pageRow(old.id)).toMatchObject({
      verdict: 'new-batch',
      new_count: 4,
      recurring_count: 2,
      entry_count: 6,
      appearance_count: 6,
    });
    expect(await pageRow(next.id)).toEqual(before);
    const seen = await rows(
      `select p.first_page_id, p.first_seen_on, count(*)::int as pages from appearance a join paper p on p.id = a.paper_id
       group by p.id order by p.id`,
    );
    expect(seen.map((row) => row.first_page_id)).toEqual([
      ...[old.id, old.id, old.id],
      ...[next.id, next.id],
      old.id,
    ]);
    expect(seen.map((row) => row.pages)).toEqual([1, 1, 1, 2, 2, 1]);
    expect(seen.at(-1)?.first_seen_on).toBe('2026-03-02');
  });

  test('a second time nothing is written', async () => {
    const all = papers('Again', 5);
    const old = await recordedAs(listing(2, all.slice(0, 2)), page('Mar 2', all));
    await reread(old.id);
    const [stored, row] = [await contents(bench), await pageRow(old.id)];
    expect(await reread(old.id)).toMatchObject({ new: 0, recurring: 0, worded: 0 });
    expect(await contents(bench)).toBe(stored);
    expect(await pageRow(old.id)).toEqual(row);
  });

  test('a preview leaves everything as it was', async () => {
    const all = papers('Looked at', 4);
    const old = await recordedAs(listing(2, all.slice(0, 2)), page('Mar 2', all));
    const stored = await contents(bench);
    const found = await previewTransaction(bench.store.db, (tx) =>
      rereadPage(tx, old.id, { maxBytes: 1_000_000 }),
    );
    expect(found).toMatchObject({ new: 2 });
    expect(await contents(bench)).toBe(stored);
  });

  test('the page keeps its number among the ready ones, so that nothing is told twice', async () => {
    const all = papers('Ready', 4);
    const old = await recordedAs(listing(2, all.slice(0, 2)), page('Mar 2', all));
    const matcher = new TopicMatcher(bench.store.db);
    await matcher.matchPage(old.id);
    const { ready_no } = (await pageRow(old.id)) ?? {};
    await reread(old.id);
    await matcher.matchPage(old.id);
    expect((await pageRow(old.id))?.ready_no).toBe(ready_no);
  });
});

describe('wordings', () => {
  const short = entry('A work of few words', {
    abstract: 'Only its first sentence was read then.',
  });
  const whole = { ...short, abstract: 'Only its first sentence was read then. The second is new.' };
  const filler = entry('Another work beside it');
  const shown = async () =>
    (
      await rows(`select t.abstract from paper p join paper_text t on t.id = p.text_id
        join paper_key k on k.paper_id = p.id where k.key = 'title:aworkoffewwords'`)
    )[0]?.abstract;

  test('that a page showed are bettered by it, once', async () => {
    const old = await recordedAs(listing(2, [short]), page('Mar 2', [whole]));
    expect(await reread(old.id)).toMatchObject({ new: 0, recurring: 0, worded: 1 });
    expect(await shown()).toBe(whole.abstract);
    const stored = await contents(bench);
    expect(await reread(old.id)).toMatchObject({ worded: 0 });
    expect(await contents(bench)).toBe(stored);
  });

  test('that a later page brought stay in force', async () => {
    const old = await recordedAs(listing(2, [short]), page('Mar 2', [whole]));
    const later = {
      ...short,
      abstract: 'Only its first sentence was read then, as its authors say.',
    };
    await record(bench, listing(3, [later, filler]));
    expect(await reread(old.id)).toMatchObject({ worded: 0 });
    expect(await shown()).toBe(later.abstract);
  });
});

describe('a page that could not be read', () => {
  test('is recorded when it can, judged by the pages before it', async () => {
    const all = papers('Broken', 9);
    await record(bench, listing(2, all.slice(0, 3)));
    const broken = await recordedAs(UNREADABLE, page('Mar 3', all.slice(2, 6)));
    expect(broken.verdict).toBe('broken');
    const later = await record(bench, listing(4, all.slice(5)));
    const before = await pageRow(later.id);

    const found = await reread(broken.id);
    expect(found).toMatchObject({ before: 'broken', verdict: 'new-batch', new: 2, recurring: 2 });
    expect(await pageRow(broken.id)).toMatchObject({
      listed_on: '2026-03-03',
      appearance_count: 4,
    });
    expect(await pageRow(later.id)).toEqual(before);
    const stored = await contents(bench);
    expect(await reread(broken.id)).toMatchObject({ new: 0, recurring: 0, verdict: 'new-batch' });
    expect(await contents(bench)).toBe(stored);
  });

  test('stays as it was while it cannot, and so does one that can no longer be read', async () => {
    const broken = await recordedAs(UNREADABLE, '');
    const [row, stored] = [await pageRow(broken.id), await contents(bench)];
    await reread(broken.id);
    expect(await pageRow(broken.id)).toEqual(row);
    const good = await recordedAs(listing(5, papers('Good', 3)), '\0\0\0');
    const goodRow = await pageRow(good.id);
    expect(await reread(good.id)).toMatchObject({ verdict: 'new-batch', new: 0, worded: 0 });
    expect(await pageRow(good.id)).toEqual(goodRow);
    expect(await contents(bench)).not.toBe(stored);
  });
});
