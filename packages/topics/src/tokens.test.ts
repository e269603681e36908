import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { type Token, tokenize } from './tokens.ts';

const stems = (text: string) => tokenize(text).map((token) => token.stem);
const surfaces = (text: string) => tokenize(text).map(({ start, end }) => text.slice(start, end));
const parts = (tokens: readonly Token[]) => tokens.filter((token) => token.span === 1);

test('words are compared in lower case, without accents and endings', () => {
  expect(stems('Sparse Autoencoders')).toEqual(stems('sparse autoencoder'));
  expect(stems('Schrödinger')).toEqual(stems('schrodinger'));
  expect(stems('Schro\u0308dinger')).toEqual(stems('Schrödinger'));
  expect(stems('Łukasz Straße Æther')).toEqual(['lukasz', 'strass', 'aether']);
});

test('compatibility forms are the letters they stand for', () => {
  expect(stems('ﬁne 𝐖𝐢𝐝𝐞 Ｆｕｌｌ')).toEqual(stems('fine Wide Full'));
});

test('a hyphenated word gives its parts and its joined form at the place of the first', () => {
  const tokens = tokenize('Sim-to-real transfer');
  expect(tokens.map(({ stem, position, span }) => [stem, position, span])).toEqual([
    ['sim', 0, 1],
    ['to', 1, 1],
    ['real', 2, 1],
    ['simtor', 0, 3],
    ['transfer', 3, 1],
  ]);
  expect(stems('neuro-symbolic')).toContain(stems('neurosymbolic')[0]);
});

test('every dash within a word is a hyphen, two in a row part words', () => {
  for (const dash of ['-', '\u2010', '\u2011', '\u2013', '\u2212'])
    expect(stems(`Kolmogorov${dash}Arnold`)).toEqual(stems('Kolmogorov-Arnold'));
  expect(stems('image--text')).toEqual(['imag', 'text']);
});

test('acronyms are found by their plurals', () => {
  expect(stems('LLMs RNNs SAEs GANs GPUs')).toEqual(stems('LLM RNN SAE GAN GPU'));
  expect(stems('CSS GPS https')).toEqual(['css', 'gps', 'http']);
});

test('short tails are cut at the apostrophe, names are not', () => {
  expect(stems("Parkinson's Parkinson’s don't")).toEqual(['parkinson', 'parkinson', 'don']);
  expect(stems("d'Alembert")).toEqual(['d', 'alembert', 'dalembert']);
});

test.each([
  [String.raw`T\"ULU`, 'TÜLU'],
  [String.raw`T\"{U}LU`, 'TÜLU'],
  [String.raw`Pawe{\l} Erd\H{o}s \v{S}i\'{c}`, 'Paweł Erdős Šić'],
  [String.raw`\textbf{Sparse} \emph{auto}encoder`, 'Sparse autoencoder'],
  [String.raw`$\gamma$-MoD`, 'γ-MoD'],
  ['$γ-$MoD', 'γ-MoD'],
  [String.raw`LLM$\times$MapReduce`, 'LLM×MapReduce'],
  [String.raw`$\text{Transformer}^2$`, 'Transformer²'],
  ['HMD$^2$', 'HMD^2'],
  [String.raw`$\pi_0$`, 'π₀'],
  [String.raw`$\mathcal{O}(n)$`, 'O(n)'],
])('TeX %s reads as %s', (tex, plain) => {
  expect(stems(tex)).toEqual(stems(plain));
});

test('a TeX command that is not known counts as a word, so that nothing typed is lost', () => {
  expect(stems(String.raw`our \modelname works`)).toEqual(['our', 'modelnam', 'work']);
});

test('scripts without blanks give one token per character, other letters form words around them', () => {
  expect(surfaces('用LLM评测大模型')).toEqual(['用', 'LLM', '评', '测', '大', '模', '型']);
  expect(surfaces('Обучение моделей')).toEqual(['Обучение', 'моделей']);
  expect(surfaces('𠮷野')).toEqual(['𠮷', '野']);
});

test('emoji and signs are no words', () => {
  expect(stems('🚀 👩‍🔬 ™ + = … $')).toEqual([]);
  expect(stems('Fast🚀Models')).toEqual(['fast', 'model']);
});

test.each([
  ['C++ and C#', ['c++', 'and', 'c#']],
  ['From C/C++17 to F#.', ['from', 'c', 'c++', '17', 'to', 'f#']],
  [String.raw`Objective-C++, C\#`, ['object', 'c++', 'objectivec++', 'c#']],
  ['.NET (.net), ASP.NET', ['.net', '.net', 'asp', 'net']],
  [
    'PointNet++ k-means++ C+ 1# a## x+++ b#c ..nets',
    'pointnet k mean kmean c 1 a x b c net'.split(' '),
  ],
])('signs count where a language is called by them, and nowhere else: %s', (text, expected) => {
  expect(stems(text)).toEqual(expected);
});

test('offsets point into the text as written', () => {
  const text = String.raw`A \textbf{Sparse} T\"ULU’s “ﬁne” C++`;
  expect(surfaces(text)).toEqual(['A', 'Sparse', String.raw`T\"ULU`, 'ﬁne', 'C++']);
});

const paperText = () =>
  fc.oneof(
    anyText({ maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          ...'a B é ß γ 大 🚀 - – \' ’ " \\ { } $ ^ _ ( \u0301 ² ﬁ \u00ad \\"u \\textbf{ \\gamma \\times \\foo 7 . .net ++ # \n'.split(
            ' ',
          ),
          ' ',
          '\ud800',
        ),
        { maxLength: 60 },
      )
      .map((pieces) => pieces.join('')),
  );

test('tokens of any text are in order, within it and not empty', () => {
  fc.assert(
    fc.property(paperText(), (text) => {
      const tokens = tokenize(text, 5);
      parts(tokens).forEach((token, index) => {
        expect(token.position).toBe(5 + index);
        expect(token.stem).not.toBe('');
        expect(token.start).toBeLessThan(token.end);
        expect(token.end).toBeLessThanOrEqual(text.length);
      });
      const starts = parts(tokens).map((token) => token.start);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});

test('case does not change what a text is compared by', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 80 }), (text) => {
      fc.pre(!text.includes('\\'));
      expect(stems(text.toUpperCase())).toEqual(stems(text.toLowerCase()));
    }),
  );
});

test('a text without end of hyphens, marks, braces or backslashes is read as well', () => {
  for (const piece of ['a-', 'a\u0301', '\u0301', '{', '\\', '\\textbf{', "a'", '大', '$', '🚀']) {
    expect(tokenize(piece.repeat(50_000)).length).toBeLessThanOrEqual(100_001);
  }
});
