import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { clipped, Output, tableLines, widthOf } from './output.ts';

function printed(json: boolean, print: (output: Output) => void): string {
  const stream = new PassThrough();
  print(new Output(stream, json));
  return String(stream.read() ?? '');
}

test('a table is aligned, numbers to the right, and leaves out columns that are empty in every row', () => {
  const rows = [
    { name: 'demo', pages: 5, note: null },
    { name: 'hf-daily', pages: 120, note: null },
  ];
  expect(
    tableLines(rows, [
      ['SOURCE', (row) => row.name],
      ['PAGES', (row) => row.pages],
      ['NOTE', (row) => row.note],
    ]),
  ).toEqual(['SOURCE    PAGES', 'demo          5', 'hf-daily    120']);
});

test('a cell with line breaks stays on its line', () => {
  expect(tableLines([{ title: 'Sparse\n  Attention' }], [['TITLE', (row) => row.title]])).toEqual([
    'TITLE',
    'Sparse Attention',
  ]);
});

test('signs of East Asia take two columns and combining marks none', () => {
  expect(widthOf('注意')).toBe(4);
  expect(widthOf('e\u0301')).toBe(1);
  expect(clipped('注意 is all you need', 8)).toBe('注意 is…');
  expect(clipped('short', 8)).toBe('short');
});

test('with --json there is an object per line and nothing that only people want', () => {
  const text = printed(true, (output) => {
    output.say('hello');
    output.fact({ a: 1 }, 'one');
    output.table([{ b: 2 }, { b: 3 }], [['B', (row) => row.b]], 'none');
    output.card({ c: 4 }, [['c', 4]]);
    output.next('source list');
  });
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([{ a: 1 }, { b: 2 }, { b: 3 }, { c: 4 }]);
});

test('for people an empty table says so, and a card leaves out what has no value', () => {
  expect(printed(false, (output) => output.table([], [], 'No sources yet.'))).toBe(
    'No sources yet.\n',
  );
  expect(
    printed(false, (output) =>
      output.card({}, [
        ['source', 'demo'],
        ['url', null],
        ['topics', 'a\nb'],
      ]),
    ),
  ).toBe('source  demo\ntopics  a\n        b\n');
});

test('a reader that has gone away is not written to', () => {
  const stream = new PassThrough();
  const output = new Output(stream, false);
  stream.destroy();
  expect(() => output.say('more')).not.toThrow();
});
