import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { matchQuery } from '../test/match-query.ts';
import { parseQuery, requireQuery } from './query-parser.ts';

const doc = readFileSync(new URL('../../../docs/topics.md', import.meta.url), 'utf8');

/** The rows of the one table in the doc that opens with this heading. */
function rowsUnder(heading: string): string[][] {
  const rows = doc.split(`${heading}\n`)[1]?.split('\n\n')[0]?.split('\n').slice(1) ?? [];
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}

const code = (cell = '') => cell.replace(/^`|`$/g, '');

const examples = rowsUnder('| Query | Title | Matches |');
const mistakes = rowsUnder('| Query | What is said |');

test('the tables are there', () => {
  expect(examples.length).toBeGreaterThan(30);
  expect(mistakes.length).toBeGreaterThan(10);
});

test.each(examples)('docs/topics.md: %s on "%s": %s', (query, title = '', answer) => {
  const found = matchQuery(requireQuery(code(query)), { title });
  expect(found === undefined ? 'no' : 'yes').toBe(answer);
});

test.each(mistakes)('docs/topics.md: %s is refused: %s', (query, message) => {
  const parsed = parseQuery(code(query));
  expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.message)).toEqual([message]);
});

test('docs/topics.md: every query of the first table can be read', () => {
  for (const [query] of rowsUnder('| You type | It finds papers with |'))
    expect(parseQuery(code(query))).toMatchObject({ ok: true });
});
