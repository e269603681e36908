/** Checks the imports of every file against the layers. Prints each mistake; exits 1 if there is one. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layerMistakes } from './layers.ts';

const root = join(import.meta.dirname, '..');
const files = globSync('{packages,services,test,infra}/**/*.ts', {
  cwd: root,
  exclude: (name) => name === 'node_modules',
});
const mistakes = files.flatMap((path) =>
  layerMistakes(path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')),
);
for (const mistake of mistakes.sort()) console.error(mistake);
if (files.length === 0) console.error('no file was found to check');
process.exitCode = mistakes.length > 0 || files.length === 0 ? 1 : 0;
