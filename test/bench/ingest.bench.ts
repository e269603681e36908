import { keyed } from '@paperboy/ingest';
import type { Bench } from './bench.ts';
import { copyAndMerge, emptyTables, ingestChecksum } from './copy-merge.ts';
import { papers } from './data.ts';
import { benchSource, emptyPage, emptyPages, listingOf, pagesOf, recordPages } from './listings.ts';
import { benchStore } from './postgres.ts';

/** Records pages of papers that are all new, from entries to commit, beside one COPY and one merge of all their rows. */
export const bench: Bench = {
  name: 'ingest',
  unit: 'papers',
  sizes: [20_000, 100_000],
  quickSizes: [2_000],
  bars: [
    {
      id: '1',
      text: '100k new papers >= 0.85x of COPY + merge',
      kind: 'bar',
      size: 100_000,
      holds: (ratio) => ratio >= 0.85,
    },
  ],
  async setUp(size) {
    const [mine, limits] = [await benchStore(), await benchStore()];
    const source = await benchSource(mine);
    await benchSource(limits);
    const reading = listingOf(papers(size, 1), { month: 2, day: 5 });
    const pages = pagesOf(reading);
    const entries = reading.entries.map(keyed);
    let mineStored = await emptyPages(mine, source, 0);
    let limitStored = await emptyPage(limits, source);
    return {
      async reset() {
        await emptyTables(mine);
        await emptyTables(limits);
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
        const [ours, theirs] = [await ingestChecksum(mine), await ingestChecksum(limits)];
        if (ours !== theirs || ours.startsWith('0 '))
          throw new Error(`rows differ: ${ours} and ${theirs}`);
      },
      async tearDown() {
        await mine.close();
        await limits.close();
      },
    };
  },
};
