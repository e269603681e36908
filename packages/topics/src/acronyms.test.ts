import { expect, test } from 'vitest';
import { AcronymIndex, mineAcronyms } from './acronyms.ts';
import { unitOf } from './compile.ts';
import { tokenizePaper } from './paper-tokens.ts';
import { tokenize } from './tokens.ts';

const mine = (...abstracts: string[]) =>
  mineAcronyms(abstracts.map((abstract) => tokenizePaper({ title: 'A title', abstract })));

test.each([
  ['a sparse autoencoder (SAE) finds', 'SAE', 'sparse autoencoder'],
  ['Large Language Models (LLMs) are', 'LLM', 'large language models'],
  ['by chain of thought (CoT) we', 'CoT', 'chain of thought'],
  ['retrieval-augmented generation ( RAG ) is', 'RAG', 'retrieval-augmented generation'],
  [
    'reinforcement learning from human feedback (RLHF)',
    'RLHF',
    'reinforcement learning from human feedback',
  ],
  ['neural radiance fields (NeRF) render', 'NeRF', 'neural radiance fields'],
  ['in long short-term memory (LSTM) cells', 'LSTM', 'long short-term memory'],
])('"%s" defines %s', (text, acronym, longForm) => {
  expect(mine(text, `And ${text}`)).toEqual([{ acronym, longForm }]);
});

test.each([
  ['words that spell something else', 'a sparse network (SAE)'],
  ['a word with letters from within, too few of them initials', 'a transcoder (TCODER)'],
  ['a bracket with no capital', 'see appendix (sa)'],
  ['a sign between', 'sparse autoencoder, (SAE)'],
  ['a number', 'in two (2024)'],
  ['a single letter', 'some quantity (Q)'],
])('%s is no definition', (_, text) => {
  expect(mine(text, text, text)).toEqual([]);
});

test('one paper is not enough, however often it says so', () => {
  expect(mine('a sparse autoencoder (SAE) and a sparse autoencoder (SAE)')).toEqual([]);
});

test('an acronym that stands for many things stands for none', () => {
  const two = ['multi agent planning (MAP)', 'multi agent planning (MAP)'];
  const others = [
    'mean average precision (MAP)',
    'mostly about pears (MAP)',
    'more air please (MAP)',
  ];
  expect(mine(...two)).toHaveLength(1);
  expect(mine(...two, ...others)).toEqual([]);
});

test('a form is found by what was typed, in any of its forms', () => {
  const index = new AcronymIndex([{ acronym: 'LLM', longForm: 'large language models' }]);
  const unit = (text: string) => unitOf(tokenize(text));
  expect(index.longFormsOf(unit('llms'))).toHaveLength(1);
  expect(index.acronymsOf(unit('Large Language Model'))).toHaveLength(1);
  expect(index.acronymsOf(unit('language model'))).toEqual([]);
});

test('brackets without end take time in proportion to the text', () => {
  const text = '(A'.repeat(50_000);
  expect(mine(text, text)).toEqual([]);
});
