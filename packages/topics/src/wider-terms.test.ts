import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { historyOf, someHistory } from '../test/scored-history.ts';
import { requireQuery } from './query-parser.ts';
import { tokenize } from './tokens.ts';
import { widerTerms } from './wider-terms.ts';

const history = someHistory();
const wider = (query: string, past = history) => widerTerms(requireQuery(query), past);

test('there are the words that papers with those of the query have in common, as written', () => {
  const { related } = wider('"robot gripper hands"');
  expect(related).toEqual(['Grasping', 'clutter', 'sensing', 'tactile']);
});

test('what all papers say, numbers and halves of hyphenated words are not offered', () => {
  const all = Array.from({ length: 60 }, (_, index) => ({
    title: `Subject ${index % 2 ? 'alpha' : 'omega'}`,
    abstract:
      index % 10 ? 'Large tasks of their own.' : 'Zeppelins: large multi-modal 256 airships.',
  }));
  expect(wider('zeppelin', historyOf(all)).related).toEqual(['airships', 'multi-modal']);
  expect(wider('zeppelin OR multimodal', historyOf(all)).related).toEqual(['airships']);
});

test('what four papers have in common is chance', () => {
  const some = (papers: number) =>
    historyOf(
      Array.from({ length: 40 }, (_, index) => ({
        title: index < papers ? 'Zeppelins in airship docks' : `Words of ${index}`,
      })),
    );
  expect(wider('zeppelin', some(4)).related).toEqual([]);
  expect(wider('zeppelin', some(5)).related.length).toBeGreaterThan(0);
});

test('acronyms are told that are typed, or whose rare words are the query’s', () => {
  const sae = { acronym: 'SAE', longForm: 'sparse autoencoder' };
  expect(wider('autoencoder').acronyms).toEqual([sae]);
  expect(wider('SAE').acronyms).toEqual([sae]);
  const models = historyOf([
    ...Array.from({ length: 30 }, () => ({ title: 'Models', abstract: 'A model (of models).' })),
    ...Array.from({ length: 5 }, () => ({ title: 'Large language models (LLMs)' })),
    { title: 'State space models (SSMs)' },
  ]);
  // Seen in a single paper, it is no part of a score, but worth a try.
  expect(wider('"state space model duality"', models).acronyms).toEqual([
    { acronym: 'SSM', longForm: 'state space models' },
  ]);
});

test('nothing is offered where no paper has its words', () => {
  expect(wider('xylophone')).toEqual({ acronyms: [], related: [], papers: 0 });
});

test('whatever is offered stands in a paper and is not asked for already', () => {
  fc.assert(
    fc.property(anyQuery(), fc.array(anyPaper(), { maxLength: 12 }), (query, papers) => {
      const { related, acronyms } = widerTerms(query, historyOf(papers));
      expect(Math.max(related.length, acronyms.length)).toBeLessThanOrEqual(5);
      const texts = papers.map(({ title, abstract }) =>
        `${title}\n${abstract ?? ''}`.replace(/\s+/g, ' '),
      );
      const asked = new Set(
        [...query.terms, ...query.must].flatMap(({ text }) =>
          tokenize(text).map(({ stem }) => stem),
        ),
      );
      for (const word of related) {
        expect(texts.some((text) => text.includes(word))).toBe(true);
        expect(tokenize(word).every(({ stem }) => !asked.has(stem))).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});
