import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { mistakesIn, queryMistakes } from './query-mistakes.ts';

const told = (query: string) => String(queryMistakes(query));

test('a mistake is marked in the query, with what is wrong and what to type instead', () => {
  expect(told('vision OR "sparse <auto')).toBe(
    '<span class="mistake"><code>vision OR <mark>&quot;sparse &lt;auto</mark></code> <strong>This quote is never closed.</strong> Add a closing quote where the phrase ends.</span>',
  );
  expect(told('vision AND language')).toContain('vision <mark>AND</mark> language');
});

test('of many mistakes the first ones are told, of a long query what is around them', () => {
  const long = told(`${'vision OR '.repeat(150)}author:x ${'OR vision '.repeat(30)}`);
  expect(long).toContain('<mark>author:</mark>');
  expect(long.length).toBeLessThan(400);
  expect(told('a AND b AND c AND d').match(/<mark>/g)).toHaveLength(3);
  expect(told('x'.repeat(2_001))).toContain('2000 are allowed');
});

test('queries that can be read have none, and whatever is typed is escaped', () => {
  expect(queryMistakes('"sparse autoencoder" OR SAE')).toBeUndefined();
  expect(mistakesIn(['vision', 'SAE'])).toBeUndefined();
  expect(String(mistakesIn(['vision', '"x', '-y']))).toMatch(/never closed.*only excludes/);
  fc.assert(
    fc.property(anyText(), (text) => {
      const shown = String(queryMistakes(`"${text.replaceAll('"', '')}`) ?? '');
      expect(shown.replace(/<\/?(?:span|code|mark|strong)(?: class="mistake")?>/g, '')).not.toMatch(
        /[<>]/,
      );
    }),
    { numRuns: 50 },
  );
});
