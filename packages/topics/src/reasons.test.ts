import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { matchQuery } from '../test/match-query.ts';
import { highlightSpans, highlightText } from './highlight.ts';
import { requireQuery } from './query-parser.ts';
import { describeReason, quotesOf } from './reasons.ts';

const reasonsFor = (query: string, title: string, abstract: string) =>
  matchQuery(requireQuery(query), { title, abstract }) ?? [];

test.each([
  ['Sparse autoencoders', 'Nothing here.', '“sparse autoencoder”: in the title'],
  ['Nothing', 'A sparse autoencoder.', '“sparse autoencoder”: in the abstract'],
  [
    'A sparse autoencoder',
    'Sparse autoencoders, sparse autoencoders, a sparse autoencoder.',
    '“sparse autoencoder”: in the title and 3 times in the abstract',
  ],
  [
    'Sparse autoencoders on sparse autoencoders',
    'Why.',
    '“sparse autoencoder”: 2 times in the title',
  ],
])('a reason is told in words: %s', (title, abstract, told) => {
  expect(reasonsFor('"sparse autoencoder"', title, abstract).map(describeReason)).toEqual([told]);
});

test('what a reason quotes is told as it would be printed', () => {
  const [quote] = reasonsFor('autoencoder', 'An autoencoder', '').flatMap(quotesOf);
  if (quote === undefined) throw new Error('nothing was found');
  const related = { kind: 'related', inTitle: 1, inAbstract: 0 } as const;
  const told = [
    describeReason({ ...related, quotes: [{ ...quote, text: String.raw`$\gamma$-MoD` }] }),
    describeReason({ kind: 'liked', title: String.raw`T\"ULU in $O(n^2)$` }),
  ];
  expect(told).toEqual(['related words: “γ-MoD”', 'like “TÜLU in O(n²)”, which you liked']);
});

test('a text is cut where the reasons quote it, overlaps marked once', () => {
  const title = 'Deep sparse autoencoders, sparse coding';
  const reasons = reasonsFor('"deep sparse" OR "sparse autoencoder" OR coding', title, '');
  expect(highlightSpans('title', reasons)).toEqual([
    { start: 0, end: 24 },
    { start: 33, end: 39 },
  ]);
  expect(highlightText(title, 'title', reasons)).toEqual([
    { text: 'Deep sparse autoencoders', marked: true },
    { text: ', sparse ', marked: false },
    { text: 'coding', marked: true },
  ]);
});

test('a text that no reason quotes stays in one piece, an empty one in none', () => {
  expect(highlightText('Plain', 'title', [])).toEqual([{ text: 'Plain', marked: false }]);
  expect(highlightText('', 'title', [])).toEqual([]);
});

test('the parts of a text make up the text, and marks do not touch', () => {
  fc.assert(
    fc.property(anyQuery(), anyPaper(), (query, paper) => {
      const reasons = matchQuery(query, paper) ?? [];
      const parts = highlightText(paper.title, 'title', reasons);
      expect(parts.map(({ text }) => text).join('')).toBe(paper.title);
      expect(parts.every(({ text }) => text !== '')).toBe(true);
      parts.forEach((part, index) => {
        expect(part.marked && parts[index + 1]?.marked).not.toBe(true);
      });
    }),
  );
});
