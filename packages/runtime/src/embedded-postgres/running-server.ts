import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PaperboyError } from '@paperboy/core';
import { inHome } from '../home.ts';
import { identityOf, isRunning, type ProcessIdentity, pidExists } from '../process-identity.ts';
import { askServer } from './ask-server.ts';
import { type Cluster, readState } from './cluster.ts';

/** A server process and where it listens. */
export interface RunningServer {
  readonly process: ProcessIdentity;
  readonly port: number;
}

/** A server that stops, or recovers after a crash, is waited for this long. */
const BUSY_TIMEOUT_MS = 120_000;

/**
 * The server that already runs on the folder, left by a process that was killed or started by
 * another command. Undefined if there is none; a `postmaster.pid` whose number now belongs to
 * another program is removed, because PostgreSQL would refuse to start beside it.
 */
export async function findRunning(cluster: Cluster): Promise<RunningServer | undefined> {
  const end = performance.now() + BUSY_TIMEOUT_MS;
  while (performance.now() < end) {
    const written = readPostmaster(cluster);
    if (written === undefined) return undefined;
    const found = identityOf(written.pid);
    if (found === undefined) {
      await forgetZombie(cluster, written.pid);
      return undefined;
    }
    if (!isServerOf(cluster, found.pid)) {
      inHome(cluster.dir, () => rmSync(join(cluster.dataDir, 'postmaster.pid'), { force: true }));
      return undefined;
    }
    const password = readState(cluster)?.password ?? '';
    const answer = await askServer(written.port, password, cluster.dataDir);
    if (answer === 'ours') return { process: found, port: written.port };
    await sleep(25);
  }
  const detail = `a server runs on ${cluster.dataDir} but does not answer; see ${cluster.logFile}`;
  throw new PaperboyError('POSTGRES_UNAVAILABLE', detail);
}

/** Time for whoever inherits a killed server to reap it; its children notice much sooner. */
const REAP_MS = 3_000;

/**
 * PostgreSQL itself handles the file of a dead server, but takes one that is dead and not reaped yet for a living
 * one. Some containers have nobody who reaps: there the file is removed.
 */
async function forgetZombie({ dir, dataDir }: Cluster, pid: number): Promise<void> {
  for (const end = performance.now() + REAP_MS; performance.now() < end; await sleep(25)) {
    if (!pidExists(pid)) return;
  }
  inHome(dir, () => rmSync(join(dataDir, 'postmaster.pid'), { force: true }));
}

/** SIGTERM lets clients finish; then SIGINT breaks them off, then SIGQUIT ends the server as a crash would. */
const STOP_STEPS = [
  { signal: 'SIGTERM', waitMs: 5_000 },
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
] as const;

/** Stops a server and waits for its end. */
export async function stopServer(cluster: Cluster, server: ProcessIdentity): Promise<void> {
  for (const { signal, waitMs } of STOP_STEPS) {
    if (!isRunning(server)) return;
    sendSignal(server.pid, signal);
    if (await ended(server, waitMs)) return;
  }
  const detail = `the server (process ${server.pid}) does not stop; see ${cluster.logFile}`;
  throw new PaperboyError('POSTGRES_UNAVAILABLE', detail);
}

async function ended(server: ProcessIdentity, waitMs: number): Promise<boolean> {
  for (const end = performance.now() + waitMs; performance.now() < end; await sleep(10)) {
    if (!isRunning(server)) return true;
  }
  return !isRunning(server);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile, which `ended` sees.
  }
}

/** postmaster.pid: the pid on line 1, the port on line 4. */
function readPostmaster({ dataDir }: Cluster): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    // The port is written a little later than the pid; 0 is asked in vain and read again.
    return pid > 0 ? { pid, port: port || 0 } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the pid is a PostgreSQL that works in our folder; where the folder cannot be seen, that it is one. */
function isServerOf({ dataDir }: Cluster, pid: number): boolean {
  if (process.platform !== 'linux') return programOf(pid).endsWith('postgres');
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false;
  } catch {
    return false;
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === dataDir;
  } catch {
    return true;
  }
}

function programOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
