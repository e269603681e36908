import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { asPaperboyError, ERROR_CATALOGUE, PaperboyError } from './errors.ts';

const doc = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

/** The rows of all tables of the document. */
const documented = [...doc.matchAll(/^\| `(\w+)` \| (.+?) \| (.+) \|$/gm)].map(
  ([, code = '', retry = '', help = '']) => ({ code, retry, help }),
);

const catalogued = Object.entries(ERROR_CATALOGUE).map(([code, { retry, help }]) => ({
  code,
  retry: retry ? 'can help' : 'no',
  help,
}));

test('docs/errors.md tells of every code, in order, what the catalogue says, and of no other', () => {
  expect(documented).toEqual(catalogued);
});

test('a help text is a sentence that fits a table', () => {
  for (const { help } of catalogued) expect(help).toMatch(/^[A-Z][^|\n]+\.$/);
});

test('an error says its code and what was met, and takes help and retry from the catalogue', () => {
  const cause = new Error('connect ECONNREFUSED');
  const error = new PaperboyError('QUEUE_UNAVAILABLE', 'no answer in 5 s', { cause });
  expect(error).toMatchObject({
    name: 'PaperboyError',
    message: 'QUEUE_UNAVAILABLE: no answer in 5 s',
    detail: 'no answer in 5 s',
    cause,
    ...ERROR_CATALOGUE.QUEUE_UNAVAILABLE,
  });
});

test('what was thrown without a code is a fault of ours and keeps its cause', () => {
  const thrown = new TypeError('x is undefined');
  expect(asPaperboyError(thrown)).toMatchObject({
    code: 'INTERNAL',
    detail: 'x is undefined',
    cause: thrown,
  });
  expect(asPaperboyError('gone')).toMatchObject({ code: 'INTERNAL', detail: 'gone' });
});

test('a coded error stays itself', () => {
  const error = new PaperboyError('NOT_FOUND', 'no source "x"');
  expect(asPaperboyError(error)).toBe(error);
});
