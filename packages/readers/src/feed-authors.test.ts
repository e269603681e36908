import { describe, expect, test } from 'vitest';
import { authorNames } from './feed-authors.ts';

describe('the creators of a feed', () => {
  test.each([
    [['Ada Roe'], ['Ada Roe']],
    [
      ['Ada Roe', 'Bo Li'],
      ['Ada Roe', 'Bo Li'],
    ],
    [['Ada Roe, Bo Li'], ['Ada Roe', 'Bo Li']],
    [['Ada Roe, Bo Li and Cem Ay'], ['Ada Roe', 'Bo Li', 'Cem Ay']],
    [['Roe, A., Li, B. C.'], ['Roe, A.', 'Li, B. C.']],
    [['Roe, A.; Li, B.'], ['Roe, A.', 'Li, B.']],
    [['Roe, Ada'], ['Roe, Ada']],
    [
      ['Roe, Ada', 'Li, Bo'],
      ['Roe, Ada', 'Li, Bo'],
    ],
    [['Anderson Sandoval'], ['Anderson Sandoval']],
    [['ada@example.org (Ada Roe)'], ['Ada Roe']],
    [['Ada Roe <ada@example.org>'], ['Ada Roe']],
    [['Plato'], ['Plato']],
    [['Plato, Kant'], ['Plato, Kant']],
    [['Ada Roe (University of X, Y), Bo Li'], ['Ada Roe', 'Bo Li']],
  ])('%j are %j', (creators, names) => {
    expect(authorNames(creators)).toEqual(names);
  });
});
