import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparableAbstract, wordOverlap } from './comparable-text.ts';
import { keysOf, type PaperKey, parseKey, sameById, sameByTitle } from './identity.ts';
import { idsIn } from './paper-ids.ts';

describe('the keys of an entry', () => {
  test('an arXiv DOI is the arXiv id, not a second name', () => {
    const ids = idsIn(['https://doi.org/10.48550/arXiv.2401.00001']);
    expect(keysOf({ title: 'A title', ids })).toEqual(['arxiv:2401.00001', 'title:atitle']);
  });

  test('are the same in whatever form its ids were printed', () => {
    const anyForm = fc.record({
      arxiv: fc.constantFrom('2401.00001', 'math/0309136'),
      doi: fc.constantFrom('10.5555/ab.c', '10.1016/s0735-1097(98)00347-7'),
      arxivForm: fc.constantFrom(
        (id: string) => id,
        (id: string) => `arXiv:${id}`,
        (id: string) => `https://arxiv.org/abs/${id}v3`,
        (id: string) => `https://arxiv.org/pdf/${id}v12.pdf`,
        (id: string) => `oai:arXiv.org:${id}`,
        (id: string) => `https://huggingface.co/papers/${id}`,
        (id: string) => `10.48550/arXiv.${id}`,
      ),
      doiForm: fc.constantFrom(
        (doi: string) => doi,
        (doi: string) => doi.toUpperCase(),
        (doi: string) => `doi: ${doi}.`,
        (doi: string) => `https://doi.org/${doi}`,
        (doi: string) => `https://doi.org/${encodeURIComponent(doi)}`,
      ),
    });
    fc.assert(
      fc.property(anyForm, ({ arxiv, doi, arxivForm, doiForm }) => {
        const ids = idsIn([doiForm(doi), arxivForm(arxiv)]);
        const keys = [`arxiv:${arxiv}`, `doi:${doi}`, 'title:atitle'];
        expect(keysOf({ title: 'A title', ids })).toEqual(keys);
        expect(keysOf({ title: 'A  TITLE', ids: { arxiv, doi: doi.toUpperCase() } })).toEqual(keys);
      }),
    );
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

describe('an entry that shares an id with a paper', () => {
  const keys = (...names: string[]) => names as PaperKey[];
  const doi = 'doi:10.5555/x' as PaperKey;

  test('is that paper, unless ids of a stronger kind tell them apart', () => {
    const entry = { keys: keys('arxiv:2401.00002', doi) };
    expect(sameById(entry, doi, { strongKeys: keys(doi) })).toBe(true);
    expect(sameById(entry, doi, { strongKeys: keys('arxiv:2401.00002', doi) })).toBe(true);
    expect(sameById(entry, doi, { strongKeys: keys('arxiv:2401.00001', doi) })).toBe(false);
  });

  test('is that paper whatever weaker ids it brings', () => {
    const arxiv = 'arxiv:2401.00001' as PaperKey;
    const known = { strongKeys: keys(arxiv, 'doi:10.5555/y') };
    expect(sameById({ keys: keys(arxiv, doi) }, arxiv, known)).toBe(true);
  });
});
