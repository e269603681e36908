import { expect, test } from 'vitest';
import { type BackupPart, partLine, ROWS_END, readBackupParts } from './backup-parts.ts';

const head = {
  kind: 'head',
  format: 1,
  madeAt: '2026-06-05T06:00:00.000Z',
  migrations: ['0001_first'],
  about: { version: '0.1.0' },
} as const;
/** The second row is what a text of `\.` and a line break looks like. */
const rows = Buffer.from('1\tdunes\n2\t\\\\.\\n\n3\t\\N\n');
const WHOLE = Buffer.concat([
  partLine(head),
  partLine({ kind: 'table', table: 'none', columns: ['id'] }),
  ROWS_END,
  partLine({ kind: 'table', table: 'paper', columns: ['id', 'title'] }),
  rows,
  ROWS_END,
  partLine({ kind: 'sequence', sequence: 'paper_id_seq', value: '3', called: true }),
  partLine({ kind: 'end', count: 3 }),
]);

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The parts, with rows that follow one another as one text. */
async function read(bytes: Buffer, size = bytes.length): Promise<(BackupPart | string)[]> {
  const parts: (BackupPart | string)[] = [];
  for await (const part of readBackupParts(inPieces(bytes, size))) {
    const before = parts.at(-1);
    if (part.kind !== 'rows') parts.push(part);
    else if (typeof before === 'string') parts[parts.length - 1] = before + part.rows;
    else parts.push(String(part.rows));
  }
  return parts;
}

test('a backup reads the same in whatever pieces it arrives', async () => {
  const whole = await read(WHOLE);
  expect(whole).toEqual([
    head,
    { kind: 'table', table: 'none', columns: ['id'] },
    { kind: 'table', table: 'paper', columns: ['id', 'title'] },
    String(rows),
    { kind: 'sequence', sequence: 'paper_id_seq', value: '3', called: true },
    { kind: 'end', count: 3 },
  ]);
  for (const size of [1, 2, 3, 5, 64]) expect(await read(WHOLE, size)).toEqual(whole);
});

test('one that was cut off anywhere is told from a whole one', async () => {
  for (let length = 1; length < WHOLE.length; length += 1)
    await expect(read(WHOLE.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
    });
});

test.each([
  ['a text', 'Reading list\n'],
  ['other JSON', '{"kind":"paper"}\n'],
  ['a later format', `${JSON.stringify({ ...head, format: 2 })}\n`],
  ['no head', String(partLine({ kind: 'end', count: 0 }))],
  ['two heads', String(partLine(head)).repeat(2)],
  ['more after the end', `${partLine(head)}${partLine({ kind: 'end', count: 0 })}x\n`],
])('%s is no backup', async (_, text) => {
  await expect(read(Buffer.from(text))).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
});
