import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PaperboyError } from '@paperboy/core';

/** A stored message: where it is, and its first MiB as received. */
export interface StoredMail {
  /** The file, and in an mbox also the place: `bounces.mbox:12`. */
  readonly name: string;
  readonly raw: Buffer;
}

const MOST_BYTES = 2 ** 20;

/**
 * The messages that a path holds, one at a time: a file with one message, an mbox, a maildir (`new` and `cur`), or a
 * folder of such files, in order of their names. Nothing is moved or marked. Throws NOT_FOUND.
 */
export async function* mailFiles(path: string, name: string = path): AsyncGenerator<StoredMail> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new PaperboyError('NOT_FOUND', `no file or folder ${name}`);
  if (found.isFile()) yield* messagesIn(path, name);
  if (!found.isDirectory()) return;
  const entries = await readdir(path, { withFileTypes: true });
  const isMaildir = ['new', 'cur'].every((part) =>
    entries.some((entry) => entry.isDirectory() && entry.name === part),
  );
  if (isMaildir) {
    for (const part of ['new', 'cur']) yield* mailFiles(join(path, part), join(name, part));
    return;
  }
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  for (const file of files.map((entry) => entry.name).sort()) {
    yield* messagesIn(join(path, file), join(name, file));
  }
}

async function* messagesIn(path: string, name: string): AsyncGenerator<StoredMail> {
  const start = await firstBytes(path);
  if (start.toString('latin1', 0, 5) === 'From ') yield* messagesOfMbox(path, name);
  else yield { name, raw: start };
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(MOST_BYTES);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, MOST_BYTES - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === MOST_BYTES) return buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

/** An mbox may be larger than memory: it is read in pieces, and of each message a MiB is kept. */
async function* messagesOfMbox(path: string, name: string): AsyncGenerator<StoredMail> {
  let count = 0;
  let message = new KeptLines();
  let afterEmpty = true;
  for await (const line of linesOf(path)) {
    const isStart = afterEmpty && line.startsWith('From ');
    if (isStart) {
      if (count > 0) yield { name: `${name}:${count}`, raw: message.take() };
      count += 1;
      message = new KeptLines();
    } else message.add(unquoted(line));
    afterEmpty = /^\r?\n$/.test(line);
  }
  yield { name: `${name}:${count}`, raw: message.take() };
}

/** The quoting that keeps a line of the text from starting a message (mboxrd). */
function unquoted(line: string): string {
  return /^>+From /.test(line) ? line.slice(1) : line;
}

class KeptLines {
  readonly #lines: string[] = [];
  #length = 0;

  add(line: string): void {
    if (this.#length >= MOST_BYTES) return;
    this.#lines.push(line);
    this.#length += line.length;
  }

  take(): Buffer {
    return Buffer.from(this.#lines.join(''), 'latin1').subarray(0, MOST_BYTES);
  }
}

/** Lines with their ends, byte for byte as Latin-1. A line without end is given in pieces. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'latin1' })) {
    const text = rest + String(chunk);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      yield text.slice(start, end + 1);
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > MOST_BYTES) {
      yield rest;
      rest = '';
    }
  }
  if (rest !== '') yield rest;
}
