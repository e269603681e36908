import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { PaperboyError } from '@paperboy/core';
import type { Binaries } from './find-binaries.ts';

/** How to run the server's programs, because PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly binaries: Binaries;
  /** Program and arguments that go before each command. */
  readonly prefix: readonly string[];
  /** Other ids for the child process; it then starts in `/`, which every user may enter. */
  readonly spawn: { readonly uid?: number; readonly gid?: number; readonly cwd?: string };
  /** Who must own the database's files. */
  readonly owner: number;
}

/** `nobody` by convention; needs no entry in /etc/passwd. */
const NOBODY = 65_534;

/** As a new user namespace sees root: `nobody` to itself, root's own files to the file system. */
const NAMESPACE = ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/**
 * An ordinary user runs the programs as they are. Root maps itself to `nobody` in a user namespace,
 * which needs no user and leaves all files root's; where namespaces are forbidden (many containers)
 * the server really runs as uid 65534. POSTGRES_ROOT if that fails too. What is `knownToMap` is not tried
 * out again: to run a program only to see whether it can be run takes 50 ms.
 */
export function chooseRunAs(binaries: Binaries, dir: string, knownToMap = false): RunAs {
  const uid = process.getuid?.() ?? -1;
  const plain = { binaries, prefix: [], spawn: {}, owner: uid };
  if (uid !== 0) return plain;
  const mapped = { ...plain, prefix: NAMESPACE };
  return knownToMap || answers(mapped) ? mapped : asNobody(binaries, dir);
}

/** Whether root maps itself, which the next start may take as known. */
export function isMapped({ prefix }: RunAs): boolean {
  return prefix.length > 0;
}

/** Makes `path` and all in it belong to the owner, after a start in the other way. Root only. */
export function giveTo(owner: number, path: string): void {
  if (process.getuid?.() !== 0 || lstatSync(path).uid === owner) return;
  const inside = lstatSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
    : [];
  for (const name of inside) lchownSync(join(path, name), owner, owner);
  // Last, so that an interrupted walk is noticed and repeated.
  lchownSync(path, owner, owner);
}

function asNobody(binaries: Binaries, dir: string): RunAs {
  openWay(dir);
  const asIs = {
    binaries,
    prefix: [],
    spawn: { uid: NOBODY, gid: NOBODY, cwd: '/' },
    owner: NOBODY,
  };
  if (answers(asIs)) return asIs;
  // A checkout below /root cannot be entered by others, so the programs (60 MB) go elsewhere.
  const copied = { ...asIs, binaries: copyOf(binaries) };
  if (answers(copied)) return copied;
  const detail =
    'PostgreSQL refuses to run as root, and neither a user namespace nor uid 65534 can be used here';
  throw new PaperboyError('POSTGRES_ROOT', detail);
}

function answers({ binaries, prefix, spawn }: RunAs): boolean {
  const [program = binaries.postgres, ...rest] = [...prefix, binaries.postgres, '--version'];
  return spawnSync(program, rest, { ...spawn, stdio: 'ignore' }).status === 0;
}

/** Lets `nobody` pass through (not list) our two folders; those above are not ours to change. */
function openWay(dir: string): void {
  for (const ours of [dirname(dir), dir]) chmodSync(ours, statSync(ours).mode | 0o011);
  const root = parse(dir).root;
  for (let above = dirname(dirname(dir)); above !== root; above = dirname(above)) {
    if ((statSync(above).mode & 0o001) !== 0) continue;
    const detail = `uid ${NOBODY}, which runs the database for root, may not enter ${above}`;
    throw new PaperboyError('POSTGRES_ROOT', detail);
  }
}

const COPY = '/var/tmp/paperboy-postgres';

/** A copy of the programs and their libraries that only root can change and everybody can run. */
function copyOf({ initdb, postgres }: Binaries): Binaries {
  const source = resolve(dirname(postgres), '..');
  const { mtimeMs, size } = statSync(postgres);
  const target = `${COPY}-${size}-${Math.round(mtimeMs)}`;
  if (!isOurs(target)) {
    const fresh = `${target}.${process.pid}`;
    mkdirSync(fresh, { mode: 0o755 });
    cpSync(source, fresh, { recursive: true, verbatimSymlinks: true });
    chmodSync(fresh, 0o755);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  }
  const bin = join(target, 'bin');
  return { initdb: join(bin, parse(initdb).base), postgres: join(bin, parse(postgres).base) };
}

/** Others can make folders in /var/tmp too: nothing is run that somebody else could have put there. */
function isOurs(path: string): boolean {
  try {
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}
