import type { Bench } from './bench.ts';
import { growthBench } from './growing.ts';

export const bench: Bench = growthBench(
  'mail-growth',
  ({ ms, accepted }) => ms / accepted,
  (size) => size / 10,
  {
    id: 'growth',
    text: 'ten times the subscribers take <= 10.5x the time',
    holds: (ratio) => ratio >= 1 / 1.05,
  },
);
