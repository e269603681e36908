import { expect, test } from 'vitest';
import { checkDeclaration } from './check-declaration.ts';

test('a declaration is its selectors with what was left out, and its address apart', () => {
  expect(checkDeclaration({ address: 'https://a.example/', list: 'li', title: ' a ' })).toEqual({
    ok: true,
    address: 'https://a.example/',
    declaration: { list: 'li', title: 'a', span: 'self', minEntries: 1 },
  });
});

test.each([
  [undefined, ['a declaration is a mapping of fields, such as list and title']],
  [['li'], ['a declaration is a mapping of fields, such as list and title']],
  [{}, ['list: is missing', 'title: is missing']],
  [{ list: '', title: 3 }, ['list: is empty', 'title: is a selector, a text']],
  [
    { list: 'li', title: 'a', span: 'all', minEntries: 0 },
    ['span: is self or until-next', 'minEntries: is at least 1'],
  ],
  [
    { list: 'li', titel: 'a', title: 'b', minEntrys: 2, zebra: 1 },
    [
      '"titel" is not a field of a declaration; was title meant?',
      '"minEntrys" is not a field of a declaration; was minEntries meant?',
      '"zebra" is not a field of a declaration',
    ],
  ],
  [
    { list: 'li@href', title: 'a@', link: 'a@href', abstract: 'p:hover', spam: '' },
    [
      '"spam" is not a field of a declaration; was span meant?',
      'list: "li@href", position 3: "@" is not expected here',
      'title: "a@", position 2: "@" is not expected here',
      expect.stringContaining('abstract: "p:hover", position 2: :hover may not be used'),
    ],
  ],
])('%j is refused with every mistake', (written, problems) => {
  expect(checkDeclaration(written)).toEqual({ ok: false, problems });
});
