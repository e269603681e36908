/** `npm run check`: everything that can be said of the code without running it. Runs all steps, fails if one did. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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
for (const [name, command] of STEPS) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)} ${seconds} s`);
  if (status === 0) continue;
  failed += 1;
  process.stdout.write(`${stdout}${stderr}\n`);
}
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${STEPS.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
