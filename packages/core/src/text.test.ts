import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { cleanText, shorten, stripControls, textOrAbsent, urlsIn } from './text.ts';

test('cleaned text is one line without controls, bidi marks or half characters', () => {
  expect(cleanText(' A\u00a0title\n  that\u202ewraps\u0000 ')).toBe('A title thatwraps');
  expect(cleanText('half \ud800 character')).toBe('half \ufffd character');
  const holds = fc.property(anyText(), (text) => {
    const clean = cleanText(text);
    expect(cleanText(clean)).toBe(clean);
    expect(clean).not.toMatch(/[\n\r\t]|^\s|\s$|\p{Cc}/u);
    expect(clean.isWellFormed()).toBe(true);
  });
  fc.assert(holds);
});

test('line ends survive where only controls are stripped', () => {
  expect(stripControls('a\r\nb\tc\u0007')).toBe('a\r\nb\tc');
});

test('a text without a letter is no text', () => {
  expect(textOrAbsent('--------')).toBeUndefined();
  expect(textOrAbsent(null)).toBeUndefined();
  expect(textOrAbsent(' x ')).toBe('x');
});

test('addresses end before the punctuation of the sentence', () => {
  const text =
    'Code (https://example.org/a_(b)) and https://example.org/c. Also http://example.net/d, end';
  expect(urlsIn(text)).toEqual([
    'https://example.org/a_(b)',
    'https://example.org/c',
    'http://example.net/d',
  ]);
});

test('shortening keeps whole words and the bound', () => {
  expect(shorten('A short text', 40)).toBe('A short text');
  expect(shorten('Linear attention, made fast again', 20)).toBe('Linear attention…');
  // Nor is a cut behind a word that announces another.
  expect(shorten('language model, with hallucination', 22)).toBe('language model…');
  expect(shorten('state spaces in and of themselves', 22)).toBe('state spaces…');
  expect(shorten('or of the and in with the rest', 8)).toBe('or…');
  const holds = fc.property(
    fc.string({ unit: 'grapheme' }),
    fc.integer({ min: 2, max: 50 }),
    (text, max) => {
      expect(shorten(text, max).length).toBeLessThanOrEqual(max);
    },
  );
  fc.assert(holds);
});
