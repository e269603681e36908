import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MAX_PAGE_BYTES, readPage } from '@paperboy/readers';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkPageDeclaration } from './declaration-file.ts';

const root = resolve(import.meta.dirname, '../../..');
const doc = readFileSync(resolve(root, 'docs/sources.md'), 'utf8');
const bytes = readFileSync(resolve(root, 'packages/readers/fixtures/declared-cards.html'));

test('docs/sources.md: the declaration that it shows reads its page', () => {
  const { address, declaration } = checkPageDeclaration(
    parse(/```yaml\n([\s\S]*?)```/.exec(doc)?.[1] ?? ''),
  );
  expect(address).toBe('https://lab.example.org/reading/');
  expect(
    readPage({ bytes, declaration, address: address ?? '', maxBytes: MAX_PAGE_BYTES }),
  ).toMatchObject({
    kind: 'listing',
    claimed: 3,
    nextPages: ['https://lab.example.org/reading/?page=2'],
    unreadableEntries: 0,
    entries: [
      {
        title: 'Lantern: Slow Decoding for Careful Answers',
        authors: ['Ada Quill', 'José Márquez', 'Li Wen'],
        publishedAt: '2026-02-02',
        ids: { arxiv: '2602.90001' },
        links: [{ url: 'https://lab.example.org/reading/2602.90001' }],
      },
      { title: 'δ-Prune: Removing Heads That Agree' },
      { title: 'Maps Without Cameras', ids: { doi: '10.5555/maps.3' } },
    ],
  });
});

test('docs/sources.md has a row for every field of a declaration', () => {
  const rows = doc.split('| Field | |')[1]?.split('\n\n')[0] ?? '';
  const told = [...rows.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) => [
    ...cell.matchAll(/`(\w+)`/g),
  ]);
  const fields = 'list title span link abstract authors date id claimed next empty minEntries';
  expect(told.map(([, name]) => name).sort()).toEqual(fields.split(' ').sort());
});
