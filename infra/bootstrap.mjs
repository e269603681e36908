import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './run-child.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** A failure that one sentence explains; printed without a stack. */
export class Problem extends Error {}

const PNPM = 'pnpm@12.21.0';
const STAMP = join(root, 'node_modules', '.bootstrap');
const LOCK = join(root, '.bootstrap.lock');

/** Installs if package.json, workspace or lockfile changed since the last time. Two at once share one install. */
export async function setUp() {
  if (isInstalled()) return;
  const release = await takeLock();
  try {
    if (isInstalled()) return;
    await install();
    inCheckout(() => {
      mkdirSync(join(root, 'node_modules'), { recursive: true });
      writeFileSync(STAMP, wantedStamp());
    });
  } finally {
    release();
  }
}

function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wantedStamp();
}

function wantedStamp() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml']) {
    hash.update(readFileSync(join(root, file))).update('\0');
  }
  return hash.digest('hex');
}

async function install() {
  const first = !existsSync(STAMP);
  const what = first ? 'First run: installing' : 'Dependencies changed: installing';
  const done = announce(`${what} libraries and the pinned Node (about 20 s)`);
  let output = '';
  const [program, args] = npmExec([PNPM, 'install', '--frozen-lockfile']);
  const options = { cwd: root, env: installEnv(), stdio: ['ignore', 'pipe', 'pipe'] };
  const keep = (chunk) => {
    output = (output + chunk).slice(-20_000);
  };
  const { code, interrupted } = await runChild(program, args, options, keep).catch((error) => {
    output += error.message;
    return { code: 1 };
  });
  done(code === 0);
  if (code !== 0 && interrupted)
    throw new Problem('The installation was interrupted; the next run starts it again.');
  if (code !== 0) throw new Problem(explain(output));
}

/** npm itself is known while an npm script runs; a PATH may hold another one, or none. */
function npmExec(command) {
  const args = ['exec', '--yes', '--', ...command];
  const npm = process.env.npm_execpath ?? '';
  return basename(npm) === 'npm-cli.js' ? [process.execPath, [npm, ...args]] : ['npm', args];
}

/** Fails in seconds without a network, never asks, and installs the tools whatever NODE_ENV says. */
function installEnv() {
  const env = {
    ...process.env,
    CI: 'true',
    npm_config_fetch_retries: '1',
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_update_notifier: 'false',
  };
  for (const name of ['NODE_ENV', 'npm_config_omit', 'npm_config_production']) delete env[name];
  return env;
}

const EXPLANATIONS = [
  [
    /ENOSPC|No space left on device|os error 28\b/,
    () => `No space is left on a disk that the installation needs (about 700 MB for ${root}).`,
  ],
  [
    /OUTDATED_LOCKFILE|frozen-lockfile/,
    () => `pnpm-lock.yaml does not fit package.json; run: npm exec --yes -- ${PNPM} install`,
  ],
  [
    /\b(EACCES|EROFS|EPERM)\b|Permission denied|Read-only file system/,
    (output) => {
      const path = /(?:permission denied|EACCES|EROFS|EPERM)[^'"\n]*['"]([^'"\n]+)['"]/i.exec(
        output,
      );
      return `The installation may not write ${path?.[1] ?? `in ${root}`}.`;
    },
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL|error sending request|dns error/i,
    () =>
      'The first run needs the network to install libraries, and the package registry cannot be reached.',
  ],
  [/spawn npm ENOENT/, () => 'npm is needed for the first run and was not found.'],
];

function explain(output) {
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(output));
  if (known !== undefined) return known[1](output);
  return `${output.trim()}\nThe installation failed; the lines above say why.`;
}

/** Tells on stderr that something takes long; on a terminal the seconds count up. */
function announce(text) {
  if (!process.stderr.isTTY) {
    console.error(`${text} ...`);
    return () => {};
  }
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1_000);
  const draw = () => process.stderr.write(`\r${text} ... ${seconds()} s`);
  draw();
  const timer = setInterval(draw, 1_000);
  return (ok) => {
    clearInterval(timer);
    process.stderr.write(`\r${text} ... ${ok ? `done in ${seconds()} s` : 'failed'}\n`);
  };
}

/** Longer than any install: a lock this old was left by a process whose number runs again as another. */
const LOCK_MAX_AGE_MS = 15 * 60_000;

/** Waits while another run installs; takes over from one that was killed. */
async function takeLock() {
  const mine = String(process.pid);
  while (!tryLock(mine)) {
    const owner = readLock();
    if (owner !== undefined && !isInstalling(Number(owner))) removeLock(owner);
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return () => rmSync(LOCK, { force: true });
}

function tryLock(mine) {
  return inCheckout(() => {
    try {
      writeFileSync(LOCK, mine, { flag: 'wx' });
      return true;
    } catch (error) {
      if (error.code === 'EEXIST') return false;
      throw error;
    }
  });
}

function readLock() {
  try {
    return readFileSync(LOCK, 'utf8');
  } catch {
    return undefined;
  }
}

function isInstalling(pid) {
  // Empty for the moment between creating the file and writing the number.
  const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (!(pid > 0)) return age < 1_000;
  try {
    process.kill(pid, 0);
    return age < LOCK_MAX_AGE_MS;
  } catch (error) {
    return error.code === 'EPERM' && age < LOCK_MAX_AGE_MS;
  }
}

/** Two may find the same dead lock: what is moved aside and turns out to be new is put back. */
function removeLock(owner) {
  const aside = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, aside);
    if (readFileSync(aside, 'utf8') !== owner) renameSync(aside, LOCK);
    else rmSync(aside, { force: true });
  } catch {
    // Another one was faster.
  }
}

function inCheckout(step) {
  try {
    return step();
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(error.code)) {
      throw new Problem(
        `The first run installs into ${root}, which is not writable (${error.code}).`,
      );
    }
    if (['ENOSPC', 'EDQUOT'].includes(error.code)) throw new Problem(explain('ENOSPC'));
    throw error;
  }
}
