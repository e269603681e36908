import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyQuery } from '../test/arbitraries.ts';
import { printQuery } from './print-query.ts';
import { requireQuery } from './query-parser.ts';
import { isTitleOf, queryTitle, titleOfQuery } from './query-title.ts';

test.each([
  ['"sparse autoencoder"', 'sparse autoencoder'],
  ['title:MLP OR "token mixing" OR MLP-Mixer', 'MLP, token mixing or MLP-Mixer'],
  ['"language model" +hallucination', 'language model, with hallucination'],
  ['+vision +speech', 'vision and speech'],
  [
    '"factual recall" OR "knowledge editing" -vision',
    'factual recall or knowledge editing, without vision',
  ],
  [
    'transformer cat:cs.CL cat:cs.LG -source:"Daily Papers"',
    'transformer, in cs.CL or cs.LG, not from Daily Papers',
  ],
  ['diffusion -related:images', 'diffusion'],
  ['语言模型 OR LLM', '语言模型 or LLM'],
  ['"atten\u202etion" OR <b>', 'attention or <b>'],
])('%s is called "%s"', (query, title) => {
  expect(titleOfQuery(query)).toBe(title);
});

test('of many alternatives the first are named, and the others counted', () => {
  const query = Array.from({ length: 40 }, (_, index) => `"subject number ${index}"`).join(' OR ');
  expect(titleOfQuery(query)).toBe(
    'subject number 0, subject number 1, subject number 2 or 37 more',
  );
});

test('what holds the topic back is left out where there is no room for it, never its words', () => {
  const without = Array.from({ length: 9 }, (_, index) => `-"some longer phrase ${index}"`);
  expect(titleOfQuery(`"flow matching" ${without.join(' ')} cat:cs.CV`)).toBe(
    'flow matching, in cs.CV',
  );
  expect(titleOfQuery(`"${'very '.repeat(60)}long"`)).toMatch(/^very very .*…$/);
});

test('any query has a title of one short line without its signs', () => {
  fc.assert(
    fc.property(anyQuery(), (query) => {
      const title = queryTitle(query);
      expect(title).toMatch(/^\S(?:.*\S)?$/u);
      expect(title.length).toBeLessThanOrEqual(80);
      expect(title).not.toMatch(/"|\bOR\b|(?:title|cat|source|related):/);
      expect(isTitleOf(title, printQuery(query))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('a name is but the words in any order and with any endings, and in the spelling that was typed', () => {
  for (const name of ['gripper or tactile', 'tactile or grippers', 'tactile OR "gripper"'])
    expect(isTitleOf(name, 'tactile OR gripper')).toBe(true);
  for (const name of ['Robots', 'tactile', 'tactile, without gripper'])
    expect(isTitleOf(name, 'tactile OR gripper')).toBe(false);
  expect(isTitleOf('sparse or', '"sparse')).toBe(false);
});

test('a text that is no query is called by its beginning', () => {
  expect(titleOfQuery('"sparse  autoencoder')).toBe('"sparse autoencoder');
  expect(requireQuery('vision').terms).toHaveLength(1);
});
