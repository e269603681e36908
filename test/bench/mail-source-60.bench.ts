import type { Bench } from './bench.ts';
import { sourceBench } from './smtp-source.ts';

export const bench: Bench = sourceBench('mail-source-60', '60kB', [
  {
    id: '7',
    text: 'signed delivery of 60 kB with marks >= 0.22x smtp-source',
    kind: 'bar',
    holds: (ratio) => ratio >= 0.22,
  },
]);
