import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pidExists, startPostgres } from '@paperboy/runtime';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's address of the run's server; test files make databases of their own on it. */
    postgresUrl: string;
  }
}

interface RunServer {
  readonly url: string;
  stop(): Promise<void>;
}

declare global {
  /** Projects load this file once each, but share the process: the server and how many use it. */
  var paperboyTestPostgres: { readonly server: Promise<RunServer>; users: number } | undefined;
}

/** One server per run for all projects, without fsync, in a folder that goes with it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  globalThis.paperboyTestPostgres ??= { server: startRunServer(), users: 0 };
  const shared = globalThis.paperboyTestPostgres;
  shared.users += 1;
  const server = await shared.server;
  project.provide('postgresUrl', server.url);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    globalThis.paperboyTestPostgres = undefined;
    await server.stop();
  };
}

const FOLDER = 'paperboy-test-';

async function startRunServer(): Promise<RunServer> {
  const given = process.env.PAPERBOY_TEST_POSTGRES;
  if (given) return { url: given, stop: async () => {} };
  await removeLeftovers();
  const dir = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const removeDir = () => rmSync(dir, { recursive: true, force: true });
  try {
    const { url, stop } = await startPostgres({ dir, fsync: false });
    return { url, stop: () => stop().finally(removeDir) };
  } catch (error) {
    removeDir();
    throw error;
  }
}

/** A run that was killed leaves its server behind: stop it, and remove its folder. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER))) {
    const pid = Number(name.slice(FOLDER.length).split('-')[0]);
    if (pidExists(pid)) continue;
    const dir = join(tmpdir(), name);
    const left = await startPostgres({ dir, fsync: false }).catch(() => undefined);
    await left?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
