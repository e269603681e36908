import { createReadStream, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { PaperboyError } from '@paperboy/core';

/** A saved page. */
export interface PageFile {
  readonly path: string;
  /** From its name, else when the file was written. */
  readonly seenAt: Date;
}

/**
 * The files that the paths name: a folder stands for the files in it, sorted by name; hidden ones and
 * folders inside are left out. Throws NOT_FOUND.
 */
export async function pageFiles(paths: readonly string[]): Promise<PageFile[]> {
  const lists = await Promise.all(paths.map((path) => filesOf(path)));
  return lists.flat();
}

async function filesOf(path: string): Promise<PageFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new PaperboyError('NOT_FOUND', `there is no file ${path}`);
  if (!found.isDirectory()) return [{ path, seenAt: dayInName(path) ?? found.mtime }];
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.filter(isPage).map(({ name }) => name);
  // By code units: a folder's order is the same on every machine and in every language.
  const nested = await Promise.all(names.sort().map((name) => filesOf(join(path, name))));
  return nested.flat();
}

function isPage(entry: Dirent): boolean {
  return !entry.isDirectory() && !entry.name.startsWith('.');
}

/** Hour at which a page that is named after a day counts as seen. */
const SEEN_HOUR = '06:00:00Z';

/** The moment that a name such as `2026-03-11.txt` stands for. */
export function dayInName(path: string): Date | undefined {
  const day = /(?<!\d)\d{4}-\d\d-\d\d(?!\d)/.exec(basename(path))?.[0];
  const date = new Date(`${day}T${SEEN_HOUR}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * The bytes of a saved page, `.gz` unpacked. PAGE_TOO_LARGE before more than `maxBytes` are held, packed or
 * unpacked; PAGE_UNREADABLE when the file cannot be read.
 */
export async function readPageFile(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw tooLarge(path, `${size} bytes`, maxBytes);
    return await collectBytes(path, maxBytes);
  } catch (cause) {
    if (cause instanceof PaperboyError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PaperboyError('PAGE_UNREADABLE', `${path}: ${reason}`, { cause });
  }
}

async function collectBytes(path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(path, 'more', maxBytes);
      chunks.push(chunk);
    }
  };
  const file = createReadStream(path);
  await (path.endsWith('.gz') ? pipeline(file, createGunzip(), take) : pipeline(file, take));
  return Buffer.concat(chunks, size);
}

function tooLarge(path: string, size: string, maxBytes: number): PaperboyError {
  return new PaperboyError('PAGE_TOO_LARGE', `${path}: ${size}, over the limit of ${maxBytes}`);
}
