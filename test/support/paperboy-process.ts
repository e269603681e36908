import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './free-port.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'services/cli/src/main.ts');

/** An installation in a folder of its own with its embedded database, run as processes. */
export interface Room {
  readonly home: string;
  readonly port: number;
  /** Starts the command; it leads a process group, as in a terminal. */
  spawn(...args: string[]): PaperboyProcess;
  /** Runs the command to its end. */
  run(...args: string[]): Promise<Ended>;
  /** Programs, of whatever parent, that work in this folder or were told of it. */
  processes(): string[];
  remove(): void;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface PaperboyProcess {
  readonly child: ChildProcess;
  /** What was printed so far. */
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<Ended>;
  /** Resolves when stdout holds one of the texts; rejects when the process ends before. */
  printed(...texts: string[]): Promise<void>;
  /** Ends the whole process group, as a power cut would. */
  kill(): Promise<Ended>;
}

export async function makeRoom(more: Readonly<Record<string, string>> = {}): Promise<Room> {
  const home = mkdtempSync(join(tmpdir(), 'paperboy-e2e-'));
  const port = await freePort();
  // As the npm scripts give it: without, each process compiles every module anew.
  const {
    PATH = '',
    HOME = '',
    NODE_COMPILE_CACHE = join(tmpdir(), 'paperboy-e2e-compiled'),
  } = process.env;
  const own = { PAPERBOY_HOME: home, HTTP_PORT: String(port), NODE_COMPILE_CACHE };
  const env = { PATH, HOME, ...own, ...more };
  const start = (...args: string[]) =>
    track(spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env, detached: true }));
  return {
    home,
    port,
    spawn: start,
    run: (...args) => start(...args).ended,
    processes: () => processesOf(home),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

function track(child: ChildProcess): PaperboyProcess {
  const started = performance.now();
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({
    code: code ?? null,
    ...output,
    ms: Math.round(performance.now() - started),
  }));
  return {
    child,
    output,
    ended,
    async printed(...texts) {
      let isOver = false;
      ended.then(() => {
        isOver = true;
      });
      while (!texts.some((text) => output.stdout.includes(text))) {
        if (isOver) throw new Error(`ended without "${texts}": ${output.stdout}${output.stderr}`);
        await new Promise((wake) => setTimeout(wake, 20));
      }
    },
    kill() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      return ended;
    },
  };
}

function processesOf(home: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      const seen = [
        () => readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
        () => readlinkSync(`/proc/${pid}/cwd`),
        () => readFileSync(`/proc/${pid}/environ`, 'utf8'),
      ].map((look) => tryTo(look));
      return seen.some((text) => text.includes(home)) ? [`${pid} ${seen[0]}`] : [];
    });
}

/** A process may end while it is looked at. */
function tryTo(look: () => string): string {
  try {
    return look();
  } catch {
    return '';
  }
}
