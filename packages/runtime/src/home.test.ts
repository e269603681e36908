import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PaperboyError } from '@paperboy/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from './home.ts';
import { takeLock, waitForLock } from './lock-file.ts';
import { identityOf, isRunning, printIdentity } from './process-identity.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'home-'));
});
afterEach(() => {
  chmodSync(dir, 0o700);
  rmSync(dir, { recursive: true });
});

function codeOf(step: () => unknown): string | undefined {
  try {
    step();
  } catch (error) {
    return error instanceof PaperboyError ? error.code : String(error);
  }
  return undefined;
}

test('the data folder is made with access for its owner alone', () => {
  const home = openHome(join(dir, 'deep/er'));
  expect(statSync(home.dir).mode & 0o777).toBe(0o700);
  expect(home.path('postgres', 'data')).toBe(join(dir, 'deep/er/postgres/data'));
});

test('the secret is made once, is long, and only its owner can read it', () => {
  const secret = openHome(dir).secret();
  expect(secret.length).toBeGreaterThanOrEqual(43);
  expect(openHome(dir).secret()).toBe(secret);
  expect(statSync(join(dir, 'secret')).mode & 0o777).toBe(0o600);
});

test('a file where the folder should be is told as HOME_UNWRITABLE', () => {
  const file = join(dir, 'file');
  writeFileSync(file, '');
  expect(codeOf(() => openHome(file))).toBe('HOME_UNWRITABLE');
  expect(codeOf(() => openHome(join(file, 'below')))).toBe('HOME_UNWRITABLE');
});

test.skipIf(process.getuid?.() === 0)(
  'a read-only folder is HOME_UNWRITABLE (root may write anywhere)',
  () => {
    chmodSync(dir, 0o500);
    expect(codeOf(() => openHome(dir))).toBe('HOME_UNWRITABLE');
  },
);

test('too little free space is DISK_FULL before anything is written to a database', () => {
  expect(codeOf(() => openHome(dir, { neededBytes: Number.MAX_SAFE_INTEGER }))).toBe('DISK_FULL');
});

test('one owner at a time: a second claim is HOME_IN_USE until the first is released', () => {
  const home = openHome(dir);
  const release = home.claim();
  expect(codeOf(() => openHome(dir).claim())).toBe('HOME_IN_USE');
  release();
  openHome(dir).claim()();
});

test('a claim of a killed process is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const owner = identityOf(child.pid ?? 0);
  if (owner === undefined) throw new Error('the child did not start');
  writeFileSync(join(dir, 'services.lock'), printIdentity(owner));
  expect(codeOf(() => openHome(dir).claim())).toBe('HOME_IN_USE');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  expect(isRunning(owner)).toBe(false);
  expect(codeOf(() => openHome(dir).claim())).toBeUndefined();
});

test('a claim whose pid number runs again as another process is taken over', () => {
  const reused = { pid: process.pid, startedAt: 'another time' };
  writeFileSync(join(dir, 'services.lock'), printIdentity(reused));
  expect(codeOf(() => openHome(dir).claim())).toBeUndefined();
});

test('a damaged lock file blocks nobody', () => {
  writeFileSync(join(dir, 'lock'), 'not a lock');
  expect(takeLock(join(dir, 'lock')).kind).toBe('taken');
});

test('many who wait for a lock get it one after the other', async () => {
  const file = join(dir, 'lock');
  let inside = 0;
  let most = 0;
  const visit = async () => {
    const release = await waitForLock(file, 10_000);
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setTimeout(resolve, 2));
    inside -= 1;
    release?.();
  };
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(most).toBe(1);
  expect(() => readFileSync(file)).toThrow();
});
