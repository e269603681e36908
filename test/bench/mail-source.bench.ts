import type { Bench } from './bench.ts';
import { sourceBench } from './smtp-source.ts';

export const bench: Bench = sourceBench('mail-source', '20kB', [
  {
    id: '7',
    text: 'signed delivery of 20 kB with marks >= 0.18x smtp-source',
    kind: 'bar',
    holds: (ratio) => ratio >= 0.18,
  },
  { id: '7', text: 'the same >= 0.35x', kind: 'moonshot', holds: (ratio) => ratio >= 0.35 },
]);
