import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, inject, type TestAPI, test } from 'vitest';
import { createDatabase } from '../../../test/support/database.ts';
import { freePort } from '../../../test/support/free-port.ts';
import {
  type Handlers,
  migrateQueue,
  openQueues,
  type QueueSettings,
  type Queues,
} from '../src/index.ts';
import type { Log } from '../src/log.ts';

/** The server of one test, empty at its start. */
interface QueueServer {
  readonly url: string;
  /** Opens the queues; all that one test opens are the same, and are closed when it ends. */
  open(settings?: Partial<QueueSettings>): Promise<Queues>;
}
type ServerTest = TestAPI<{ server: QueueServer }>;

/**
 * The same suite on both servers; its tests run side by side, as most of their time is waiting.
 * Without redis-server the second is skipped by name; in CI it fails.
 */
export function onBothServers(suite: (test: ServerTest) => void): void {
  describe.concurrent('on Postgres', () => {
    // Copies of one that holds BullMQ's tables: making those takes 0.3 s, a copy 0.1 s.
    let template: Template | undefined;
    beforeAll(async () => {
      template = await makeTemplate();
    });
    afterAll(() => template?.drop());
    suite(testOn(async () => template?.copy() ?? ''));
  });
  describe.skipIf(!canRunRedis()).concurrent('on Redis (needs redis-server)', () => {
    let redis: RunningRedis | undefined;
    let databases = 0;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis?.stop());
    suite(testOn(async () => `${redis?.url}/${databases++}`));
  });
}

export const canRunRedis = () => redisProgram() !== undefined || process.env.CI === 'true';

function testOn(makeUrl: () => Promise<string>): ServerTest {
  return test.extend<{ server: QueueServer }>({
    server: async ({ onTestFinished }, use) => {
      const url = await makeUrl();
      const opened: Queues[] = [];
      onTestFinished(async () => {
        await Promise.all(opened.map((queues) => queues.close()));
      });
      const open = async (settings: Partial<QueueSettings> = {}) => {
        const queues = await openQueues({
          queueUrl: url,
          databaseUrl: url,
          log: quiet,
          ...settings,
        });
        opened.push(queues);
        return queues;
      };
      await use({ url, open });
    },
  });
}

interface Template {
  /** A new database like it. */
  copy(): Promise<string>;
  /** Removes it and all its copies. */
  drop(): Promise<void>;
}

async function makeTemplate(): Promise<Template> {
  const database = await createDatabase();
  await migrateQueue({ queueUrl: 'postgres', databaseUrl: database.url });
  const template = new URL(database.url).pathname.slice(1);
  const admin = new pg.Pool({ connectionString: inject('postgresUrl'), max: 1 });
  const copies: string[] = [];
  return {
    copy: async () => {
      const copy = `${template}_${copies.length}`;
      copies.push(copy);
      await admin.query(`create database ${copy} template ${template}`);
      const url = new URL(database.url);
      url.pathname = `/${copy}`;
      return url.href;
    },
    drop: async () => {
      for (const copy of copies) await admin.query(`drop database if exists ${copy} with (force)`);
      await admin.end();
      await database.drop();
    },
  };
}

export interface RunningRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Redis of a test's own on a free port, gone with `stop`. */
export async function startRedis(policy = 'noeviction'): Promise<RunningRedis> {
  const program = redisProgram();
  if (program === undefined) throw new Error('redis-server is not installed');
  const port = await freePort();
  const settings = `--port ${port} --bind 127.0.0.1 --appendonly no --databases 64 --maxmemory-policy ${policy}`;
  const child = spawn(program, [...settings.split(' '), '--save', ''], { stdio: 'ignore' });
  await until(() => answers(port));
  return { url: `redis://127.0.0.1:${port}`, stop: () => stopProcess(child) };
}

export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

function redisProgram(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];
  return folders.map((folder) => join(folder, 'redis-server')).find((file) => existsSync(file));
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Waits until `holds`, asking every 10 ms; fails after `ms`. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not happen in ${ms} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Handlers of a queue that do nothing, for tests to spread theirs over. */
export const idleIngest: Handlers<'ingest'> = {
  'fetch-page': async () => {},
  'record-page': async () => {},
  'match-papers': async () => {},
  'embed-texts': async () => {},
  'match-past': async () => {},
};

const quiet = recordingLog([]);

export interface LogLine {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that adds its lines to `lines`. */
export function recordingLog(lines: LogLine[], bound: LogLine['fields'] = {}): Log {
  const keep = (event: string, fields: LogLine['fields'] = {}) => {
    lines.push({ event, fields: { ...bound, ...fields } });
  };
  const child = (fields: LogLine['fields']) => recordingLog(lines, { ...bound, ...fields });
  return { debug: keep, info: keep, warn: keep, error: keep, child };
}
