import { expect, test } from 'vitest';
import { printQuery } from './print-query.ts';
import { requireQuery } from './query-parser.ts';
import { changeDropped, droppedWords, wordKey, wordsToDrop } from './related-words.ts';

const related = (...words: readonly string[]) => [
  { kind: 'phrase', typed: 'x', quotes: [{ text: 'never' }], inTitle: 1, inAbstract: 0 },
  { kind: 'related', quotes: words.map((text) => ({ text })), inTitle: 0, inAbstract: 1 },
];
const topic = requireQuery('"sparse autoencoder"');

test('words are offered once by their stems, those of most papers first', () => {
  const reasons = [related('Dictionary', 'superposition'), related('Superpositions')];
  expect(wordsToDrop(topic, reasons)).toEqual(['superposition', 'Dictionary']);
});

test("the topic's own words are not offered, nor with another beside them", () => {
  expect(wordsToDrop(topic, [related('sparse', 'Sparse\n coding', 'autoencoders')])).toEqual([
    'coding',
  ]);
});

test('what is dropped is not offered again, in any form', () => {
  const query = requireQuery('"sparse autoencoder" -related:superposition');
  expect(wordsToDrop(query, [related('Superpositions', 'toy-models')])).toEqual(['toy-models']);
});

test('what no query can hold is not offered, nor what would make it too long', () => {
  expect(wordsToDrop(topic, [related('a"word', 'plain', 'G\\"odel')])).toEqual([
    ...['plain', 'G\\"odel'],
  ]);
  const long = requireQuery(`"${'word '.repeat(397)}"`);
  expect(wordsToDrop(long, [related('superposition')])).toEqual([]);
});

test.each([
  undefined,
  'text',
  [null, 1, {}, { kind: 'related' }, { kind: 'related', quotes: [1, { text: 2 }] }],
])('reasons that another version left (%j) name no word', (stored) => {
  expect(wordsToDrop(topic, [stored])).toEqual([]);
});

test('dropping is a part of the query, and is taken back in whatever form', () => {
  const dropped = changeDropped(topic, { drop: ['toy models', 'Superposition', 'SUPERPOSITION'] });
  expect(printQuery(dropped)).toBe(
    '"sparse autoencoder" -related:"toy models" -related:Superposition',
  );
  expect(droppedWords(dropped)).toEqual(['toy models', 'Superposition']);
  expect(changeDropped(dropped, { drop: ['superpositions'] })).toEqual(dropped);
  const back = changeDropped(dropped, { restore: ['superposition', 'Toy-Model'] });
  expect(printQuery(back)).toBe(printQuery(topic));
});

test('other conditions stay', () => {
  const query = requireQuery('vision -cat:cs.CV source:daily -related:medical');
  expect(printQuery(changeDropped(query, { restore: ['medical'] }))).toBe(
    'vision -cat:cs.CV source:daily',
  );
});

test('one word is another where only endings and signs differ', () => {
  expect(wordKey('Toy-models')).toBe(wordKey('toy model'));
  expect(wordKey('toy')).not.toBe(wordKey('toy model'));
});
