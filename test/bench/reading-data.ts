import { recordReading } from '@paperboy/ingest';
import { gatherWords, type Store } from '@paperboy/store';
import { emptyTables, settle } from './copy-merge.ts';
import { paperSeries, take } from './data.ts';
import { benchSource, emptyPage, listingOf } from './listings.ts';

const LOAD = 2_000;

/** So many papers, two thousand a page and a page a day, with their words, as a reader of the web finds them. */
export async function loadReading(store: Store, papers: number): Promise<void> {
  const source = await benchSource(store);
  await emptyTables(store);
  const series = paperSeries(5);
  for (let at = 0; at < papers; at += LOAD) {
    const facts = await emptyPage(store, source);
    const number = at / LOAD;
    const day = { month: 1 + (Math.floor(number / 28) % 12), day: 1 + (number % 28) };
    await recordReading(store.db, facts, listingOf(take(series, Math.min(LOAD, papers - at)), day));
  }
  await store.pool.query('update listing_page set ready_no = id');
  const worded = await gatherWords(store.db);
  if (worded !== papers) throw new Error(`${worded} of ${papers} papers have words`);
  await store.pool.query('vacuum analyze');
  await settle(store);
}
