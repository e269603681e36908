import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { PaperboyError, parseListedOn } from '@paperboy/core';

/** A file as a person named it, and where it is. */
export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/** A saved page. */
export interface PageFile extends NamedFile {
  /** From its name, else when the file was written. */
  readonly seenAt: Date;
}

/** A file that was named in `folder`. */
export function fileIn(folder: string, name: string): NamedFile {
  return { name, path: resolve(folder, name) };
}

/**
 * The files that the names stand for, as seen from `folder`: a folder stands for the files in it and in the folders
 * inside, sorted by name; what is hidden is left out, and links inside lead to files alone. Throws NOT_FOUND.
 */
export async function pageFiles(names: readonly string[], folder: string): Promise<PageFile[]> {
  const lists = await Promise.all(names.map((name) => filesOf(fileIn(folder, name))));
  return lists.flat();
}

async function filesOf(file: NamedFile): Promise<PageFile[]> {
  const found = await stat(file.path).catch(() => undefined);
  if (!found) throw noFile(file);
  return found.isDirectory() ? filesInside(file) : [{ ...file, seenAt: seenAtOf(file, found) }];
}

/** `day` is that of the nearest folder above whose name has one, for files whose own name has none. */
async function filesInside(folder: NamedFile, day = dayInName(folder.path)): Promise<PageFile[]> {
  const entries = await readdir(folder.path, { withFileTypes: true });
  // By code units: a folder's order is the same on every machine and in every language.
  const shown = entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const files: PageFile[] = [];
  for (const entry of shown) {
    const inside = { name: join(folder.name, entry.name), path: join(folder.path, entry.name) };
    if (entry.isDirectory())
      files.push(...(await filesInside(inside, dayInName(inside.path) ?? day)));
    else {
      const found = await stat(inside.path).catch(() => undefined);
      if (found?.isFile()) files.push({ ...inside, seenAt: seenAtOf(inside, found, day) });
    }
  }
  return files;
}

function seenAtOf(file: NamedFile, { mtime }: { readonly mtime: Date }, day?: Date): Date {
  return dayInName(file.path) ?? day ?? mtime;
}

/** Time of day at which a page that is named after a day counts as seen. */
const SEEN_TIME = 'T06:00:00Z';

/** The moment that a name such as `2026-03-11.txt` stands for. */
export function dayInName(path: string): Date | undefined {
  const day = parseListedOn(/(?<!\d)\d{4}-\d\d-\d\d(?!\d)/.exec(basename(path))?.[0] ?? '');
  return day === undefined ? undefined : new Date(`${day}${SEEN_TIME}`);
}

/**
 * The bytes of a saved page, `.gz` unpacked. PAGE_TOO_LARGE before more than `maxBytes` are held, packed or
 * unpacked; NOT_FOUND, or PAGE_UNREADABLE when the file cannot be read.
 */
export async function readPageFile(file: NamedFile, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(file.path);
    if (size > maxBytes) throw tooLarge(file, `${size} bytes`, maxBytes);
    return await collectBytes(file, maxBytes);
  } catch (cause) {
    if (cause instanceof PaperboyError) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') throw noFile(file);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PaperboyError('PAGE_UNREADABLE', `${file.name}: ${reason}`, { cause });
  }
}

async function collectBytes(file: NamedFile, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(file, 'it unpacks to more', maxBytes);
      chunks.push(chunk);
    }
  };
  const bytes = createReadStream(file.path);
  const isPacked = file.path.endsWith('.gz');
  await (isPacked ? pipeline(bytes, createGunzip(), take) : pipeline(bytes, take));
  return Buffer.concat(chunks, size);
}

function noFile({ name }: NamedFile): PaperboyError {
  return new PaperboyError('NOT_FOUND', `there is no file ${name}`);
}

function tooLarge({ name }: NamedFile, size: string, maxBytes: number): PaperboyError {
  return new PaperboyError(
    'PAGE_TOO_LARGE',
    `${name}: ${size}, over the limit of ${maxBytes} bytes`,
  );
}
