import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { cursorOf, readCursor } from './cursor.ts';

const key = z.tuple([z.iso.date(), z.number(), z.string().regex(/^\d+$/)]);

test('a cursor gives back the key it was made of', () => {
  const anyKey = fc.tuple(
    fc.constant('2026-03-11'),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.nat().map(String),
  );
  fc.assert(
    fc.property(anyKey, (one) => {
      const [day, strength, id] = one;
      // JSON knows one zero.
      expect(readCursor(cursorOf(one), key)).toEqual([day, strength + 0, id]);
    }),
  );
  expect(readCursor(undefined, key)).toBeUndefined();
});

test('a cursor that was cut short, changed or made up is refused', () => {
  const cursor = cursorOf(['2026-03-11', 0.5, '7']);
  const wrong = [
    ...Array.from(cursor, (_, end) => cursor.slice(0, end)),
    `${cursor}A`,
    `${cursor}=`,
    ` ${cursor}`,
    cursorOf(['2026-02-30', 0.5, '7']),
    cursorOf(['2026-03-11', 0.5, "7' or true"]),
    cursorOf(['2026-03-11', 0.5]),
    cursorOf(['2026-03-11', 0.5, '7', '8']),
    cursorOf(['2026-03-11', 0.5, '7'.repeat(300)]),
    Buffer.from('{"__proto__":[]}').toString('base64url'),
    'null',
    '\u0000',
    'a'.repeat(100_000),
  ];
  for (const text of wrong) expect(() => readCursor(text, key)).toThrow('query.cursor');
});
