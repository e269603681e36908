import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@paperboy/runtime';
import { migrate, openStore, type Store } from '@paperboy/store';
import pg from 'pg';

/** A server for benches, with fsync as in production: both sides of every pair pay for durability. */
let server: Promise<{ url: string; stop(): Promise<void> }> | undefined;
let databases = 0;

/** A migrated database of its own on the benches' server. */
export async function benchStore(): Promise<Store> {
  server ??= start();
  const { url } = await server;
  const name = `bench_${++databases}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  await migrate(own.href);
  return openStore({ url: own.href, maxConnections: 4 });
}

/** Stops the server, if any bench used one, and removes its data. */
export async function stopBenchServer(): Promise<void> {
  await (await server)?.stop();
}

async function start() {
  const dir = mkdtempSync(join(tmpdir(), 'paperboy-bench-'));
  const { url, stop } = await startPostgres({ dir });
  return { url, stop: () => stop().finally(() => rmSync(dir, { recursive: true, force: true })) };
}
