import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { matchQuery } from '../test/match-query.ts';
import { historyOf } from '../test/scored-history.ts';
import { printQuery } from './print-query.ts';
import { parseQuery, requireQuery } from './query-parser.ts';
import { widerQueries } from './wider-queries.ts';

const history = historyOf([
  { title: 'Image segmentation' },
  { title: 'Medical pictures', abstract: 'Of medical images.' },
  { title: 'Medical image segmentation' },
]);
const wider = (query: string) => widerQueries(requireQuery(query), history).map(printQuery);

test('each gate is left out in turn, those that are alone stay', () => {
  expect(wider('vision +speech -music cat:cs.CV cat:cs.CL -related:sound')).toEqual([
    'vision -music cat:cs.CV cat:cs.CL -related:sound',
    'vision +speech cat:cs.CV cat:cs.CL -related:sound',
    'vision +speech -music -related:sound',
  ]);
  expect(wider('+vision +speech')).toEqual(['+speech', '+vision']);
  expect(wider('+vision')).toEqual([]);
});

test('a phrase becomes words that may stand anywhere, then the parts that more papers say', () => {
  expect(wider('"medical image segmentation"')).toEqual([
    '+medical +image +segmentation',
    '"medical image"',
    '"image segmentation"',
    'medical',
  ]);
  expect(wider('"segmentation of the tongue"')).toEqual(['+segmentation +tongue', 'segmentation']);
  expect(wider('"retinal image segmentation" OR fundus -x-ray')).toEqual([
    '"retinal image segmentation" OR fundus',
    '"image segmentation" OR fundus -x-ray',
    'image OR fundus -x-ray',
    'segmentation OR fundus -x-ray',
  ]);
  expect(wider('zeppelin')).toEqual([]);
});

test('whatever is offered can be read, and finds every paper that the query finds', () => {
  fc.assert(
    fc.property(anyQuery(), fc.array(anyPaper(), { maxLength: 6 }), (query, papers) => {
      for (const more of widerQueries(query, historyOf(papers))) {
        expect(parseQuery(printQuery(more)), printQuery(more)).toMatchObject({ ok: true });
        for (const paper of papers)
          if (matchQuery(query, paper)) expect(matchQuery(more, paper)).toBeDefined();
      }
    }),
    { numRuns: 60 },
  );
});
