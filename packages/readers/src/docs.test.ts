import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture } from '../test/support.ts';
import { READERS } from './read-page.ts';
import { type Reader, rawPage } from './reader.ts';

const doc = readFileSync(new URL('../../../docs/sources.md', import.meta.url), 'utf8');
const code = /```ts\n(import [\s\S]*?)```/.exec(doc)?.[1] ?? '';

let folder: string;
let tabTable: Reader;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paperboy-docs-'));
  const file = join(folder, 'tab-table.ts');
  // What the file would reach beside it, it reaches from the folder it is tried in.
  const here = (path: string) => new URL(path, import.meta.url).href;
  const placed = code
    .replaceAll(/'(\.\/[\w-]+\.ts)'/g, (_all, path: string) => `'${here(path)}'`)
    .replaceAll("'@paperboy/core'", `'${here('../../core/src/index.ts')}'`);
  writeFileSync(file, placed);
  ({ tabTable } = await import(pathToFileURL(file).href));
});
afterAll(() => rmSync(folder, { recursive: true }));

const TABLE = [
  'title\taddress\tabstract',
  'Lantern\thttps://arxiv.org/abs/2602.90001v2\tLanguage models answer at one speed.',
  '\thttps://example.org/no-title\tNobody knows its name.',
  'Maps Without Cameras\tjavascript:alert(1)\t-----',
  '',
].join('\n');
const page = (text: string) => rawPage({ bytes: new TextEncoder().encode(text) });

test('docs/sources.md: the example of a reader reads its page', () => {
  expect(code.split('\n').length).toBeLessThan(40);
  expect(tabTable.recognises(page(TABLE))).toBe(true);
  expect(tabTable.read(page(TABLE))).toEqual({
    kind: 'listing',
    format: 'tab-table',
    shape: 'window',
    nextPages: [],
    statedEmpty: false,
    unreadableEntries: 1,
    warnings: [],
    entries: [
      expect.objectContaining({
        position: 1,
        title: 'Lantern',
        abstract: 'Language models answer at one speed.',
        ids: expect.objectContaining({ arxiv: '2602.90001', arxivVersion: 2 }),
        links: [{ rel: 'page', url: 'https://arxiv.org/abs/2602.90001v2' }],
      }),
      expect.objectContaining({ position: 3, title: 'Maps Without Cameras', links: [] }),
    ],
  });
});

test('docs/sources.md: the example says of every shorter page that it is cut, or reads it the same', () => {
  for (let end = 25; end < TABLE.length; end++) {
    const reading = tabTable.read(page(TABLE.slice(0, end)));
    if (reading.kind === 'unreadable') continue;
    const isSaid = reading.cutBecause !== undefined || TABLE[end - 1] === '\n';
    expect([end, isSaid]).toEqual([end, true]);
    expect(['Lantern', 'Maps Without Cameras']).toEqual(
      expect.arrayContaining(reading.entries.map(({ title }) => title)),
    );
  }
});

test('docs/sources.md: the example takes no page of another reader, nor they its own', () => {
  for (const name of ['plain-text.txt', 'hf-day.html', 'hf-api-2026.json', 'declared-cards.html'])
    expect(tabTable.recognises(rawPage({ bytes: fixture(name) }))).toBe(false);
  expect(READERS.filter((reader) => reader.recognises(page(TABLE)))).toEqual([]);
});
