import type { Bench } from './bench.ts';
import { growthBench } from './growing.ts';

export const bench: Bench = growthBench(
  'memory-growth',
  ({ rssMiB }) => rssMiB,
  (size) => Math.min(10_000, size / 2),
  {
    id: 'memory',
    text: 'the sender holds <= 1.15x of what it holds at 10,000',
    holds: (ratio) => ratio >= 1 / 1.15,
  },
);
