import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
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

/** What is in a file. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  /** The file itself, where `bytes` were packed in it. */
  readonly packed?: Buffer;
}

/** The bytes of a saved page, as `openPageFile` has them. */
export async function readPageFile(file: NamedFile, maxBytes: number): Promise<Uint8Array> {
  const { bytes } = await openPageFile(file, maxBytes);
  return bytes;
}

/**
 * The bytes of a saved page, `.gz` unpacked. PAGE_TOO_LARGE before more than `maxBytes` are held, packed or
 * unpacked; NOT_FOUND, or PAGE_UNREADABLE when the file cannot be read.
 */
export async function openPageFile(file: NamedFile, maxBytes: number): Promise<FileBytes> {
  try {
    const { size } = await stat(file.path);
    if (size > maxBytes) throw tooLarge(file, `${size} bytes`, maxBytes);
    const read = await readUpTo(file, maxBytes);
    if (!file.path.endsWith('.gz')) return { bytes: read };
    return { bytes: await unpackUpTo(file, read, maxBytes), packed: read };
  } catch (cause) {
    if (cause instanceof PaperboyError) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') throw noFile(file);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PaperboyError('PAGE_UNREADABLE', `${file.name}: ${reason}`, { cause });
  }
}

const unpack = promisify(gunzip);

/** Counted while it is read: a file may grow, and a device has no size at all. */
async function readUpTo(file: NamedFile, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(file.path)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(file, 'there is more in it', maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

async function unpackUpTo(file: NamedFile, packed: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await unpack(packed, { maxOutputLength: maxBytes, chunkSize: chunkSizeOf(packed) });
  } catch (cause) {
    const isOver =
      cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw isOver ? tooLarge(file, 'it unpacks to more', maxBytes) : cause;
  }
}

const CHUNK = { least: 16 * 1024, most: 1024 * 1024 } as const;

/**
 * Room for all that is packed, so that it is unpacked in one go: a gzip ends with the length of what is in it (RFC
 * 1952, 2.3.1). A file may lie there, or be no gzip.
 */
function chunkSizeOf(packed: Buffer): number {
  const length = packed.byteLength < 18 ? 0 : packed.readUInt32LE(packed.byteLength - 4);
  return Math.min(Math.max(length + 1, CHUNK.least), CHUNK.most);
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
