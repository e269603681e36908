/** Writes .env.example from the settings table. With --check it only compares, and exits 1 on a difference. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderEnvExample } from '../packages/runtime/src/index.ts';

const target = join(import.meta.dirname, '../.env.example');
if (!process.argv.includes('--check')) {
  writeFileSync(target, renderEnvExample());
} else if (readFileSync(target, 'utf8') !== renderEnvExample()) {
  console.error('.env.example is out of date; run: node infra/generate-env-example.ts');
  process.exitCode = 1;
}
