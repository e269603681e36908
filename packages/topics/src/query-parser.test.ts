import { PaperboyError } from '@paperboy/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyQuery, anyQueryText } from '../test/arbitraries.ts';
import { compileTerm, queryKey } from './compile.ts';
import { printQuery } from './print-query.ts';
import { QUERY_MAX_CHARACTERS, QUERY_MAX_TERMS, type Term } from './query.ts';
import { parsePlainTerm, parseQuery, requireQuery } from './query-parser.ts';
import { formatProblems } from './query-problems.ts';

const word = (text: string): Term => ({ text, kind: 'word', field: 'any', implied: false });
const phrase = (text: string): Term => ({ ...word(text), kind: 'phrase' });
const normalForm = (text: string) => printQuery(requireQuery(text));

test('quotes make phrases, OR alternatives, + and - required and excluded terms', () => {
  expect(requireQuery('"sparse autoencoder" OR SAE +language -vision')).toEqual({
    terms: [phrase('sparse autoencoder'), word('SAE')],
    must: [word('language')],
    none: [word('vision')],
    conditions: [],
  });
});

test('neighbours without quotes are one phrase, and the query says so', () => {
  const [first, second] = requireQuery('sparse autoencoder OR SAE').terms;
  expect(first).toEqual({ ...phrase('sparse autoencoder'), implied: true });
  expect(second).toEqual(word('SAE'));
});

test('a field holds for its own term, conditions for the query', () => {
  expect(requireQuery('title:"vision language" -cat:cs.CV source:"Daily papers"')).toEqual({
    terms: [{ ...phrase('vision language'), field: 'title' }],
    must: [],
    none: [],
    conditions: [
      { kind: 'category', value: 'cs.CV', excluded: true },
      { kind: 'source', value: 'Daily papers', excluded: false },
    ],
  });
});

test.each([
  ['a pipe is OR', 'vision | language||speech', 'vision OR language OR speech'],
  ['so is a small or', 'vision or language', 'vision OR language'],
  ['a quoted or is a word', '"to grok or not to grok"', '"to grok or not to grok"'],
  [
    'curly quotes are quotes',
    '“sparse coding” OR „tied weights“',
    '"sparse coding" OR "tied weights"',
  ],
  ['a phrase of one word needs no quotes', '"SAE"', 'SAE'],
  [
    'equal terms are one',
    'autoencoder OR Autoencoders OR "auto encoder"',
    'autoencoder OR "auto encoder"',
  ],
  ['fields have any case', 'Title:SAE CAT:cs.LG', 'title:SAE cat:cs.LG'],
  ['brackets around plain words are punctuation', 'memory (LSTM)', '"memory (LSTM)"'],
  ['emoji count for nothing', '🚀 vision 🚀', 'vision'],
  [
    'a backslash keeps the quote of a TeX accent',
    String.raw`T\"ULU OR OLMo`,
    String.raw`"T\"ULU" OR OLMo`,
  ],
  ['a colon within a word is text', 'C:foo OR 3:1', '"C:foo" OR "3:1"'],
  ['a minus within a word is a hyphen', 'sim-to-real', 'sim-to-real'],
  ['a real minus sign excludes', 'vision −medical', 'vision -medical'],
  [
    'categories may be joined by OR',
    'transformer cat:cs.CL OR cat:cs.LG',
    'transformer cat:cs.CL cat:cs.LG',
  ],
  ['terms that must all occur need no alternative', '+vision +language', '+vision +language'],
  ['white space of any kind parts', 'vision\n\tOR\u00a0language', 'vision OR language'],
])('%s', (_rule, text, expected) => {
  expect(normalForm(text)).toBe(expected);
});

test.each([
  ['"sparse', 0, 7, 'never closed'],
  ['vision OR "sparse', 10, 17, 'never closed'],
  ['-vision', 0, 7, 'only excludes'],
  ['cat:cs.CL', 0, 9, 'only where to look'],
  ['', 0, 0, 'no word'],
  ['🚀', 0, 2, 'no word'],
  ['vision OR ""', 10, 12, 'nothing to search for'],
  ['vision OR "🚀"', 10, 14, 'nothing to search for'],
  ['vision OR "of the"', 10, 18, 'nearly every paper'],
  ['the', 0, 3, 'nearly every paper'],
  ['vision -the', 7, 11, 'nearly every paper'],
  ['vision OR', 7, 9, 'nothing after'],
  ['OR vision', 0, 2, 'nothing before'],
  ['vision OR OR language', 10, 12, 'nothing before'],
  ['vision - language', 7, 8, 'no word after'],
  ['vision +', 7, 8, 'no word after'],
  ['vision --language', 7, 9, 'no word after'],
  ['vision AND language', 7, 10, 'AND is not'],
  ['vision NOT language', 7, 10, 'NOT is not'],
  ['"vision language" agents', 0, 24, 'side by side'],
  ['vision -medical agents', 0, 22, 'side by side'],
  ['vision +language OR agents', 17, 19, 'plain alternatives'],
  ['vision OR -language', 7, 9, 'plain alternatives'],
  ['vision OR cat:cs.CV', 7, 9, 'category'],
  ['(vision OR language) agents', 0, 1, 'Brackets'],
  ['vision -(medical OR satellite)', 8, 9, 'Brackets'],
  ['author:Hinton', 0, 7, 'no field "author"'],
  ['vision OR title: language', 10, 16, 'nothing after it'],
  ['vision cat:', 7, 11, 'nothing after it'],
  ['vision cat:""', 7, 13, 'empty'],
  ['vision OR visions -vision', 18, 25, 'both wanted and excluded'],
  ['title:vision -vision', 13, 20, 'both wanted and excluded'],
])('%s is refused at %i to %i: %s', (text, start, end, message) => {
  const parsed = parseQuery(text);
  const problems = parsed.ok ? [] : parsed.problems;
  expect(problems.map((problem) => [problem.start, problem.end])).toContainEqual([start, end]);
  const marked = problems.find((problem) => problem.start === start && problem.end === end);
  expect(marked?.message).toContain(message);
  expect(marked?.hint).not.toBe('');
});

test('a title-only exclusion of a wanted word is no contradiction', () => {
  expect(parseQuery('vision -title:vision').ok).toBe(true);
});

test.each(['vision OR "open', 'author:x OR vision', 'vision OR - language', 'vision author:x'])(
  '%s is one mistake, not one more for what stands beside it',
  (text) => {
    const parsed = parseQuery(text);
    expect(parsed.ok ? [] : parsed.problems).toHaveLength(1);
  },
);

test('every mistake is reported at once, in order', () => {
  const parsed = parseQuery('OR vision author:x - "open');
  const starts = parsed.ok ? [] : parsed.problems.map((problem) => problem.start);
  expect(starts).toEqual([0, 10, 19, 21]);
});

test('a query at its bounds is read, one past them is refused', () => {
  const filled = 'x'.repeat(QUERY_MAX_CHARACTERS);
  expect(parseQuery(filled).ok).toBe(true);
  expect(parseQuery(`${filled}x`)).toMatchObject({
    problems: [{ start: QUERY_MAX_CHARACTERS, end: QUERY_MAX_CHARACTERS + 1 }],
  });
  const terms = Array.from({ length: QUERY_MAX_TERMS }, (_, index) => `t${index}`);
  expect(parseQuery(terms.join(' OR ')).ok).toBe(true);
  expect(parseQuery([...terms, 'further'].join(' OR '))).toMatchObject({
    problems: [{ message: expect.stringContaining('more than 200 terms') }],
  });
});

test('a problem is drawn with carets below the place', () => {
  const text = 'vision OR "sparse autoencoder';
  const parsed = parseQuery(text);
  expect(formatProblems(text, parsed.ok ? [] : parsed.problems)).toBe(
    [
      'This quote is never closed.',
      '  vision OR "sparse autoencoder',
      '            ^^^^^^^^^^^^^^^^^^^',
      '  Add a closing quote where the phrase ends.',
    ].join('\n'),
  );
});

test('a problem is drawn without signs that turn text around, and the carets stay below it', () => {
  const text = 'vision \u202eOR "sparse';
  const parsed = parseQuery(text);
  const [, line, carets] = formatProblems(text, parsed.ok ? [] : parsed.problems).split('\n');
  expect(line).toBe('  vision  OR "sparse');
  expect(line?.charAt(carets?.indexOf('^') ?? -1)).toBe('"');
});

test('a problem far into a long query shows only what is around it', () => {
  const text = `${'vision OR '.repeat(40)}- language`;
  const parsed = parseQuery(text);
  const [, line, carets] = formatProblems(text, parsed.ok ? [] : parsed.problems).split('\n');
  expect(line?.length).toBeLessThan(80);
  expect(line?.charAt(carets?.indexOf('^') ?? -1)).toBe('-');
});

test('a query that has to be one is thrown back with its code', () => {
  expect(() => requireQuery('vision OR')).toThrow(PaperboyError);
  expect(() => requireQuery('vision OR')).toThrow(/QUERY_INVALID[\s\S]*\^\^/);
});

test('equal queries have one key, whatever their order, case, endings and repetition', () => {
  const key = queryKey(requireQuery('"Sparse Autoencoder" OR SAE +vision -medical cat:cs.CL'));
  const other = queryKey(
    requireQuery('sae OR "sparse autoencoders" OR SAE -medical +visions cat:CS.CL'),
  );
  expect(other).toBe(key);
});

test('queries that match different papers have different keys', () => {
  const keys = [
    'vision language',
    'vision OR language',
    'vision-language',
    '+vision +language',
    'title:"vision language"',
    '"vision language" cat:cs.CV',
    '"vision language" -cat:cs.CV',
    '"vision language" source:cs.CV',
    'vision -language',
  ].map((text) => queryKey(requireQuery(text)));
  expect(new Set(keys).size).toBe(keys.length);
});

test('the normal form of any readable query reads as the same query', () => {
  let readable = 0;
  const holds = fc.property(anyQueryText(), (text) => {
    const parsed = parseQuery(text);
    if (!parsed.ok) return;
    readable++;
    const printed = printQuery(parsed.query);
    const again = requireQuery(printed);
    const quoted = (terms: readonly Term[]) => terms.map((term) => ({ ...term, implied: false }));
    expect(again).toEqual({ ...parsed.query, terms: quoted(parsed.query.terms) });
    expect(printQuery(again)).toBe(printed);
    expect(queryKey(again)).toBe(queryKey(parsed.query));
  });
  fc.assert(holds, { numRuns: 1_500 });
  expect(readable).toBeGreaterThan(150);
});

test('built queries are printed and read back unchanged', () => {
  fc.assert(
    fc.property(anyQuery(), (query) => {
      expect(requireQuery(printQuery(query))).toEqual(query);
    }),
  );
});

test('any text is answered with a query or with problems inside it that say what to do', () => {
  fc.assert(
    fc.property(anyQueryText(), (text) => {
      const parsed = parseQuery(text);
      if (parsed.ok) return;
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const { message, hint, start, end } of parsed.problems) {
        expect(message).not.toBe('');
        expect(hint).not.toBe('');
        expect(0 <= start && start <= end && end <= text.length).toBe(true);
      }
      expect(formatProblems(text, parsed.problems)).toContain('^');
    }),
    { numRuns: 1_000 },
  );
});

test('hostile queries end, with a query or with problems', () => {
  for (const piece of [
    '(',
    ')',
    '"',
    ' ',
    '-',
    '+',
    '\\',
    '|',
    'a:',
    'a b ',
    '(a+)+$',
    '((a|b)*)+',
  ]) {
    for (const length of [QUERY_MAX_CHARACTERS, 10_000]) {
      const text = piece.repeat(length / piece.length + 1).slice(0, length);
      expect(typeof parseQuery(text).ok).toBe('boolean');
    }
  }
});

test('a regular expression is plain text', () => {
  expect(normalForm('^(x+x+)+y$')).toBe('"^(x+x+)+y$"');
});

test('one term by itself is read as the query that it is', () => {
  let plain = 0;
  const words = fc
    .array(fc.constantFrom('sparse', 'SAE', 'Low-rank', 'of', 'the', 'or', 'AND', '3', 'naïve'), {
      minLength: 1,
      maxLength: 3,
    })
    .map((list) => list.join(' '));
  const piece = fc.oneof(
    words,
    words.map((text) => `"${text}"`),
    anyQueryText(),
  );
  const holds = fc.property(piece, (text) => {
    const parsed = parseQuery(text);
    const [only, ...more] = parsed.ok ? parsed.query.terms : [];
    const others = parsed.ok
      ? [...more, ...parsed.query.must, ...parsed.query.none, ...parsed.query.conditions]
      : [];
    const expected = only && others.length === 0 ? compileTerm(only) : undefined;
    expect(parsePlainTerm(text)).toEqual(expected);
    if (expected !== undefined) plain++;
  });
  fc.assert(holds, { numRuns: 500 });
  expect(plain).toBeGreaterThan(100);
});
