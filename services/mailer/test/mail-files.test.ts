import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailFiles } from '../src/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mail-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function save(name: string, text: string | Buffer): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), text);
}

async function read(name: string) {
  const found: [name: string, text: string][] = [];
  for await (const mail of mailFiles(join(folder, name), name)) {
    found.push([mail.name, mail.raw.toString('latin1')]);
  }
  return found;
}

test('a file with one message is that message, byte for byte', async () => {
  await save('one.eml', Buffer.from('Subject: \xe9\r\n\r\nx', 'latin1'));
  expect(await read('one.eml')).toEqual([['one.eml', 'Subject: \xe9\r\n\r\nx']]);
});

test('an mbox is taken apart at its From lines, and only there', async () => {
  const text = [
    'From a@example.net Wed Mar 11 07:30:00 2026',
    'Subject: one',
    '',
    'It goes on below.',
    'From here it is text, as no empty line stands before it.',
    '',
    '>From quoted',
    '',
    'From b@example.net Wed Mar 11 07:31:00 2026',
    'Subject: two',
    '',
    'end',
  ].join('\n');
  await save('two.mbox', text);
  const found = await read('two.mbox');
  expect(found.map(([name]) => name)).toEqual(['two.mbox:1', 'two.mbox:2']);
  expect(found[0]?.[1]).toContain('\nFrom here it is text');
  expect(found[0]?.[1]).toContain('\nFrom quoted\n');
  expect(found[1]?.[1]).toBe('Subject: two\n\nend');
});

test('a maildir has new and read messages, a folder its files', async () => {
  await save('Maildir/new/2', 'two');
  await save('Maildir/cur/1:2,S', 'one');
  await save('Maildir/tmp/3', 'half written');
  expect(await read('Maildir')).toEqual([
    ['Maildir/new/2', 'two'],
    ['Maildir/cur/1:2,S', 'one'],
  ]);
  await save('folder/b.eml', 'b');
  await save('folder/a.eml', 'a');
  await save('folder/.hidden', 'x');
  expect((await read('folder')).map(([, text]) => text)).toEqual(['a', 'b']);
});

test('of a message larger than a MiB the beginning is read, and a line without end is no trouble', async () => {
  await save('large.eml', Buffer.alloc(3 * 2 ** 20, 'x'));
  expect((await read('large.eml'))[0]?.[1]).toHaveLength(2 ** 20);
  await save(
    'large.mbox',
    Buffer.concat([Buffer.from('From x\n'), Buffer.alloc(5 * 2 ** 20, 'x')]),
  );
  expect((await read('large.mbox')).map(([, text]) => text.length)).toEqual([2 ** 20]);
});

test('what is not there is told by name', async () => {
  await expect(read('missing')).rejects.toThrow('no file or folder missing');
});
