import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordReading } from '@paperboy/ingest';
import { ensureSource, openStore, type Store } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CapturedFile, captureInGroups } from '../src/capture-files.ts';
import { pageFiles } from '../src/page-files.ts';
import { type Installation, installation } from './support.ts';

let paperboy: Installation;
let store: Store;
beforeAll(async () => {
  paperboy = await installation();
  store = openStore({ url: paperboy.env.DATABASE_URL ?? '' });
});
afterAll(async () => {
  await store.close();
  await paperboy.close();
});

test('a page that is recorded is not read again, whatever format is named; one that is only kept is', async () => {
  await paperboy.run('migrate');
  const { source } = await ensureSource(store.db, { name: 'saved', title: 'Saved' });
  for (const day of [1, 2]) {
    const page = `Sep ${day}\n\nA work of day ${day}\n\nWhat it is about, told in a sentence.\n`;
    writeFileSync(join(paperboy.dir, `2026-09-0${day}.txt`), page);
  }
  writeFileSync(join(paperboy.dir, '2026-09-03.txt.gz'), 'no gzip');
  const names = ['2026-09-01.txt', '2026-09-02.txt', '2026-09-03.txt.gz'];
  const files = await pageFiles(names, paperboy.dir);
  const capture = async (choice = {}) => {
    const shared = { db: store.db, settings: { fetchMaxBytes: 1_000_000 } };
    const captured: CapturedFile[] = [];
    for await (const group of captureInGroups(shared, source, files, choice))
      captured.push(...group);
    return captured;
  };
  const readings = (captured: readonly CapturedFile[]) =>
    captured.map((file) => (file.kind === 'failed' ? 'failed' : file.reading?.kind));
  const first = await capture();
  expect(readings(first)).toEqual(['listing', 'listing', 'failed']);
  const [kept] = first;
  if (kept?.kind !== 'kept' || !kept.reading) throw new Error('the page was not kept');
  const { listingPageId, seenAt, reading } = kept;
  await recordReading(store.db, { listingPageId, sourceId: source.id, seenAt }, reading);
  const again = await capture({ format: 'plain-text' });
  expect(readings(again)).toEqual([undefined, 'listing', 'failed']);
  expect(again).toMatchObject([{ isRead: true }, { isRead: false }, { kind: 'failed' }]);
});
