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
  {
    id: 'million',
    text: 'a million digests in <= 10 minutes, 0.6 ms each',
    size: 1_000_000,
    mostMs: 0.6,
  },
);
