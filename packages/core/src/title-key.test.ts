import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keysOf } from './identity.ts';
import { titleKey } from './title-key.ts';

describe('titles that are one title have one key', () => {
  test.each([
    ['$γ-$MoD: Mixture', 'γ-MoD:\n  Mixture'],
    ['T\\"ULU 3', 'TÜLU 3'],
    ["Pawe{\\l} and Fr\\'ed\\'eric", 'Paweł and Frédéric'],
    ['D\\k{a}browski', 'Dąbrowski'],
    ['$\\text{Transformer}^2$', 'Transformer^2'],
    ['\\underline{V}alue matters', 'Value matters'],
    ['A study -- in depth', 'A Study — in Depth'],
    ['nabla^2DFT', '$\\nabla^2$DFT'],
    ['LLMtimesMapReduce', 'LLM$\\times$MapReduce'],
    ['\\textit{Deep} nets', 'Deep Nets'],
  ])('%s is %s', (one, other) => expect(titleKey(one)).toBe(titleKey(other)));

  test.each([
    ['γ-MoD', '$\\gamma$-MoD'],
    ['Hyper$Z\\cdot Z$', 'HyperZcdotZ'],
    ['LLM×MapReduce', 'LLM$\\times$MapReduce'],
    ['{\\bf Deep} nets', 'Deep nets'],
    ['\\textsc{Bench}Mark', 'BenchMark'],
    ['Transformer$^2$', 'Transformer²'],
    ['\\text{Deep} $\\mathbf{x}$ nets', 'Deep x nets'],
    ['STRASSE', 'Straße'],
    ['ΟΔΟΣ', 'οδος'],
  ])('%s is %s too', (one, other) => expect(titleKey(one)).toBe(titleKey(other)));

  const WORDS = ['Flow', 'matching', 'γ-MoD', 'Łukasz', 'TÜLU', '2D', 'LLM×X', 'für', 'x²', '注意'];
  const anyTitle = () => fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 9 });
  const respelled = () =>
    fc.record({
      between: fc.constantFrom(' ', '\n  ', ' -- ', ' — ', '-', '\u00a0', ': '),
      each: fc.constantFrom(
        (word: string) => word,
        (word: string) => word.toUpperCase(),
        (word: string) => `\\textbf{${word}}`,
        (word: string) => `\\emph {${word}}`,
        (word: string) => `{\\it ${word}}`,
        (word: string) => word.normalize('NFD'),
        (word: string) => word.replace('Ü', '\\"U').replace('ü', '\\"{u}').replace('Ł', '{\\L}'),
        (word: string) => word.replace('γ', '$\\gamma$').replace('×', '$\\times$'),
        (word: string) => word.replace('²', '$^2$'),
      ),
    });

  test('wrapping, case, dashes and TeX never change a key', () => {
    fc.assert(
      fc.property(anyTitle(), respelled(), (words, { between, each }) => {
        expect(titleKey(words.map(each).join(between))).toBe(titleKey(words.join(' ')));
      }),
    );
  });

  test('the key of a key is that key, and the same for titles in ASCII and others', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (title) => {
        const key = titleKey(title.replaceAll('\\', ''));
        expect(titleKey(key)).toBe(key);
        expect(titleKey(`é${title.replaceAll('\\', '')}`)).toBe(`é${key}`);
      }),
    );
  });

  test('an accented letter is another letter', () => {
    expect(titleKey('TULU')).not.toBe(titleKey('TÜLU'));
  });

  test('a title of signs alone still has a name', () => {
    expect(keysOf({ title: '???', ids: {} })).toEqual(['title:???']);
  });

  test('a title of any length has a key that an index can hold', () => {
    const titles = fc.property(fc.string({ maxLength: 20_000, unit: 'grapheme' }), (title) => {
      for (const key of keysOf({ title: `x${title}`, ids: {} }))
        expect(key.length).toBeLessThan(400);
    });
    fc.assert(titles, { numRuns: 50 });
  });
});
