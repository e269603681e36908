import { recordReading } from '@paperboy/ingest';
import type { Store } from '@paperboy/store';
import type { Bench } from './bench.ts';
import { emptyTables, settle } from './copy-merge.ts';
import { paperSeries, randomFrom, type SyntheticPaper, take } from './data.ts';
import { benchSource, emptyPage, listingOf } from './listings.ts';
import { benchStore } from './postgres.ts';

const SMALL = 10_000;
/** Papers on one page, half of them known. */
const PAGE = 100;
const LOAD = 10_000;
/** Known papers to draw pages from, and new ones. */
const KNOWN = 10_000;
const FRESH = 10_000;

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
  const series = paperSeries(3);
  const known: SyntheticPaper[] = [];
  for (let at = 0; at < size; at += LOAD) {
    const slice = take(series, Math.min(LOAD, size - at));
    const facts = await emptyPage(store, source);
    await recordReading(store.db, facts, listingOf(slice, dayOf(at / LOAD)));
    // Known papers from all over the table, not only the freshest.
    const step = Math.max(1, Math.floor(size / KNOWN));
    known.push(...slice.filter((_, index) => index % step === 0));
  }
  await store.pool.query('vacuum analyze');
  await settle(store);
  return { store, source, known: shuffled(known), fresh: take(series, FRESH), recorded: 0 };
}

/** The same order on every run, and no neighbours of the table side by side. */
function shuffled(list: readonly SyntheticPaper[]): SyntheticPaper[] {
  const random = randomFrom(7);
  return list
    .map((paper) => ({ paper, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ paper }) => paper);
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
