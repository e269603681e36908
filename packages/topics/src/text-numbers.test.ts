import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteNumbers, TextNumbers } from './text-numbers.ts';

function asBytes(text: string, start = 0): [Uint8Array, number, number] {
  const bytes = new TextEncoder().encode(text);
  return [bytes, start, bytes.length];
}

test('equal stretches of texts have one number, others another', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('', 'a', 'ab', 'naïve', '自然'),
  );
  const holds = fc.property(fc.array(piece, { maxLength: 300 }), (pieces) => {
    const [numbers, byteNumbers] = [new TextNumbers(), new ByteNumbers()];
    const known = new Map<string, number>();
    const text = pieces.join('\n');
    let start = 0;
    for (const one of pieces) {
      const number = numbers.numberOf(text, start, start + one.length);
      expect(number).toBe(known.get(one) ?? known.size);
      expect(byteNumbers.numberOf(...asBytes(`-${one}`, 1))).toBe(number);
      known.set(one, number);
      start += one.length + 1;
    }
  });
  fc.assert(holds, { numRuns: 100 });
});

test('texts whose hashes are equal are told apart', () => {
  const numbers = new TextNumbers();
  // Equal under 32 bits of FNV-1a.
  const [one, other] = ['costarring', 'liquid'];
  expect(numbers.numberOf(one, 0, one.length)).toBe(0);
  expect(numbers.numberOf(other, 0, other.length)).toBe(1);
  expect(numbers.numberOf(`x${one}`, 1, 1 + one.length)).toBe(0);
  const byteNumbers = new ByteNumbers();
  expect([one, other, one].map((text) => byteNumbers.numberOf(...asBytes(text)))).toEqual([
    0, 1, 0,
  ]);
});
