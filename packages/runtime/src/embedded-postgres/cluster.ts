import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PaperboyError } from '@paperboy/core';
import { inHome } from '../home.ts';
import { POSTGRES_MAJOR } from './find-binaries.ts';
import { giveTo, isMapped, type RunAs } from './run-as.ts';

/** A database folder: PostgreSQL's files, its log, and what is needed to log in. */
export interface Cluster {
  readonly dir: string;
  readonly dataDir: string;
  readonly logFile: string;
}

/** How to reach the server; kept beside its files with mode 0600. */
export interface ClusterState {
  readonly password: string;
  /** The last port; tried first at the next start. */
  readonly port: number;
  /** The last start ran as root mapped to another user. */
  readonly isMapped: boolean;
}

/** The database's superuser, and ours. */
export const POSTGRES_USER = 'paperboy';

/** A log above this size is put aside at the next start; one older log is kept. */
const MAX_LOG_BYTES = 10 * 2 ** 20;

/** The cluster in `dir`, which is made if needed. */
export function clusterIn(dir: string): Cluster {
  inHome(dir, () => mkdirSync(dir, { recursive: true, mode: 0o700 }));
  return { dir, dataDir: join(dir, 'data'), logFile: join(dir, 'postgres.log') };
}

/** Whether the database was made before. POSTGRES_VERSION if by another major version. */
export function isMade({ dataDir }: Cluster): boolean {
  const file = join(dataDir, 'PG_VERSION');
  if (!existsSync(file)) return false;
  const major = readFileSync(file, 'utf8').trim();
  if (major === POSTGRES_MAJOR) return true;
  throw new PaperboyError(
    'POSTGRES_VERSION',
    `${dataDir} is of PostgreSQL ${major}, this is ${POSTGRES_MAJOR}`,
  );
}

/**
 * Makes the database by initdb, in a folder of its own that gets its name when it is complete, so
 * that a start killed half-way leaves nothing that looks like a database.
 */
export async function makeCluster(cluster: Cluster, runAs: RunAs, fsync: boolean): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  // A new name each time: an initdb whose parent was killed may still write into the last one.
  const draft = join(cluster.dir, `${DRAFT}${randomBytes(4).toString('hex')}`);
  const draftData = join(draft, 'data');
  const passwordFile = join(draft, 'password');
  inHome(cluster.dir, () => {
    removeDrafts(cluster);
    mkdirSync(draftData, { recursive: true, mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    giveTo(runAs.owner, draft);
  });
  try {
    await runInitdb(cluster, runAs, [
      ...['-D', draftData, '-U', POSTGRES_USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      // The same order of text on every machine, whatever its locale.
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      '--data-checksums',
      ...(fsync ? [] : ['--no-sync']),
    ]);
    inHome(cluster.dir, () => {
      writeState(cluster, { password, port: 0, isMapped: isMapped(runAs) });
      renameSync(draftData, cluster.dataDir);
    });
  } finally {
    removeDrafts(cluster);
  }
}

const DRAFT = 'initdb-';

function removeDrafts({ dir }: Cluster): void {
  for (const name of readdirSync(dir).filter((entry) => entry.startsWith(DRAFT))) {
    rmSync(join(dir, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function runInitdb(cluster: Cluster, runAs: RunAs, args: readonly string[]): Promise<void> {
  const since = openLog(cluster);
  const { child, failed } = launch(cluster, runAs, runAs.binaries.initdb, args);
  const code = await new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  if (code !== 0) throw failure(cluster, since, 'the database could not be made', failed());
}

/** Starts one of PostgreSQL's programs with its output in the log. */
export function launch(cluster: Cluster, runAs: RunAs, program: string, args: readonly string[]) {
  const [command = program, ...rest] = [...runAs.prefix, program, ...args];
  const logFd = inHome(cluster.dir, () => openSync(cluster.logFile, 'a', 0o600));
  try {
    const child = spawn(command, rest, {
      ...runAs.spawn,
      // A group of its own: Ctrl-C must reach Node alone, which then stops the server in order.
      detached: true,
      stdio: ['ignore', logFd, logFd],
      // Nothing of the caller's: PGDATA, PGOPTIONS, locale and time zone would all be followed.
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    });
    let error: Error | undefined;
    child.once('error', (thrown) => {
      error = thrown;
    });
    return { child, failed: () => error };
  } finally {
    closeSync(logFd);
  }
}

/** Puts a large log aside. Gives the offset at which the lines of this start begin. */
export function openLog({ logFile }: Cluster): number {
  const size = existsSync(logFile) ? statSync(logFile).size : 0;
  if (size < MAX_LOG_BYTES) return size;
  renameSync(logFile, `${logFile}.1`);
  return 0;
}

/** What the log says since `offset`. */
export function logSince({ logFile }: Cluster, offset: number): string {
  return existsSync(logFile) ? readFileSync(logFile).subarray(offset).toString('utf8') : '';
}

/** A failed step as a coded error that quotes the decisive line and names the log. */
export function failure(
  cluster: Cluster,
  since: number,
  what: string,
  cause?: Error,
): PaperboyError {
  const lines = logSince(cluster, since).split('\n');
  if (lines.some((line) => line.includes('No space left on device'))) {
    return new PaperboyError(
      'DISK_FULL',
      `no space is left for ${cluster.dir}; see ${cluster.logFile}`,
      { cause },
    );
  }
  const decisive = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? cause?.message;
  const detail = decisive === undefined ? what : `${what}: ${decisive.trim()}`;
  return new PaperboyError('POSTGRES_UNAVAILABLE', `${detail}; see ${cluster.logFile}`, { cause });
}

/** Undefined if the file is missing or damaged. */
export function readState({ dir }: Cluster): ClusterState | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(join(dir, 'server.json'), 'utf8'));
    if (typeof state !== 'object' || state === null || !('password' in state) || !('port' in state))
      return undefined;
    const { password, port } = state;
    if (typeof password !== 'string' || typeof port !== 'number') return undefined;
    return { password, port, isMapped: 'isMapped' in state && state.isMapped === true };
  } catch {
    return undefined;
  }
}

/** Whole or not at all: written aside, then renamed. */
export function writeState({ dir }: Cluster, state: ClusterState): void {
  const file = join(dir, 'server.json');
  const aside = `${file}.${process.pid}`;
  try {
    writeFileSync(aside, JSON.stringify(state), { mode: 0o600 });
    renameSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}
