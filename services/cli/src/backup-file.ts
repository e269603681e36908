import { createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { PaperboyError } from '@paperboy/core';
import type { NamedFile } from './page-files.ts';

/** Large rows, such as pages, are then put together of few pieces. */
const CHUNK = 256 * 1024;

/**
 * Packs a backup into a file (gzip), which its owner alone may read. The file appears under its name when it is whole
 * and on the disk; until then one that is there stays. Gives its size in bytes.
 */
export async function writeBackupFile(
  { name, path }: NamedFile,
  pieces: AsyncIterable<Buffer>,
): Promise<number> {
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await pipeline(pieces, createGzip({ level: 6, chunkSize: CHUNK }), async (packed) => {
        for await (const chunk of packed) await file.writeFile(chunk);
      });
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    const { size } = await stat(path);
    return size;
  } catch (cause) {
    await rm(draft, { force: true });
    throw fileFailure(name, cause);
  }
}

/** Unpacks a backup. Throws NOT_FOUND, or BACKUP_INVALID where it is no gzip or ends too early. */
export async function* readBackupFile({ name, path }: NamedFile): AsyncGenerator<Buffer> {
  const unpacked = createGunzip({ chunkSize: CHUNK });
  const done = pipeline(createReadStream(path, { highWaterMark: CHUNK }), unpacked);
  // Met below, at the end of what could be read.
  done.catch(() => {});
  try {
    for await (const chunk of unpacked) yield chunk;
    await done;
  } catch (cause) {
    throw fileFailure(name, cause);
  }
}

function fileFailure(name: string, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (cause instanceof PaperboyError) return cause;
  if (code === 'ENOENT') return new PaperboyError('NOT_FOUND', `there is no ${name}`, { cause });
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new PaperboyError('DISK_FULL', `no space is left for ${name}`, { cause });
  if (code.startsWith('Z_'))
    return new PaperboyError('BACKUP_INVALID', `${name} is cut off or damaged`, { cause });
  if (/^E[A-Z]+$/.test(code)) return new PaperboyError('USAGE', `${name}: ${code}`, { cause });
  return cause;
}

/** Tells one secret from another without telling it: a backup fits only the secret that signed its links and addresses. */
export function secretMark(secret: string): string {
  return createHmac('sha256', secret).update('paperboy backup').digest('hex').slice(0, 32);
}
