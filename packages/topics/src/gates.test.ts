import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper, anyPhrase, anyQuery } from '../test/arbitraries.ts';
import { matchQuery } from '../test/match-query.ts';
import { unitOf } from './compile.ts';
import type { PaperText } from './paper-tokens.ts';
import { requireQuery } from './query-parser.ts';
import { tokenize } from './tokens.ts';

const match = (query: string, paper: PaperText) => matchQuery(requireQuery(query), paper);
const matches = (query: string, title: string, abstract?: string) =>
  match(query, abstract === undefined ? { title } : { title, abstract }) !== undefined;

test('a phrase stands in a row, in any form of its words', () => {
  expect(matches('"sparse autoencoder"', 'Training Sparse Autoencoders')).toBe(true);
  expect(matches('"sparse autoencoder"', 'Sparse and deep autoencoders')).toBe(false);
  expect(matches('"autoencoder sparse"', 'Training sparse autoencoders')).toBe(false);
});

test('a phrase never reaches from the title into the abstract', () => {
  expect(matches('"sparse autoencoder"', 'Learning to be sparse', 'Autoencoder models')).toBe(
    false,
  );
});

test.each([
  ['neuro-symbolic', 'Neurosymbolic reasoning'],
  ['neuro-symbolic', 'Neuro symbolic reasoning'],
  ['neurosymbolic', 'Neuro-symbolic reasoning'],
  ['symbolic', 'Neuro-symbolic reasoning'],
  ['sim-to-real transfer', 'Simtoreal transfer for legged robots'],
  ['simtoreal transfer', 'Sim-to-real transfer for legged robots'],
  ['"real transfer"', 'Sim-to-real transfer for legged robots'],
  ['zero-shot sim-to-real', 'Zeroshot sim-to-real transfer'],
  ['大语言模型', '用于科学的大语言模型综述'],
  ['T\\"ULU', 'TÜLU 3'],
  ['tulu', 'T\\"ULU 3'],
  ['γ-MoD', '$\\gamma$-MoD: mixture of depths'],
])('%s finds "%s"', (query, title) => {
  expect(matches(query, title)).toBe(true);
});

test.each([
  ['语大', '大语言模型'],
  ['real-to-sim', 'Sim-to-real transfer'],
  ['neuro', 'Neurosymbolic reasoning'],
  ['LSTM', 'Long short-term memory'],
])('%s does not find "%s"', (query, title) => {
  expect(matches(query, title)).toBe(false);
});

test('one alternative is enough, all required terms have to be there', () => {
  expect(matches('vision OR speech', 'Speech synthesis')).toBe(true);
  expect(matches('vision OR speech', 'Text synthesis')).toBe(false);
  expect(matches('+vision +speech', 'Vision and speech')).toBe(true);
  expect(matches('+vision +speech', 'Vision and text')).toBe(false);
  expect(matches('synthesis OR recognition +speech', 'Text synthesis')).toBe(false);
  expect(matches('synthesis OR recognition +speech', 'Speech models')).toBe(false);
  expect(matches('synthesis OR recognition +speech', 'Speech recognition')).toBe(true);
});

test('an exclusion beats everything, a title match and required terms included', () => {
  expect(matches('diffusion -medical', 'Diffusion models', 'for medical images')).toBe(false);
  expect(matches('+diffusion -image', 'Diffusion for images')).toBe(false);
  expect(matches('diffusion -title:image', 'Diffusion models', 'for images')).toBe(true);
  expect(matches('diffusion -"image editing"', 'Diffusion for image generation')).toBe(true);
});

test('a title term looks at the title alone', () => {
  expect(matches('title:diffusion', 'Diffusion models')).toBe(true);
  expect(matches('title:diffusion', 'Score models', 'We study diffusion.')).toBe(false);
});

test.each([
  ['cat:cs.CL', true],
  ['cat:CS.cl', true],
  ['cat:cs', true],
  ['cat:c', false],
  ['cat:cs.LG', false],
  ['cat:cs.LG cat:cs.CL', true],
  ['-cat:cs.CL', false],
  ['cat:cs -cat:cs.LG', true],
  ['source:"daily papers"', true],
  ['source:arxiv', false],
  ['cat:cs.CL source:arxiv', false],
  ['-source:arxiv', true],
])('a paper of cs.CL in Daily Papers passes %s: %s', (condition, passes) => {
  const paper = { title: 'Diffusion', categories: ['cs.CL'], sources: ['Daily Papers'] };
  expect(match(`diffusion ${condition}`, paper) !== undefined).toBe(passes);
});

test('a paper without categories is in none', () => {
  expect(match('diffusion cat:cs.CL', { title: 'Diffusion' })).toBeUndefined();
  expect(match('diffusion -cat:cs.CL', { title: 'Diffusion' })).toBeDefined();
});

test('reasons quote each place as written, strongest first', () => {
  const title = 'On T\\"ULU and sparse auto-encoders';
  const abstract = 'TÜLU, Sparse\nautoencoders; sparse autoencoder.';
  expect(match('tulu OR "sparse autoencoder"', { title, abstract })).toEqual([
    {
      kind: 'phrase',
      typed: 'sparse autoencoder',
      quotes: [
        { field: 'title', start: 14, end: 34, text: 'sparse auto-encoders' },
        { field: 'abstract', start: 6, end: 25, text: 'Sparse\nautoencoders' },
        { field: 'abstract', start: 27, end: 45, text: 'sparse autoencoder' },
      ],
      inTitle: 1,
      inAbstract: 2,
    },
    {
      kind: 'phrase',
      typed: 'tulu',
      quotes: [
        { field: 'title', start: 3, end: 9, text: 'T\\"ULU' },
        { field: 'abstract', start: 0, end: 4, text: 'TÜLU' },
      ],
      inTitle: 1,
      inAbstract: 1,
    },
  ]);
});

test('every reason can be checked: its quotes stand in the text and read as what was typed', () => {
  let quotes = 0;
  const holds = fc.property(anyQuery(), anyPaper(), (query, paper) => {
    const found = matchQuery(query, paper);
    if (found === undefined) return;
    expect(found.length).toBeGreaterThan(0);
    for (const reason of found) {
      if (reason.kind !== 'phrase') continue;
      expect(reason.quotes).toHaveLength(reason.inTitle + reason.inAbstract);
      for (const quote of reason.quotes) {
        quotes++;
        const field = paper[quote.field] ?? '';
        expect(field.slice(quote.start, quote.end)).toBe(quote.text);
        expect(spellings(quote.text).some((one) => spellings(reason.typed).includes(one))).toBe(
          true,
        );
      }
    }
  });
  fc.assert(holds, { numRuns: 2_000 });
  expect(quotes).toBeGreaterThan(250);
});

const spellings = (text: string) =>
  unitOf(tokenize(text)).spellings.map((stems) => stems.join(' '));

test('no excluded term is in a matched paper, every required one is', () => {
  let matched = 0;
  const holds = fc.property(anyQuery(), anyPaper(), (query, paper) => {
    if (matchQuery(query, paper) === undefined) return;
    matched++;
    const only = (term: (typeof query.must)[number]) => ({
      terms: [term],
      must: [],
      none: [],
      conditions: [],
    });
    for (const term of query.none) expect(matchQuery(only(term), paper)).toBeUndefined();
    for (const term of query.must) expect(matchQuery(only(term), paper)).toBeDefined();
  });
  fc.assert(holds, { numRuns: 2_000 });
  expect(matched).toBeGreaterThan(100);
});

test('a paper matches every phrase that is copied from its own text', () => {
  fc.assert(
    fc.property(anyPhrase(), anyPaper(), (phrase, paper) => {
      fc.pre(!/^(?:the|of|\s)+$/.test(phrase));
      const abstract = `${paper.abstract ?? ''} ${phrase} ${paper.title}`;
      expect(match(`"${phrase}"`, { ...paper, abstract })).toBeDefined();
    }),
  );
});
