import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEntities } from './decode-entities.ts';

/** As it stands in an attribute, and what it says. */
const token = fc.constantFrom(
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&#39;', "'"],
  ['&#x10FFFF;', '\u{10ffff}'],
  ['&#0000065;', 'A'],
  ['&amp;quot;', '&quot;'],
  ['a', 'a'],
  ['ł', 'ł'],
  ['& ', '& '],
);

test('an attribute of any length is decoded once, wherever its pieces end', () => {
  const holds = fc.property(
    fc.array(token, { minLength: 1, maxLength: 30 }),
    fc.nat({ max: 40 }),
    (tokens, lead) => {
      const times = Math.ceil(40_000 / tokens.length);
      const spelled = (side: 0 | 1) => tokens.map((pair) => pair[side]).join('');
      const text = (side: 0 | 1) => 'x'.repeat(lead) + spelled(side).repeat(times);
      expect(decodeEntities(text(0)) === text(1)).toBe(true);
    },
  );
  fc.assert(holds, { numRuns: 30 });
});

test.each(['&eacute;', '&quot', '&#12345678;', '&#x80;', '&#0;'])(
  'what a full parser has to answer is left to it, wherever it stands: %s',
  (other) => {
    for (let lead = 16_360; lead < 16_400; lead++)
      expect(decodeEntities(`${'x'.repeat(lead)}${other} and on`)).toBeUndefined();
  },
);
