import type { Bench } from './bench.ts';
import { emptyRoom, startBare, startIn } from './starting.ts';

/** The command in the folder that it left, until its pages answer; what is promised is a time. */
export const bench: Bench = {
  name: 'start-again',
  unit: 'starts',
  sizes: [1],
  quickSizes: [1],
  runs: 3,
  bars: [{ id: 'start', text: 'second start <= 1.5 s', kind: 'bar', mostMs: 1_500 }],
  async setUp() {
    const room = await emptyRoom();
    await startIn(room);
    return {
      ours: async () => ({ figure: await startIn(room) }),
      limit: async () => ({ figure: await startBare() }),
      check() {
        if (room.processes().length > 0) throw new Error('something is left running');
      },
      tearDown: () => room.remove(),
    };
  },
};
