import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pidExists } from '@paperboy/runtime';

declare global {
  /** Projects load this file once each, but share the process: the folder and how many use it. */
  var paperboyTestTemp: { readonly dir: string; users: number } | undefined;
}

const FOLDER = 'paperboy-temp-';

/** What tests and the programs they start write into the system's folder for that goes with the run. */
export function setup(): () => void {
  const outside = process.env.TMPDIR;
  globalThis.paperboyTestTemp ??= { dir: makeFolder(), users: 0 };
  const shared = globalThis.paperboyTestTemp;
  shared.users += 1;
  process.env.TMPDIR = shared.dir;
  return () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    globalThis.paperboyTestTemp = undefined;
    if (outside === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outside;
    rmSync(shared.dir, { recursive: true, force: true, maxRetries: 3 });
  };
}

function makeFolder(): string {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER))) {
    // Of a run that was killed.
    if (pidExists(Number(name.slice(FOLDER.length).split('-')[0]))) continue;
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const dir = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`));
  // Servers that run as another user have their folders in it.
  chmodSync(dir, 0o755);
  return dir;
}
