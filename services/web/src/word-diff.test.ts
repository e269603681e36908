import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffWords } from './word-diff.ts';

test('a changed word is told as gone and added between what stayed', () => {
  expect(diffWords('a small model wins', 'a tiny model wins')).toEqual([
    { kind: 'same', text: 'a' },
    { kind: 'gone', text: 'small' },
    { kind: 'added', text: 'tiny' },
    { kind: 'same', text: 'model wins' },
  ]);
});

test('either side can be empty', () => {
  expect(diffWords('', 'new text')).toEqual([{ kind: 'added', text: 'new text' }]);
  expect(diffWords('old text', '')).toEqual([{ kind: 'gone', text: 'old text' }]);
  expect(diffWords('', '')).toEqual([]);
});

test('very long texts are shown whole, one after the other', () => {
  const long = 'word '.repeat(2_000).trim();
  expect(diffWords(long, 'short')).toEqual([
    { kind: 'gone', text: long },
    { kind: 'added', text: 'short' },
  ]);
});

const texts = fc.array(fc.constantFrom('a', 'b', 'c', '<i>', '&'), { maxLength: 30 });

test('the kept and gone words give the earlier text again, the kept and added ones the later', () => {
  const holds = fc.property(texts, texts, (from, to) => {
    const parts = diffWords(from.join(' '), to.join(' '));
    const without = (kind: string) =>
      parts
        .filter((part) => part.kind !== kind)
        .map(({ text }) => text)
        .join(' ');
    expect(without('added')).toBe(from.join(' '));
    expect(without('gone')).toBe(to.join(' '));
  });
  fc.assert(holds);
});

test('a text compared with itself stays one part', () => {
  const holds = fc.property(texts, (words) => {
    const text = words.join(' ');
    expect(diffWords(text, text)).toEqual(text === '' ? [] : [{ kind: 'same', text }]);
  });
  fc.assert(holds);
});
