/** `npm run check`: everything that can be said of the code without running it. Runs all steps, fails if one did. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { root } from './bootstrap.mjs';

const STEPS = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings']],
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json']],
  ['layers', ['infra/check-layers.ts']],
  ['unused code', ['node_modules/knip/bin/knip.js', '--no-config-hints']],
  ['.env.example', ['infra/generate-env-example.ts', '--check']],
  ['table types', ['infra/generate-tables.ts', '--check']],
].filter(([, [script]]) => existsSync(`${root}/${script}`));

let failed = 0;
const waiting = [...STEPS];
// A step on each core; each is told of when it ends.
await Promise.all(Array.from({ length: availableParallelism() }, runWaiting));
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${STEPS.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;

async function runWaiting() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await run(step);
}

async function run([name, command]) {
  const start = performance.now();
  const { isOk, said } = await outcomeOf(command);
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`${isOk ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)} ${seconds} s`);
  if (isOk) return;
  failed += 1;
  process.stdout.write(`${said}\n`);
}

function outcomeOf(command) {
  const options = { cwd: root, maxBuffer: 64 * 2 ** 20 };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) =>
      resolve({ isOk: error === null, said: `${stdout}${stderr}` }),
    );
  });
}
