import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arxivIdIn,
  comparableAbstract,
  doiIn,
  idsIn,
  keysOf,
  openreviewIdIn,
  parseKey,
  sameByTitle,
  titleKey,
  wordOverlap,
} from './identity.ts';

describe('ids are found in every form that pages use', () => {
  test.each([
    ['arXiv:2410.13859', '2410.13859', undefined],
    ['https://arxiv.org/abs/2410.13859v2', '2410.13859', 2],
    ['http://arxiv.org/pdf/2410.13859v12.pdf', '2410.13859', 12],
    ['https://arxiv.org/html/2410.13859v1', '2410.13859', 1],
    ['oai:arXiv.org:2408.00001v1', '2408.00001', 1],
    ['https://huggingface.co/papers/2504.11101', '2504.11101', undefined],
    ['10.48550/arXiv.2401.00001', '2401.00001', undefined],
    ['2401.00001', '2401.00001', undefined],
    ['math.GT/0309136', 'math/0309136', undefined],
    ['https://arxiv.org/abs/chao-dyn/9510015', 'chao-dyn/9510015', undefined],
  ])('%s', (text, id, version) => {
    expect(arxivIdIn(text)).toEqual(version === undefined ? { id } : { id, version });
  });

  test.each(['version 2401.123456', 'in 2024.12345 days', '2401.123456', 'chapter 12.34567'])(
    '%s holds no arXiv id',
    (text) => expect(arxivIdIn(text)).toBeUndefined(),
  );

  test('a DOI loses its case and the punctuation behind it', () => {
    expect(doiIn('https://doi.org/10.1145/ABC.Def).')).toBe('10.1145/abc.def');
    expect(doiIn('doi: 10.1/short')).toBeUndefined();
  });

  test('an OpenReview id keeps its case', () => {
    expect(openreviewIdIn('https://openreview.net/pdf?id=AbC_1-x')).toBe('AbC_1-x');
    expect(openreviewIdIn('https://openreview.net/forum?noteId=1&id=ZzZzZ')).toBe('ZzZzZ');
  });

  test('an arXiv DOI is the arXiv id, not a second name', () => {
    const ids = idsIn(['https://doi.org/10.48550/arXiv.2401.00001']);
    expect(keysOf({ title: 'A title', ids })).toEqual(['arxiv:2401.00001', 'title:atitle']);
  });
});

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

test('a person may type a key, an address or an id', () => {
  expect(parseKey(' arXiv:2410.13859 ')).toBe('arxiv:2410.13859');
  expect(parseKey('https://arxiv.org/abs/2410.13859v3')).toBe('arxiv:2410.13859');
  expect(parseKey('title:mesa')).toBe('title:mesa');
  expect(parseKey('Attention is all you need')).toBeUndefined();
});

describe('comparing texts', () => {
  test('wrapped lines, TeX spelling and link hosts are no difference', () => {
    const one = 'We cut cost by 5\\% -- see https://example.org/docs/x for more.';
    const other = 'We cut cost\n by 5% see https://mirror.example.net/docs/x for more';
    expect(comparableAbstract(other)).toBe(comparableAbstract(one));
  });

  test('another word is a difference', () => {
    expect(comparableAbstract('We cut cost.')).not.toBe(comparableAbstract('We raise cost.'));
  });

  test('overlap is the share of the shorter abstract', () => {
    expect(wordOverlap('a b c d', 'a b x y z w')).toBe(0.5);
    expect(wordOverlap('', 'a')).toBe(0);
  });
});

describe('two entries of one title', () => {
  const entry = (title: string, abstract?: string, ids = {}) => ({
    title,
    keys: keysOf({ title, ids }),
    ...(abstract !== undefined && { abstract }),
  });
  const arxiv = keysOf({ title: 'x', ids: { arxiv: '2401.00001' } }).slice(0, 1);

  test('are one work when an abstract is absent and the title is long enough', () => {
    expect(sameByTitle(entry('A long enough title'), { strongKeys: arxiv })).toBe('same');
    expect(sameByTitle(entry('Imagen 3'), { strongKeys: [] })).toBe('short-title');
  });

  test('are two works when they carry different ids of one kind, even with one abstract', () => {
    const other = entry('Infinity Parser', 'The same words.', { arxiv: '2510.15349' });
    expect(sameByTitle(other, { strongKeys: arxiv, abstract: 'The same words.' })).toBe(
      'different-ids',
    );
  });

  test('are two works when their abstracts disagree', () => {
    const known = { strongKeys: [], abstract: 'Bees find flowers by smell.' };
    expect(sameByTitle(entry('A long enough title', 'We train large models.'), known)).toBe(
      'different-abstract',
    );
  });
});
