import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { TopicMatcher } from '@paperboy/ingest';
import { openStore } from '@paperboy/store';
import { createDatabase } from '../../../test/support/database.ts';
import { runPaperboy } from '../src/program.ts';

export const SEED_PAGES = resolve(import.meta.dirname, '../../../seeds/listing-pages');
export const MAIN = resolve(import.meta.dirname, '../src/main.ts');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An installation on a database and in a folder of its own, and the command on it. */
export interface Installation {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<Run>;
  /** The objects that a command prints with `--json`; fails unless it exits 0 and prints nothing else. */
  facts(...args: string[]): Promise<unknown[]>;
  query(sql: string): Promise<unknown[]>;
  /** Matches new topics with past papers, as services do in the background. */
  matchPast(): Promise<void>;
  close(): Promise<void>;
}

export async function installation(
  more: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const database = await createDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'paperboy-cli-'));
  const env = { PAPERBOY_HOME: join(dir, 'home'), DATABASE_URL: database.url, ...more };
  const store = openStore({ url: database.url });
  const run = (...args: string[]) => runWith(env, args);
  return {
    dir,
    env,
    run,
    async facts(...args) {
      const { code, stdout, stderr } = await run(...args, '--json');
      if (code !== 0 || stderr !== '') throw new Error(`exit ${code}: ${stderr}`);
      return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    },
    query: async (sql) => (await store.pool.query(sql)).rows,
    async matchPast() {
      await new TopicMatcher(store.db).matchPast();
    },
    async close() {
      rmSync(dir, { recursive: true });
      await store.close();
      await database.drop();
    },
  };
}

/** Runs a command line in this process. */
export async function runWith(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Run> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const text = { stdout: '', stderr: '' };
  stdout.on('data', (chunk) => {
    text.stdout += chunk;
  });
  stderr.on('data', (chunk) => {
    text.stderr += chunk;
  });
  const code = await runPaperboy(args, { env, stdout, stderr, now: () => new Date() });
  return { code, ...text };
}

/** A field of a printed object, as text. */
export function field(fact: unknown, name: string): string {
  const fields = typeof fact === 'object' && fact !== null ? Object.entries(fact) : [];
  return String(new Map<string, unknown>(fields).get(name));
}
