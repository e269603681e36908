import { keyed, recordReading } from '@paperboy/ingest';
import type { Bench } from './bench.ts';
import { copyAndMerge, emptyTables, settle } from './copy-merge.ts';
import { papers } from './data.ts';
import { benchSource, emptyPage, emptyPages, listingOf, pagesOf, recordPages } from './listings.ts';
import { benchStore } from './postgres.ts';

/** Records another day's pages that list known papers unchanged: keys and appearances, no texts. */
export const bench: Bench = {
  name: 'ingest-again',
  unit: 'papers',
  sizes: [20_000, 100_000],
  quickSizes: [2_000],
  bars: [
    {
      id: '2',
      text: '100k unchanged papers >= 2x of COPY + merge',
      kind: 'bar',
      size: 100_000,
      holds: (ratio) => ratio >= 2,
    },
    {
      id: '2M',
      text: 'the same >= 4x',
      kind: 'moonshot',
      size: 100_000,
      holds: (ratio) => ratio >= 4,
    },
  ],
  async setUp(size) {
    const [mine, limits] = [await benchStore(), await benchStore()];
    const source = await benchSource(mine);
    await benchSource(limits);
    // One paper more on the first day, and on one page: the same set again would be stale and recorded nowhere.
    const list = papers(size + 1, 1);
    const first = listingOf(list, { month: 2, day: 4 });
    const again = listingOf(list.slice(0, size), { month: 2, day: 5 });
    const pages = pagesOf(again);
    const entries = again.entries.map(keyed);
    for (const store of [mine, limits]) {
      await emptyTables(store);
      await recordReading(store.db, await emptyPage(store, source), first);
      await settle(store);
    }
    let mineStored = await emptyPages(mine, source, 0);
    let limitStored = await emptyPage(limits, source);
    return {
      async reset() {
        for (const { pool } of [mine, limits]) {
          await pool.query(`delete from appearance where seen_on = '2026-02-05'`);
          await pool.query(
            `delete from listing_page where listed_on is distinct from '2026-02-04'`,
          );
          await pool.query('vacuum analyze appearance, listing_page');
          await pool.query('checkpoint');
        }
        mineStored = await emptyPages(mine, source, pages.length);
        limitStored = await emptyPage(limits, source);
      },
      async ours() {
        await recordPages(mine, mineStored, pages);
        return size;
      },
      async limit() {
        await copyAndMerge(limits, limitStored, entries);
        return size;
      },
      async check() {
        for (const { pool } of [mine, limits]) {
          const { rows } = await pool.query<{
            papers: string;
            appearances: string;
            texts: string;
          }>(`
            select (select count(*) from paper) as papers, (select count(*) from paper_text) as texts,
              (select count(*) from appearance where seen_on = '2026-02-05') as appearances`);
          const wanted = {
            papers: String(size + 1),
            texts: String(size + 1),
            appearances: String(size),
          };
          if (JSON.stringify(sorted(rows[0])) !== JSON.stringify(sorted(wanted))) {
            throw new Error(`rows differ: ${JSON.stringify(rows[0])}`);
          }
        }
      },
      async tearDown() {
        await mine.close();
        await limits.close();
      },
    };
  },
};

const sorted = (row: Record<string, string> | undefined) => Object.entries(row ?? {}).sort();
