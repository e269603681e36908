import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { scoring, someHistory } from '../test/scored-history.ts';
import type { PaperText } from './paper-tokens.ts';
import { printQuery } from './print-query.ts';
import { verdictOn } from './topic-verdict.ts';

const history = someHistory();
const verdict = (query: string, paper: PaperText) => {
  const { scorer, scorable } = scoring(query, history);
  return verdictOn(scorer, scorable(paper));
};

test.each<[string, PaperText, { gate: string; because: string }]>([
  [
    'autoencoder -robot',
    { title: 'Autoencoders', abstract: 'For robots.' },
    { gate: '-robot', because: '"robot" is excluded and stands in the abstract' },
  ],
  [
    'autoencoder OR gripper +"rare language"',
    { title: 'Autoencoders' },
    { gate: '+"rare language"', because: '"rare language" is required and not in it' },
  ],
  [
    'autoencoder cat:cs.CL cat:stat',
    { title: 'Autoencoders', categories: ['cs.CV', 'cs.AI'] },
    {
      gate: 'cat:cs.CL cat:stat',
      because: 'none of them is carried; its categories: cs.CV, cs.AI',
    },
  ],
  [
    'autoencoder cat:cs.CL',
    { title: 'Autoencoders' },
    { gate: 'cat:cs.CL', because: 'none of them is carried; it has no categories' },
  ],
  [
    'autoencoder -source:daily',
    { title: 'Autoencoders', sources: ['daily'] },
    { gate: '-source:daily', because: 'it is excluded; its sources: daily' },
  ],
])('%s: the gate that holds a paper back is named', (query, paper, gate) => {
  expect(verdict(query, paper)).toMatchObject({ sentTo: [], heldBackBy: [gate] });
});

test('a match in the title is always sent, and every place of the words is told', () => {
  const paper = { title: 'A sparse autoencoder', abstract: 'We train SAEs, yes, SAEs.' };
  expect(verdict('"sparse autoencoder" OR gripper', paper)).toMatchObject({
    sentTo: ['wide', 'normal', 'strict'],
    because: 'words of the topic stand in its title, so it is always sent',
    found: [
      '“sparse autoencoder”: in the title',
      '“SAE”: 2 times in the abstract (SAE stands for sparse autoencoder)',
    ],
    notFound: ['gripper'],
  });
});

test('a topic that the past weeks do not know says that it is learning', () => {
  const out = verdict('"quantum annealing"', { title: 'Annealing' });
  expect(out.sentTo).toEqual([]);
  expect(out.because).toContain('fewer than three papers');
  expect(
    verdict('"quantum annealing"', { title: 'A', abstract: 'Quantum annealing.' }),
  ).toMatchObject({
    sentTo: ['wide', 'normal', 'strict'],
    because: expect.stringContaining('still learning'),
  });
});

test('what is said to bring a paper in, or to keep it out, does', () => {
  const paper = { title: 'Tactile sensing of fruit', abstract: 'By hand.' };
  const out = verdict('"sparse autoencoder"', paper);
  const [, word] = /^OR ("[^"]+") would bring it in/.exec(out.advice[0] ?? '') ?? [];
  expect(word).toBeDefined();
  expect(verdict(`"sparse autoencoder" OR ${word}`, paper).sentTo).toContain('normal');
  const isIn = verdict('fruit', paper);
  const [, minus] = /^(-"[^"]+") would keep it out/.exec(isIn.advice.at(-1) ?? '') ?? [];
  expect(minus).toBeDefined();
  expect(verdict(`fruit ${minus}`, paper).sentTo).toEqual([]);
});

test('a gate is named exactly where a paper is held back, and a stricter subscription never gets more', () => {
  fc.assert(
    fc.property(anyQuery(), anyPaper(), (query, paper) => {
      const { scorer, scorable } = scoring(printQuery(query), history);
      const told = verdictOn(scorer, scorable(paper));
      expect(told.heldBackBy.length > 0).toBe(scorer.score(scorable(paper)) === undefined);
      const order = ['wide', 'normal', 'strict'];
      expect(told.sentTo).toEqual(order.slice(0, told.sentTo.length));
    }),
  );
});
