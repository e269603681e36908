import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  identityOf,
  isRunning,
  type ProcessIdentity,
  printIdentity,
  readIdentity,
} from './process-identity.ts';

export type LockAttempt =
  | { readonly kind: 'taken'; readonly release: () => void }
  | { readonly kind: 'held'; readonly by: ProcessIdentity };

/**
 * Takes a lock that ends with this process: a file that names its owner. One left behind by a
 * process that was killed is taken over, also when its pid number runs again as something else.
 */
export function takeLock(path: string): LockAttempt {
  const mine = uniqueName(path);
  writeFileSync(mine, printIdentity(thisProcess()), { mode: 0o600 });
  try {
    for (;;) {
      // A link appears whole and at once, so nobody reads a half-written lock.
      if (tryLink(mine, path))
        return { kind: 'taken', release: () => rmSync(path, { force: true }) };
      const written = readIfThere(path);
      const owner = readIdentity(written ?? '');
      if (owner !== undefined && isRunning(owner)) return { kind: 'held', by: owner };
      if (written !== undefined) removeStale(path, written);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Waits while others hold the lock. `undefined` after `timeoutMs`. */
export async function waitForLock(
  path: string,
  timeoutMs: number,
): Promise<(() => void) | undefined> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const attempt = takeLock(path);
    if (attempt.kind === 'taken') return attempt.release;
    if (performance.now() > end) return undefined;
    await sleep(15);
  }
}

/** This process as the owner of locks. */
export function thisProcess(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
}

/** Two processes may find the same dead lock: only what was read is removed, never a new owner's. */
function removeStale(path: string, expected: string): void {
  const aside = uniqueName(path);
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) !== expected) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

let names = 0;

function uniqueName(path: string): string {
  names += 1;
  return `${path}.${process.pid}.${names}`;
}
