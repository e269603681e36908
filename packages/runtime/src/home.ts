import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PaperboyError } from '@paperboy/core';
import { takeLock } from './lock-file.ts';

/** The data folder: everything that this installation keeps on disk. */
export interface Home {
  /** Absolute. */
  readonly dir: string;
  /** The path of a file or folder in it. */
  path(...names: string[]): string;
  /**
   * Claims the folder for the one process that runs services on it. HOME_IN_USE if another does;
   * a claim left by a killed process does not count.
   */
  claim(): () => void;
  /** The key that signs links: made on first use, kept with mode 0600. */
  secret(): string;
  /** Puts the key of another installation in its place, whose data comes with it. */
  adoptSecret(secret: string): void;
}

/** Below this a database stops in the middle of its work; making a new one (40 MiB) tells by itself. */
const NEEDED_BYTES = 16 * 2 ** 20;

/** Opens the data folder, making it if needed. HOME_UNWRITABLE or DISK_FULL if nothing could be kept in it. */
export function openHome(folder: string, { neededBytes = NEEDED_BYTES } = {}): Home {
  const dir = resolve(folder);
  const path = (...names: string[]) => join(dir, ...names);
  inHome(dir, () => {
    makeFolder(dir);
    const probe = path(`.probe.${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
  });
  refuseFullDisk(dir, neededBytes);
  return {
    dir,
    path,
    claim: () => claim(dir),
    secret: () => inHome(dir, () => keptSecret(dir)),
    adoptSecret: (secret) => inHome(dir, () => adoptSecret(dir, secret)),
  };
}

/** Not Node's own `recursive`: where a file system answers ENOENT to mkdir (/proc), that never ends. */
function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  makeFolder(dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    // Two first starts at once.
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

function claim(dir: string): () => void {
  const attempt = inHome(dir, () => takeLock(join(dir, 'services.lock')));
  if (attempt.kind === 'taken') return attempt.release;
  throw new PaperboyError('HOME_IN_USE', `process ${attempt.by.pid} runs on ${dir}`);
}

function keptSecret(dir: string): string {
  const file = join(dir, 'secret');
  if (!existsSync(file)) makeSecret(file);
  return readFileSync(file, 'utf8').trim();
}

/** Two first starts at once agree on one secret: the file appears whole, and the later one keeps it. */
function makeSecret(file: string): void {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, randomBytes(32).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(mine, file);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function adoptSecret(dir: string, secret: string): void {
  const mine = join(dir, `secret.${process.pid}`);
  writeFileSync(mine, secret, { mode: 0o600 });
  renameSync(mine, join(dir, 'secret'));
}

function refuseFullDisk(dir: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(dir);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new PaperboyError(
    'DISK_FULL',
    `${mib(free)} MiB are free for ${dir}, ${mib(neededBytes)} are needed`,
  );
}

/** Runs a step on the data folder; what the file system refuses becomes a coded error. */
export function inHome<T>(dir: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOSPC' || errno === 'EDQUOT') {
      throw new PaperboyError('DISK_FULL', `no space is left for ${dir}`, { cause: error });
    }
    if (errno === undefined) throw error;
    throw new PaperboyError('HOME_UNWRITABLE', `${dir} (${errno})`, { cause: error });
  }
}

function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

function mib(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}
