import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ingestPages } from '@paperboy/cli';
import { silentLog } from '@paperboy/runtime';
import type { Bench } from './bench.ts';
import { emptyTables } from './copy-merge.ts';
import { hfItem, papers, type SyntheticPaper } from './data.ts';
import { benchSource, emptyPages, listingOf, pagesOf, recordPages } from './listings.ts';
import { benchStore } from './postgres.ts';

/** Papers of one day's page. */
const DAY = 50;
/** Days in a folder. */
const FOLDER = 25;

/**
 * An archive of saved day pages (API JSON, packed, in nested folders) from files to ready pages, matching without
 * topics included, beside the recording of the same papers from readings in memory, 2,000 a page, as `ingest` does.
 */
export const bench: Bench = {
  name: 'backfill',
  unit: 'papers',
  sizes: [25_000],
  quickSizes: [1_000],
  runs: 3,
  bars: [
    {
      id: '13',
      text: '500 saved day pages >= 0.6x of recording their papers from memory',
      kind: 'bar',
      size: 25_000,
      holds: (ratio) => ratio >= 0.6,
    },
  ],
  async setUp(size) {
    const [mine, limits] = [await benchStore(), await benchStore()];
    await benchSource(mine);
    const source = await benchSource(limits);
    const list = papers(size, 1);
    const folder = mkdtempSync(join(tmpdir(), 'paperboy-archive-'));
    saveDays(folder, list);
    const pages = pagesOf(listingOf(list, { month: 2, day: 5 }));
    let stored = await emptyPages(limits, source, 0);
    return {
      async reset() {
        await emptyTables(mine);
        await emptyTables(limits);
        stored = await emptyPages(limits, source, pages.length);
      },
      async ours() {
        const settings = { fetchMaxBytes: 16 * 2 ** 20, alertAfter: 3 };
        const stopping = new AbortController().signal;
        const shared = { db: mine.db, log: silentLog, stopping, settings };
        await ingestPages(shared, [folder], { source: 'bench', folder }, listener);
        return size;
      },
      async limit() {
        await recordPages(limits, stored, pages);
        return size;
      },
      async check() {
        for (const { pool } of [mine, limits]) {
          const { rows } = await pool.query<{ papers: string; seen: string }>(
            'select (select count(*) from paper) as papers, (select count(*) from appearance) as seen',
          );
          const [found] = rows;
          if (found?.papers !== String(size) || found.seen !== String(size))
            throw new Error(`rows differ: ${JSON.stringify(found)}`);
        }
      },
      async tearDown() {
        await mine.close();
        await limits.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

const listener = {
  start() {},
  end() {},
  failed(thrown: unknown) {
    throw thrown;
  },
};

/** Files as they are kept from one day to the next, a folder for every 25. */
function saveDays(folder: string, list: readonly SyntheticPaper[]): void {
  for (let from = 0; from < list.length; from += DAY) {
    const number = from / DAY;
    const day = new Date(Date.UTC(2024, 0, 1 + number)).toISOString().slice(0, 10);
    const inside = join(folder, String(Math.floor(number / FOLDER)).padStart(3, '0'));
    mkdirSync(inside, { recursive: true });
    const items = list.slice(from, from + DAY).map((paper) => hfItem(paper, day));
    writeFileSync(join(inside, `${day}.json.gz`), gzipSync(JSON.stringify(items)));
  }
}
