import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PaperboyError } from '@paperboy/core';
import { type Home, inHome } from '../home.ts';
import { thisProcess, waitForLock } from '../lock-file.ts';
import type { Log } from '../log.ts';
import { isRunning, printIdentity, readIdentity } from '../process-identity.ts';
import type { Service } from '../service.ts';
import { startPostgres } from './server.ts';

/** The embedded server as one of its users sees it. Stopping ends the server only for the last user. */
export interface SharedPostgres extends Service {
  readonly name: 'postgres';
  readonly url: string;
  readonly adopted: boolean;
  isRunning(): boolean;
}

/** Making a database and stopping a busy server both take less. */
const LOCK_TIMEOUT_MS = 90_000;

/**
 * The embedded server of a data folder, shared by all processes that work on it: the first user
 * starts it, the last one out stops it, whoever they are. A user that was killed does not count.
 * `onWaiting` is called while the server gets ready, if it has to.
 */
export async function openPostgres(
  home: Home,
  log: Log,
  onWaiting?: () => void,
): Promise<SharedPostgres> {
  const dir = home.path('postgres');
  const users = join(dir, 'users');
  inHome(dir, () => mkdirSync(users, { recursive: true, mode: 0o700 }));
  return locked(dir, async () => {
    const server = await startPostgres({ dir, log, ...(onWaiting && { onWaiting }) });
    const leave = inHome(dir, () => enter(users));
    const stop = () =>
      locked(dir, async () => {
        leave();
        if (countUsers(users) === 0) await server.stop();
      });
    return { ...server, name: 'postgres', stop };
  });
}

/** One start or stop at a time on a folder. */
async function locked<T>(dir: string, step: () => Promise<T>): Promise<T> {
  const release = await waitForLock(join(dir, 'lock'), LOCK_TIMEOUT_MS);
  if (release === undefined) {
    throw new PaperboyError(
      'HOME_IN_USE',
      `another process keeps starting or stopping the database in ${dir}`,
    );
  }
  try {
    return await step();
  } finally {
    release();
  }
}

let entries = 0;

/** Writes this user into the book, a file each; one process may open the server more than once. */
function enter(users: string): () => void {
  entries += 1;
  const file = join(users, `${process.pid}-${entries}`);
  writeFileSync(file, printIdentity(thisProcess()), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Users that still run; the files of the others are removed. */
function countUsers(users: string): number {
  return readdirSync(users).filter((name) => {
    const user = readIdentity(readFileSync(join(users, name), 'utf8'));
    if (user !== undefined && isRunning(user)) return true;
    rmSync(join(users, name), { force: true });
    return false;
  }).length;
}
