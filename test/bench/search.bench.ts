import { type SearchWish, searchPapers } from '@paperboy/store';
import type { Bench } from './bench.ts';
import { randomFrom, SUBJECT_PHRASES } from './data.ts';
import { benchStore } from './postgres.ts';
import { loadReading } from './reading-data.ts';

/** The longest that a reader is to wait for the database, milliseconds. */
const PROMISED_MS = 100;

/**
 * Searches for words, phrases, alternatives and exclusions that stand in up to half of all papers, beside the time that
 * a search may take: the limit is that time itself.
 */
export const bench: Bench = {
  name: 'search',
  unit: 'searches',
  sizes: [100_000],
  quickSizes: [10_000],
  runs: 120,
  bars: [
    {
      id: 'search',
      text: 'p99 of a search <= 100 ms',
      kind: 'bar',
      of: 'p99',
      size: 100_000,
      holds: (ratio) => ratio >= 1,
    },
  ],
  async setUp(size) {
    const store = await benchStore();
    await loadReading(store, size);
    const wishes = wishesOf(7);
    let asked = 0;
    let found = 0;
    return {
      async ours() {
        const wish = wishes[asked++ % wishes.length];
        if (!wish) throw new RangeError('nothing to search for');
        const result = await searchPapers(store.db, wish);
        found = result.kind === 'found' ? result.papers.length : 0;
        return 1;
      },
      async limit() {
        const start = performance.now();
        while (performance.now() - start < PROMISED_MS)
          await new Promise((resolve) => setTimeout(resolve, 1));
        return 1;
      },
      check() {
        if (found === 0) throw new Error('a search found nothing');
      },
      tearDown: () => store.close(),
    };
  },
};

/** The same searches on every run, each kind as often as the others. */
function wishesOf(seed: number): SearchWish[] {
  const random = randomFrom(seed);
  const pick = () => SUBJECT_PHRASES[Math.floor(random() * SUBJECT_PHRASES.length)] ?? '';
  const kinds: readonly (() => Pick<SearchWish, 'words' | 'order'>)[] = [
    () => ({ words: pick(), order: 'best' }),
    () => ({ words: pick(), order: 'newest' }),
    () => ({ words: `"${pick()}"`, order: 'best' }),
    () => ({ words: `"${pick()}" or "${pick()}"`, order: 'newest' }),
    () => ({ words: `${pick()} ${pick()}`, order: 'best' }),
    () => ({ words: `${pick()} -streaming`, order: 'best' }),
  ];
  return Array.from({ length: 60 }, (_, index) => {
    const kind = kinds[index % kinds.length];
    if (!kind) throw new RangeError('no such kind');
    return { ...kind(), limit: 20, skip: 0 };
  });
}
