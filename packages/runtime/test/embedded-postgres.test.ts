import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PaperboyError } from '@paperboy/core';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  openHome,
  openPostgres,
  type PostgresServer,
  silentLog,
  startPostgres,
} from '../src/index.ts';

const CHILD = join(import.meta.dirname, 'open-postgres-child.ts');
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
/** A checkout below /root cannot be read by another user, whatever the launcher does. */
const nobodyCanRead =
  isRoot &&
  spawnSync(process.execPath, ['--version'], { uid: NOBODY, cwd: '/' }).status === 0 &&
  spawnSync('test', ['-r', CHILD], { uid: NOBODY, cwd: '/' }).status === 0;

let home: string;
/** A database made once: a copy of it costs a fifth of an initdb. */
let made: string;
const cleanUps: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'postgres-made-'));
  const server = await startPostgres({ dir: made, fsync: false });
  await server.stop();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'postgres-'));
  cleanUps.push(() => rmSync(home, { recursive: true, force: true }));
});
afterEach(async () => {
  for (let step = cleanUps.pop(); step !== undefined; step = cleanUps.pop()) await step();
});

async function start(): Promise<PostgresServer> {
  useMade(join(home, 'postgres'));
  const server = await startPostgres({ dir: join(home, 'postgres'), fsync: false });
  cleanUps.push(() => server.stop());
  return server;
}

function useMade(dir: string): void {
  if (!existsSync(dir)) cpSync(made, dir, { recursive: true });
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function file(name: string): string {
  return join(home, 'postgres', name);
}

function serverPid(): number {
  return Number(readFileSync(file('data/postmaster.pid'), 'utf8').split('\n')[0]);
}

function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Another process on the same data folder, as soon as it has the database. */
async function openInChild(options: { uid?: number; path?: string } = {}) {
  if (options.uid === undefined) useMade(join(home, 'postgres'));
  const ids = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
  const child = spawn(process.execPath, [CHILD, home], {
    ...ids,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: options.path ?? process.env.PATH },
  });
  cleanUps.push(() => end(child, 'SIGTERM'));
  let problems = '';
  child.stderr.on('data', (chunk) => {
    problems += chunk;
  });
  for await (const line of createInterface(child.stdout)) {
    const opened: { url: string; adopted: boolean } = JSON.parse(line);
    return { child, ...opened };
  }
  throw new Error(`the child ended early: ${problems}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}

test('the database is UTF-8, sorts alike everywhere, and lets in whoever has the password, which is random and kept 0600', async () => {
  const { url, adopted } = await start();
  expect(adopted).toBe(false);
  const shown = await query(
    url,
    `select getdatabaseencoding() as encoding, datlocale as locale, current_setting('TimeZone') as zone,
       current_setting('data_checksums') as checksums from pg_database where datname = current_database()`,
  );
  expect(shown).toEqual([{ encoding: 'UTF8', locale: 'C.UTF-8', zone: 'UTC', checksums: 'on' }]);
  expect(statSync(file('server.json')).mode & 0o777).toBe(0o600);
  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

test('a second start keeps the data and the port; a stop leaves no process', async () => {
  const first = await start();
  await query(first.url, 'create table kept as select 7 as n');
  const pid = serverPid();
  expect(runs(pid)).toBe(true);
  await first.stop();
  expect(runs(pid)).toBe(false);

  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a stop does not hang on a client that forgets to leave', { timeout: 20_000 }, async () => {
  const server = await start();
  const client = new pg.Client({ connectionString: server.url });
  const broken = new Promise((resolve) => client.on('error', resolve));
  await client.connect();
  await server.stop();
  expect(await broken).toMatchObject({ code: '57P01' });
});

test('a port taken meanwhile gives another port, and what listens there is left alone', async () => {
  const first = await start();
  const port = Number(new URL(first.url).port);
  await first.stop();
  const other = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  cleanUps.push(() => other.close());

  const second = await start();
  expect(Number(new URL(second.url).port)).not.toBe(port);
  expect(await query(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('two folders have two servers, also when one remembers the port of the other', async () => {
  const first = await start();
  const port = Number(new URL(first.url).port);
  const otherDir = join(home, 'other');
  useMade(otherDir);
  const state: { password: string } = JSON.parse(
    readFileSync(join(otherDir, 'server.json'), 'utf8'),
  );
  writeFileSync(join(otherDir, 'server.json'), JSON.stringify({ ...state, port }));

  const again = await startPostgres({ dir: otherDir, fsync: false });
  cleanUps.push(() => again.stop());
  expect(again.url).not.toBe(first.url);
  expect(await query(again.url, 'show data_directory')).toEqual([
    { data_directory: join(otherDir, 'data') },
  ]);
});

test('a pid file whose number now belongs to another program does not block the start', async () => {
  const first = await start();
  await query(first.url, 'create table kept as select 7 as n');
  const left = readFileSync(file('data/postmaster.pid'), 'utf8');
  process.kill(serverPid(), 'SIGKILL');
  await expect.poll(() => query(first.url, 'select 1').catch(() => 'gone')).toBe('gone');
  writeFileSync(file('data/postmaster.pid'), left.replace(/^\d+/, String(process.pid)));

  const second = await start();
  expect(second.adopted).toBe(false);
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('the server of a parent that was killed is taken over, with its data', async () => {
  const before = await openInChild();
  await query(before.url, 'create table kept as select 7 as n');
  const pid = serverPid();
  await end(before.child, 'SIGKILL');
  expect(runs(pid)).toBe(true);

  const after = await openPostgres(openHome(home), silentLog);
  expect(after).toMatchObject({ url: before.url, adopted: true });
  expect(await query(after.url, 'select n from kept')).toEqual([{ n: 7 }]);
  await after.stop();
  expect(runs(pid)).toBe(false);
});

test('two commands share the server, and the last one out stops it', async () => {
  const opened = await Promise.all([openInChild(), openInChild()]);
  const [first, second] = opened;
  expect(first?.url).toBe(second?.url);
  expect(opened.map(({ adopted }) => adopted).sort()).toEqual([false, true]);
  const pid = serverPid();
  expect(await end(opened[0].child, 'SIGTERM')).toBe(0);
  expect(await query(opened[1].url, 'select 1 as n')).toEqual([{ n: 1 }]);
  expect(await end(opened[1].child, 'SIGTERM')).toBe(0);
  expect(runs(pid)).toBe(false);
});

test('a start killed while the database is being made is repeated from the beginning', async () => {
  const child = spawn(process.execPath, [CHILD, home], { stdio: 'ignore' });
  await expect
    .poll(() => statSync(file('postgres.log'), { throwIfNoEntry: false })?.size ?? 0, {
      interval: 2,
    })
    .toBeGreaterThan(0);
  await end(child, 'SIGKILL');
  const opened = await openPostgres(openHome(home), silentLog);
  cleanUps.push(() => opened.stop());
  expect(await query(opened.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('a folder of another PostgreSQL version is refused and left as it is', async () => {
  const { stop } = await start();
  await stop();
  writeFileSync(file('data/PG_VERSION'), '17\n');
  await expect(start()).rejects.toMatchObject({ code: 'POSTGRES_VERSION' });
  expect(readFileSync(file('data/PG_VERSION'), 'utf8')).toBe('17\n');
});

test('a server that cannot start names its log', async () => {
  const { stop } = await start();
  await stop();
  writeFileSync(file('data/postgresql.conf'), 'no_such_setting = 1\n');
  const refused = await start().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(PaperboyError);
  expect(String(refused)).toMatch(/^PaperboyError: POSTGRES_UNAVAILABLE: .*postgres\.log$/);
});

test.runIf(nobodyCanRead)(
  'a normal user runs it as itself (tried by root as uid 65534)',
  async () => {
    chownSync(home, NOBODY, NOBODY);
    const { child, url } = await openInChild({ uid: NOBODY });
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(statSync(file('data')).uid).toBe(NOBODY);
    expect(await end(child, 'SIGTERM')).toBe(0);
  },
);

test.runIf(isRoot)(
  'without user namespaces root runs it as uid 65534, and with them keeps the files (tried by root)',
  async () => {
    const first = await openInChild({ path: '/nonexistent' });
    await query(first.url, 'create table kept as select 7 as n');
    expect(statSync(file('data')).uid).toBe(NOBODY);
    expect(statSync(`/proc/${serverPid()}`).uid).toBe(NOBODY);
    await end(first.child, 'SIGTERM');

    const back = await start();
    expect(statSync(file('data')).uid).toBe(0);
    expect(statSync(file('data')).mode & 0o777).toBe(0o700);
    expect(await query(back.url, 'select n from kept')).toEqual([{ n: 7 }]);
  },
);
