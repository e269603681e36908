import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { dayInName, fileIn, pageFiles, readPageFile } from './page-files.ts';

const dir = mkdtempSync(join(tmpdir(), 'paperboy-files-'));
afterAll(() => rmSync(dir, { recursive: true }));

test('a name with a day in it tells when the page was seen', () => {
  expect(dayInName('/x/2026-03-11.txt')).toEqual(new Date('2026-03-11T06:00:00Z'));
  expect(dayInName('hf-2026-03-11-evening.html.gz')).toEqual(new Date('2026-03-11T06:00:00Z'));
  expect(dayInName('2026-02-31.txt')).toBeUndefined();
  expect(dayInName('2026-13-01.txt')).toBeUndefined();
  expect(dayInName('12026-03-111.txt')).toBeUndefined();
  expect(dayInName('page.txt')).toBeUndefined();
});

test('a folder stands for its files by name, without hidden ones; another file tells its own time', async () => {
  mkdirSync(join(dir, 'pages', '.inner'), { recursive: true });
  for (const name of ['b.txt', 'a.txt', 'B.txt', '.hidden']) {
    writeFileSync(join(dir, 'pages', name), name);
  }
  const written = new Date('2025-01-02T03:04:05Z');
  utimesSync(join(dir, 'pages', 'a.txt'), written, written);
  const files = await pageFiles(['pages', 'pages/b.txt'], dir);
  expect(files.map(({ name }) => name)).toEqual([
    'pages/B.txt',
    'pages/a.txt',
    'pages/b.txt',
    'pages/b.txt',
  ]);
  expect(files[1]?.seenAt).toEqual(written);
});

test('folders inside are gone through in order, and name the day of their files; a link never leads round', async () => {
  const years = join(dir, 'years');
  for (const folder of ['2025/2025-01-02', '2024']) {
    mkdirSync(join(years, folder), { recursive: true });
  }
  writeFileSync(join(years, '2025/2025-01-02/hf.json'), '');
  writeFileSync(join(years, '2025/2025-01-03.json.gz'), '');
  writeFileSync(join(years, '2024/2024-12-31.json'), '');
  symlinkSync(years, join(years, '2024', 'round'));
  symlinkSync(join(years, 'nowhere'), join(years, '2024', 'lost'));
  const files = await pageFiles(['years'], dir);
  expect(files.map(({ name, seenAt }) => [name, seenAt.toISOString().slice(0, 10)])).toEqual([
    ['years/2024/2024-12-31.json', '2024-12-31'],
    ['years/2025/2025-01-02/hf.json', '2025-01-02'],
    ['years/2025/2025-01-03.json.gz', '2025-01-03'],
  ]);
});

test('a path that is not there is NOT_FOUND before any file is read', async () => {
  await expect(pageFiles(['nowhere'], dir)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(readPageFile(fileIn(dir, 'nowhere'), 10)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('.gz files are unpacked, and neither a large file nor a bomb is held in memory', async () => {
  writeFileSync(join(dir, 'page.txt.gz'), gzipSync('Jun 5'));
  writeFileSync(join(dir, 'large.txt'), Buffer.alloc(2_000));
  writeFileSync(join(dir, 'bomb.gz'), gzipSync(Buffer.alloc(1_000_000)));
  writeFileSync(join(dir, 'broken.gz'), 'no gzip');
  const page = await readPageFile(fileIn(dir, 'page.txt.gz'), 1_000);
  expect(Buffer.from(page).toString()).toBe('Jun 5');
  const read = (name: string) => readPageFile(fileIn(dir, name), 1_500);
  await expect(read('large.txt')).rejects.toMatchObject({ code: 'PAGE_TOO_LARGE' });
  await expect(read('bomb.gz')).rejects.toMatchObject({ code: 'PAGE_TOO_LARGE' });
  await expect(read('broken.gz')).rejects.toMatchObject({ code: 'PAGE_UNREADABLE' });
});
