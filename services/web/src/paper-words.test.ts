import { MARK_END, MARK_START } from '@paperboy/store';
import { expect, test } from 'vitest';
import { shownChange, shownMarks, shownText, shownTitle } from './paper-words.ts';

const found = (text: string) =>
  `${shownMarks(text.replaceAll('[', MARK_START).replaceAll(']', MARK_END), 60)}`;

test('titles and texts are shown as TeX would print them, and cut', () => {
  expect(shownTitle(String.raw`$\gamma$-MoD in $\mathcal{O}(n^2)$`)).toBe('γ-MoD in O(n²)');
  expect(shownTitle('So long a title', 10)).toBe('So long…');
  expect(`${shownText({ text: 'It saves 5\\%.', textKind: 'abstract' })}`).toBe('It saves 5%.');
  expect(`${shownText({ text: '<b>', textKind: 'summary' }, 300)}`).toBe(
    '<span class="label">Summary</span> &lt;b&gt;',
  );
});

test.each([
  ['Plain [gates] & <b>', 'Plain <mark>gates</mark> &amp; &lt;b&gt;'],
  [String.raw`$\[gamma]$-MoD: [gates] in $O(n^2)$`, 'γ-MoD: <mark>gates</mark> in O(n²)'],
  [String.raw`T\"ULU [gates] 5\%`, 'TÜLU <mark>gates</mark> 5%'],
  [
    `[gates] ${'and more of them '.repeat(8)}`,
    'gates and more of them and more of them and more of them…',
  ],
])('what was found in %j is marked', (text, shown) => {
  expect(found(text)).toBe(shown);
});

test('a changed wording is told in readable words, and by its TeX where it is all that changed', () => {
  expect(`${shownChange(String.raw`An $\alpha$ test`, String.raw`A $\beta$ test`)}`).toBe(
    '<del>An α</del> <ins>A β</ins> test ',
  );
  expect(`${shownChange('$O(n)$', 'O(n)')}`).toBe('<del>$O(n)$</del> <ins>O(n)</ins> ');
});
