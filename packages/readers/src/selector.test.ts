import { load } from 'cheerio/slim';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSelector } from './parse-selector.ts';
import { select } from './select.ts';
import type { Selector } from './selector.ts';

function selector(text: string): Selector {
  const parsed = parseSelector(text);
  if ('alternatives' in parsed) return parsed;
  throw new Error(`${text}: position ${parsed.position}: ${parsed.message}`);
}

const OPTIONS = { xml: { xmlMode: false, decodeEntities: true } };
const NAMES = ['ul', 'li', 'b', 'i'];
const CLASSES = ['x', 'y', 'x-y'];

const anyCompound = fc
  .record({
    tag: fc.constantFrom('', '', '*', ...NAMES),
    tests: fc.array(
      fc.constantFrom(
        ...['.x', '.y', '.x-y', '#one', '[data-a]', '[data-a="x y"]', '[data-a~=x]', '[data-a|=x]'],
        ...['[data-a^="x"]', "[data-a$='y']", '[data-a*=" "]', '[data-a="X" i]', ':first-child'],
        ...[':last-child', ':only-child', ':first-of-type', ':nth-child(2)', ':nth-child(2n+1)'],
        ...[':nth-child(-n + 2)', ':nth-child(even)', ':nth-of-type(2)', ':not(.x)', ':not(b, .y)'],
        ...[':has(b)', ':has(> .x)', ':has(i.y, #one)', ':not(:first-child)'],
      ),
      { maxLength: 2 },
    ),
  })
  .map(({ tag, tests }) => `${tag}${tests.join('')}` || '*');
const anySelector = fc
  .array(fc.tuple(fc.constantFrom(' ', ' > ', '>', ' + ', '~'), anyCompound), {
    minLength: 1,
    maxLength: 4,
  })
  .map((steps) =>
    steps.map(([sign, compound], at) => (at === 0 ? compound : sign + compound)).join(''),
  );
const anyList = fc
  .array(anySelector, { minLength: 1, maxLength: 2 })
  .map((alternatives) => alternatives.join(', '));

const { tree: anyTree } = fc.letrec<{ tree: string; element: string }>((tie) => ({
  tree: fc.array(tie('element'), { maxLength: 5 }).map((all) => all.join(' ')),
  element: fc
    .record({
      name: fc.constantFrom(...NAMES),
      classes: fc.subarray(CLASSES),
      id: fc.constantFrom('', '', '', ' id="one"'),
      data: fc.constantFrom('', '', ' data-a="x y"', ' data-a=x', ' data-a="x-1"', ' data-a'),
      inside: fc.oneof({ maxDepth: 5 }, fc.constant('text'), tie('tree')),
    })
    .map(
      ({ name, classes, id, data, inside }) =>
        `<${name} class="${classes.join('\n')}"${id}${data}>${inside}</${name}>`,
    ),
}));

test('a selector finds what a general CSS matcher finds, in the same order', () => {
  const holds = fc.property(anyTree, anyList, (html, text) => {
    const $ = load(html, OPTIONS);
    const root = $.root()[0];
    if (root === undefined) throw new Error('no document');
    // By their numbers: comparing the nodes themselves walks the whole page for each.
    const numbers = new Map(
      $('*')
        .toArray()
        .map((element, at) => [element, at]),
    );
    const found = select(root, selector(text)).map(({ element }) => numbers.get(element));
    expect(found).toEqual(
      $(text)
        .toArray()
        .map((element) => numbers.get(element)),
    );
  });
  fc.assert(holds, { numRuns: 1_000 });
});

describe('a selector that may not be used is refused with its place', () => {
  test.each([
    ['', 1, 'an element is missing here'],
    ['ul >', 5, 'an element is missing here'],
    ['ul > > li', 6, '">" names no element'],
    ['li,', 4, 'an element is missing here'],
    [', li', 1, '"," names no element'],
    ['a..b', 3, 'a class is missing here'],
    ['a.', 3, 'a class is missing here'],
    ['a#', 3, 'an id is missing here'],
    ['li[', 4, 'an attribute is missing here'],
    ['li[href', 8, '"]" is missing here'],
    ['li[href=]', 9, 'a value, in quotes, is missing here'],
    ['li[href="x]', 9, 'a value, in quotes, is missing here'],
    ['li]', 3, '"]" is not expected here'],
    ['a { color: red }', 3, '"{" names no element'],
    ['a:hover', 2, ':hover may not be used'],
    ['a::before', 2, '::before may not be used'],
    ['p:contains("Abstract")', 2, ':contains may not be used'],
    ['p:is(.a)', 2, ':is may not be used'],
    ['li:nth-last-child(2)', 3, ':nth-last-child may not be used'],
    ['li:has(:has(a))', 8, ':has may not stand inside :has()'],
    ['li:not(:has(a))', 8, ':has may not stand inside :not()'],
    ['li:has(ul a)', 11, ':has() takes one element, without combinators'],
    ['li:has(a', 9, '")" is missing here'],
    ['li:nth-child(x)', 14, 'a place such as 2, odd or 2n+1 is missing here'],
    ['li:nth-child(99999999999n)', 14, 'places go up to 9999'],
    ['a|b', 2, '"|" is not expected here'],
    ['//div', 1, '"/" names no element'],
    ['a '.repeat(31), 61, 'more than 30 steps'],
    ['a'.repeat(301), 301, '301 characters; at most 300 are read'],
  ])('%s', (text, position, message) => {
    expect(parseSelector(text)).toEqual({ position, message: expect.stringContaining(message) });
  });

  test('any text is read or refused', () => {
    const signs = fc.constantFrom(...'aB1.#[]=~|^$*"\':()>+,-\\ n\n');
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 40 }), (text) => {
        const parsed = parseSelector(text);
        if ('position' in parsed) expect(parsed.position).toBeLessThanOrEqual(text.length + 1);
        else expect(select(load('<a></a>', OPTIONS).root()[0] ?? fail(), parsed)).toBeDefined();
      }),
    );
  });
});

function fail(): never {
  throw new Error('no document');
}
