import { idOf } from '@paperboy/core';
import { expect, test } from 'vitest';
import { foundLine } from './preview-lines.ts';

test('a paper that a query finds is told in readable words, a line for each reason', () => {
  const title = String.raw`$\gamma$-MoD in $O(n^2)$`;
  const reasons = ['“γ-MoD”: in the title', 'related words: “depths”'];
  expect(foundLine({ paperId: idOf('paper', '7'), title, strength: 1, reasons })).toBe(
    '    7  γ-MoD in O(n²)\n       “γ-MoD”: in the title\n       related words: “depths”',
  );
});
