import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const infra = import.meta.dirname;
let checkout: string;

/** A checkout of run.mjs alone, with an npm that notes each install in `installs`. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const file of readdirSync(infra).filter((name) => name.endsWith('.mjs'))) {
    cpSync(join(infra, file), join(checkout, 'infra', file));
  }
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml']) {
    writeFileSync(join(checkout, file), '{}');
  }
  mkdirSync(join(checkout, 'npm'));
  fakeNpm('require("fs").appendFileSync("installs", process.argv.slice(2).join(" ") + "\\n")');
  writeCommand('console.log("ran", ...process.argv.slice(2))');
});
afterEach(() => rmSync(checkout, { recursive: true }));

/** What `npm exec` does here: a program of ours in place of the real installer. */
function fakeNpm(script: string): void {
  writeFileSync(join(checkout, 'npm/npm-cli.js'), script);
}

function writeCommand(script: string): void {
  mkdirSync(join(checkout, 'services/cli/src'), { recursive: true });
  writeFileSync(join(checkout, 'services/cli/src/main.ts'), script);
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, npm_execpath: join(checkout, 'npm/npm-cli.js') };
}

function run(...args: string[]) {
  const command = [join(checkout, 'infra/run.mjs'), ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8', env: environment() });
}

function runAtOnce(...args: string[]) {
  const command = [join(checkout, 'infra/run.mjs'), ...args];
  const child = spawn(process.execPath, command, { env: environment(), stdio: 'pipe' });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended };
}

function installs(): string[] {
  const file = join(checkout, 'installs');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

test('an unknown command exits 2 with the list, and installs nothing', () => {
  const { status, stderr } = run('dance');
  expect(status).toBe(2);
  expect(stderr).toContain('setup, start, test, check, bench, soak, fuzz, paperboy');
  expect(installs()).toEqual([]);
});

test('the first run installs with the frozen lockfile, the second is silent and does not', () => {
  const first = run('paperboy', 'status', '--json');
  expect(first).toMatchObject({ status: 0, stdout: 'ran status --json\n' });
  expect(first.stderr).toMatch(/^First run: installing/);
  expect(run('paperboy', 'status')).toMatchObject({
    status: 0,
    stdout: 'ran status\n',
    stderr: '',
  });
  expect(installs()).toEqual([
    expect.stringMatching(/^exec --yes -- pnpm@[\d.]+ install --frozen-lockfile$/),
  ]);
});

test('a changed lockfile installs again', () => {
  run('setup');
  writeFileSync(join(checkout, 'pnpm-lock.yaml'), '{ }');
  expect(run('setup').stderr).toMatch(/^Dependencies changed/);
  expect(installs()).toHaveLength(2);
});

test('two first runs at once share one install', async () => {
  fakeNpm('setTimeout(() => require("fs").appendFileSync("installs", "x\\n"), 300)');
  const runs = [runAtOnce('paperboy'), runAtOnce('paperboy')];
  expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 0]);
  expect(installs()).toHaveLength(1);
});

test('the lock of a killed run is taken over', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(checkout, '.bootstrap.lock'), String(pid));
  expect(run('setup').status).toBe(0);
  expect(existsSync(join(checkout, '.bootstrap.lock'))).toBe(false);
});

test.each([
  ['npm error code ENOTFOUND registry', 'needs the network'],
  ['ERR_PNPM_ENOSPC no space left', 'No space is left'],
  ['ERR_PNPM_OUTDATED_LOCKFILE', 'pnpm-lock.yaml does not fit package.json'],
  [
    "npm error Error: EACCES: permission denied, mkdir '/home/ada/.npm'",
    'may not write /home/ada/.npm.',
  ],
])('an install that fails with "%s" ends in one sentence and exit 1', (output, sentence) => {
  fakeNpm(`console.error(${JSON.stringify(output)}); process.exitCode = 1`);
  const { status, stderr } = run('setup');
  expect(status).toBe(1);
  expect(stderr.trim().split('\n').at(-1)).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(2);
});

test('a mailer alone is started with few threads, unless the environment says how many', () => {
  writeCommand(
    'console.log(process.env.UV_THREADPOOL_SIZE, process.env.MALLOC_ARENA_MAX, process.execArgv[1])',
  );
  const threads = Math.min(Math.max(availableParallelism() - 1, 1), 4);
  const mailer = ['start', '--services', 'mailer'];
  expect(run(...mailer).stdout).toBe(`${threads} 1 --heap-growing-percent=20\n`);
  expect(run('start', '--services', 'web,mailer').stdout).toBe('undefined 1 undefined\n');
  process.env.UV_THREADPOOL_SIZE = '3';
  try {
    expect(run(...mailer).stdout).toMatch(/^3 1 /);
  } finally {
    delete process.env.UV_THREADPOOL_SIZE;
  }
});

test('exit codes and signals of the command are passed on', async () => {
  writeCommand('process.exitCode = 3');
  expect(run('paperboy').status).toBe(3);

  writeCommand(
    'process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000); console.log("up")',
  );
  const { child, ended } = runAtOnce('paperboy');
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(7);
});

test('called by pnpm, postinstall does nothing', () => {
  const env = { ...environment(), npm_config_user_agent: 'pnpm/12.21.0 npm/? node/v24' };
  const command = [join(checkout, 'infra/run.mjs'), 'postinstall'];
  expect(spawnSync(process.execPath, command, { env }).status).toBe(0);
  expect(installs()).toEqual([]);
});

test('the stamp is of the three files that decide what is installed', () => {
  run('setup');
  const hash = createHash('sha256');
  for (let file = 0; file < 3; file += 1) hash.update('{}\0');
  expect(readFileSync(join(checkout, 'node_modules/.bootstrap'), 'utf8')).toBe(hash.digest('hex'));
});
