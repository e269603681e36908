import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { matchQuery } from '../test/match-query.ts';
import { someHistory } from '../test/scored-history.ts';
import { tokenizePaper } from './paper-tokens.ts';
import { printQuery } from './print-query.ts';
import { parseQuery, requireQuery } from './query-parser.ts';
import { narrowerQueries, widerTerms } from './suggest-terms.ts';

const history = someHistory();
const narrower = (query: string, ...titles: string[]) =>
  narrowerQueries(
    requireQuery(query),
    titles.map((title) => tokenizePaper({ title })),
  ).map(printQuery);

describe('to ask for less', () => {
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
});

describe('to ask for more', () => {
  test('there are the words that papers with those of the query have in common, as written', () => {
    const { related } = widerTerms(requireQuery('"robot gripper hands"'), history);
    expect(related.length).toBeGreaterThan(0);
    expect(related).toEqual(['Grasping', 'clutter', 'sensing', 'tactile']);
    for (const term of related) expect(term).not.toMatch(/robot|gripper|folding|cyclone/i);
  });

  test('acronyms of terms that hold a word of the query are told', () => {
    expect(widerTerms(requireQuery('autoencoder'), history).acronyms).toEqual([
      { acronym: 'SAE', longForm: 'sparse autoencoder' },
    ]);
  });

  test('nothing is offered where no paper has its words', () => {
    expect(widerTerms(requireQuery('xylophone'), history)).toEqual({
      acronyms: [],
      related: [],
      papers: 0,
    });
  });
});
