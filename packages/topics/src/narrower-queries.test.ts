import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { matchQuery } from '../test/match-query.ts';
import { narrowerQueries } from './narrower-queries.ts';
import { tokenizePaper } from './paper-tokens.ts';
import { printQuery } from './print-query.ts';
import { parseQuery, requireQuery } from './query-parser.ts';

const narrower = (query: string, ...titles: string[]) =>
  narrowerQueries(
    requireQuery(query),
    titles.map((title) => tokenizePaper({ title })),
  ).map(printQuery);

const titles = [
  'Language Models at work',
  'A language model in a language model',
  'World models',
  'A World Model, again',
  'A model of its own',
];

test('a single word becomes the phrases that it stands in, or is looked for in titles alone', () => {
  expect(narrower('model -speech', ...titles)).toEqual([
    '"language models" OR "world models" -speech',
    '"language models" -speech',
    '"world models" -speech',
    'title:model -speech',
  ]);
});

test('a phrase stays as it is, and what has only titles has nothing left', () => {
  expect(narrower('"language model" OR title:model', ...titles)).toEqual([
    '"language model" OR title:"language models" OR title:"world models"',
    '"language model"',
    'title:"language models"',
    'title:"world models"',
    'title:"language model" OR title:model',
  ]);
  expect(narrower('title:"language model"', ...titles)).toEqual([]);
});

test('no pair reaches over a stop word or a comma, and one paper is not enough', () => {
  expect(narrower('model', 'A model of worlds', 'Nice, models', 'Fast models')).toEqual([
    'title:model',
  ]);
});

test('what is excluded from titles is not asked for in titles', () => {
  const papers = [tokenizePaper({ title: 'Maps', abstract: 'Robots.' })];
  const query = requireQuery('robots -title:robots');
  expect(narrowerQueries(query, papers)).toEqual([]);
});

test('whatever is offered can be read, and finds no paper that the query does not', () => {
  fc.assert(
    fc.property(anyQuery(), fc.array(anyPaper(), { maxLength: 6 }), (query, papers) => {
      for (const less of narrowerQueries(query, papers.map(tokenizePaper))) {
        expect(parseQuery(printQuery(less))).toMatchObject({ ok: true });
        for (const paper of papers)
          if (matchQuery(less, paper)) expect(matchQuery(query, paper)).toBeDefined();
      }
    }),
  );
});
