/**
 * The one entry of every npm script: installs what is missing, then runs a command in the pinned
 * Node. Plain JavaScript without dependencies, because it runs before anything is installed, in
 * whatever Node (18 or newer) the machine has. Says nothing when nothing has to be done.
 */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Problem, root, setUp } from './bootstrap.mjs';
import { findNode } from './find-node.mjs';
import { runChild } from './run-child.mjs';
import { environmentOf, flagsOf } from './service-flags.mjs';

/** What Node keeps of sources it has read, types stripped: the next start is sooner, and holds 27 MiB less. */
const COMPILED = join(root, 'node_modules', '.cache', 'compiled');
/** Settings of the checkout; what the environment says comes first. */
const ENV_FILE = existsSync(join(root, '.env')) ? ['--env-file=.env'] : [];
/** Benches deliver as a mailer alone does. */
const MAILER = ['--services', 'mailer'];
const PROGRAM = [...ENV_FILE, 'services/cli/src/main.ts'];

/** What each command runs, in the root of the checkout. */
const COMMANDS = {
  setup: undefined,
  start: (args) => [...flagsOf(args), ...PROGRAM, 'start', ...args],
  test: (args) => ['node_modules/vitest/vitest.mjs', 'run', ...testReporters(args), ...args],
  check: (args) => ['infra/check.mjs', ...args],
  bench: (args) => [...flagsOf(args), 'test/bench/main.ts', ...args],
  soak: (args) => ['services/mailer/test/crash/soak-main.ts', ...args],
  fuzz: (args) => ['packages/readers/test/fuzz.ts', ...args],
  paperboy: (args) => [...flagsOf(args), ...PROGRAM, ...args],
};

/** In CI a plain last line tells machines how many tests passed and failed. */
function testReporters(args) {
  const wanted = process.env.CI && !args.some((arg) => arg.startsWith('--reporter'));
  return wanted ? ['--reporter=default', '--reporter=./test/support/count-reporter.ts'] : [];
}

async function main([name, ...args]) {
  if (name === 'postinstall') return postinstall();
  if (!Object.hasOwn(COMMANDS, name ?? '')) {
    const asked = name === undefined ? 'No command was given.' : `There is no command "${name}".`;
    console.error(`${asked} Commands: ${Object.keys(COMMANDS).join(', ')}.`);
    return { code: 2 };
  }
  await setUp();
  const command = COMMANDS[name];
  if (command === undefined) return { code: 0 };
  const script = command(args);
  // The caller's folder, for file names given on the command line; the command itself runs in root.
  const env = {
    NODE_COMPILE_CACHE: COMPILED,
    ...(name === 'test' ? {} : environmentOf(name === 'bench' ? MAILER : args)),
    ...process.env,
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
  };
  return runChild(findNode(root), script, { cwd: root, stdio: 'inherit', env });
}

/** `npm install` by hand ends in a pnpm tree; pnpm's own call of this script has nothing to do. */
async function postinstall() {
  if (process.env.npm_config_user_agent?.includes('pnpm/')) return { code: 0 };
  if (!existsSync(join(root, 'pnpm-lock.yaml'))) return { code: 0 };
  await setUp();
  return { code: 0 };
}

try {
  const { code, signal } = await main(process.argv.slice(2));
  // Ended by a signal: end the same way, so that a shell or supervisor sees it.
  if (signal) process.kill(process.pid, signal);
  process.exitCode = signal ? 128 + (constants.signals[signal] ?? 0) : code;
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
