import { recordReading } from '@paperboy/ingest';
import type { Store } from '@paperboy/store';
import type { Bench } from './bench.ts';
import { emptyTables, settle } from './copy-merge.ts';
import { papers, type SyntheticPaper } from './data.ts';
import { benchSource, emptyPage, listingOf } from './listings.ts';
import { benchStore } from './postgres.ts';

const SMALL = 10_000;
/** Papers on one page, half of them known. */
const PAGE = 100;
const LOAD = 20_000;

/** One page of 100 (50 new, 50 recurring) beside the same page while only 10k papers are stored. */
export const bench: Bench = {
  name: 'growth',
  unit: 'pages',
  sizes: [100_000],
  quickSizes: [20_000],
  namedSizes: [1_000_000],
  runs: 120,
  bars: [
    {
      id: '3',
      text: 'a page of 100: p50 <= 1.25x of 10k papers',
      kind: 'bar',
      holds: (ratio) => ratio >= 1 / 1.25,
    },
    {
      id: '3',
      text: 'a page of 100: p99 <= 1.5x of 10k papers',
      kind: 'bar',
      of: 'p99',
      holds: (ratio) => ratio >= 1 / 1.5,
    },
  ],
  async setUp(size) {
    const large = await stored(size);
    const small = await stored(SMALL);
    let run = 0;
    return {
      ours: () => recordNext(large, run++),
      limit: () => recordNext(small, run),
      check() {
        if (large.recorded === 0 || small.recorded === 0) throw new Error('no page was recorded');
      },
      async tearDown() {
        await large.store.close();
        await small.store.close();
      },
    };
  },
};

interface Loaded {
  readonly store: Store;
  readonly source: Awaited<ReturnType<typeof benchSource>>;
  readonly known: readonly SyntheticPaper[];
  readonly fresh: readonly SyntheticPaper[];
  recorded: number;
}

async function stored(size: number): Promise<Loaded> {
  const store = await benchStore();
  const source = await benchSource(store);
  await emptyTables(store);
  const all = papers(size + 40_000, 3);
  for (let at = 0; at < size; at += LOAD) {
    const slice = all.slice(at, Math.min(at + LOAD, size));
    await recordReading(
      store.db,
      await emptyPage(store, source),
      listingOf(slice, dayOf(at / LOAD)),
    );
  }
  await store.pool.query('vacuum analyze');
  await settle(store);
  // Known papers from all over the table, not only the freshest.
  const known = Array.from({ length: 10_000 }, (_, index) => all[(index * 7_919) % size]).filter(
    (paper) => paper !== undefined,
  );
  return { store, source, known, fresh: all.slice(size), recorded: 0 };
}

async function recordNext(loaded: Loaded, run: number): Promise<number> {
  const half = PAGE / 2;
  const at = (run * half) % 9_000;
  const page = [
    ...loaded.known.slice(at, at + half),
    ...loaded.fresh.slice(run * half, (run + 1) * half),
  ];
  const facts = await emptyPage(loaded.store, loaded.source);
  await recordReading(loaded.store.db, facts, listingOf(page, dayOf(run + 60)));
  loaded.recorded++;
  return 1;
}

const dayOf = (number: number) => ({
  month: 1 + (Math.floor(number / 28) % 12),
  day: 1 + (Math.floor(number) % 28),
});
