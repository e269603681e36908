import type { Bench } from './bench.ts';
import { plannedEdition, settleAll } from './claim.bench.ts';
import { settle } from './copy-merge.ts';
import { unsend } from './mail-data.ts';
import { benchStore } from './postgres.ts';

/** The last tenth of an edition beside its first: claims must not slow down while settled rows pile up. */
export const bench: Bench = {
  name: 'claim-flat',
  unit: 'deliveries',
  sizes: [100_000],
  quickSizes: [10_000],
  namedSizes: [1_000_000],
  runs: 3,
  coldFrom: 1_000_000,
  bars: [
    {
      id: '11',
      text: 'the last tenth at >= 0.9x the rate of the first',
      kind: 'bar',
      holds: (ratio) => ratio >= 0.9,
    },
  ],
  async setUp(size) {
    const store = await benchStore();
    const editionId = await plannedEdition(store, size);
    let done = 0;
    let first = 0;
    let last = 0;
    return {
      async reset() {
        // What was just planned is due already; a million rows written once more are no table fresh from a plan.
        await (done === 0 ? settle(store) : unsend(store));
      },
      async ours() {
        const start = performance.now();
        let at = start;
        done = await settleAll(store, editionId, (settled) => {
          const now = performance.now();
          if (settled <= size * 0.1) first = now - start;
          if (settled <= size * 0.9) at = now;
          last = now - at;
        });
        return { figure: last / (size / 10) };
      },
      limit: () => ({ figure: first / (size / 10) }),
      check() {
        if (done !== size) throw new Error(`${done} of ${size} were settled`);
      },
      tearDown: () => store.close(),
    };
  },
};
