import type { Bar, Bench } from './bench.ts';
import { type Mailing, openMailing } from './mailing.ts';
import { type Sent, sendFromChild } from './sending-child.ts';

/** A figure of delivering an edition, beside the same of a smaller one. */
export function growthBench(
  name: string,
  figureOf: (sent: Sent) => number,
  smaller: (size: number) => number,
  ...bars: readonly Omit<Bar, 'kind'>[]
): Bench {
  return {
    name,
    unit: 'runs',
    sizes: [100_000],
    quickSizes: [2_000],
    namedSizes: [1_000_000],
    runs: 1,
    coldFrom: 1_000_000,
    bars: bars.map((bar) => ({ ...bar, kind: 'bar' })),
    async setUp(size) {
      const large = await openMailing(size);
      // Made when the large one is sent: each is sent right after its plan, with what autovacuum has to do then.
      let small: Mailing | undefined;
      return {
        async reset() {
          // What was just planned has nothing to reset, and a million rows written once more are no table fresh from a plan.
          if (small) await Promise.all([large.reset(), small.reset()]);
        },
        ours: () => sent(large),
        async limit() {
          small ??= await openMailing(smaller(size));
          return sent(small);
        },
        check() {},
        async tearDown() {
          await large.close();
          await small?.close();
        },
      };

      async function sent(mailing: Mailing) {
        const url = mailing.store.pool.options.connectionString ?? '';
        const done = await sendFromChild(url, mailing.sink.url, mailing.dkim.key);
        await mailing.check(await mailing.sink.report());
        const { accepted, ms, rssMiB } = done;
        const seconds = (ms / 1_000).toFixed(1);
        console.error(`  ${accepted} messages in ${seconds} s, ${Math.round(rssMiB)} MiB at most`);
        return { figure: figureOf(done) };
      }
    },
  };
}
