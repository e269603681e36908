import type { Room } from '../support/paperboy-process.ts';
import type { Bench } from './bench.ts';
import { emptyRoom, startBare, startIn } from './starting.ts';

/**
 * The command in an empty folder until its pages answer, the database made, migrated and told of its seeds, beside
 * bare initdb and a server that answers.
 */
export const bench: Bench = {
  name: 'start',
  unit: 'starts',
  sizes: [1],
  quickSizes: [1],
  runs: 3,
  bars: [
    {
      id: 'start',
      text: 'first start <= 4x of bare initdb and start',
      kind: 'bar',
      holds: (ratio) => ratio >= 1 / 4,
    },
  ],
  async setUp() {
    let room: Room | undefined;
    return {
      async ours() {
        room = await emptyRoom();
        return { figure: await startIn(room) };
      },
      limit: async () => ({ figure: await startBare() }),
      check() {
        const left = room?.processes() ?? [];
        room?.remove();
        if (left.length > 0) throw new Error(`left running: ${left.join(', ')}`);
      },
    };
  },
};
