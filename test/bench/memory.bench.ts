import type { Bench } from './bench.ts';
import { openMailing } from './mailing.ts';
import { type Sent, sendFromChild } from './sending-child.ts';

/** Most that the sender may hold. */
const MOST_MIB = 180;

/** The most memory that a process holds which delivers an edition, beside what it may hold. */
export const bench: Bench = {
  name: 'memory',
  unit: 'runs',
  sizes: [10_000],
  quickSizes: [1_000],
  namedSizes: [100_000, 1_000_000],
  runs: 3,
  bars: [
    {
      id: 'memory',
      text: `the sender holds <= ${MOST_MIB} MiB`,
      kind: 'bar',
      holds: (ratio) => ratio >= 1,
    },
  ],
  async setUp(size) {
    const mailing = await openMailing(size);
    const url = mailing.store.pool.options.connectionString ?? '';
    let sent: Sent | undefined;
    return {
      reset: () => mailing.reset(),
      async ours() {
        sent = await sendFromChild(url, mailing.sink.url, mailing.dkim.key);
        return { figure: sent.rssMiB };
      },
      limit: () => ({ figure: MOST_MIB }),
      async check() {
        if (sent?.accepted !== size) throw new Error(`${sent?.accepted} of ${size} were sent`);
        await mailing.check(await mailing.sink.report());
      },
      tearDown: () => mailing.close(),
    };
  },
};
