import { expect, test } from 'vitest';
import { importsOf, layerMistakes } from './layers.ts';

const from = (specifier: string) => `import { x } from '${specifier}';\n`;

test('imports are found in all their shapes', () => {
  const source = `import type { A } from './a.ts';
import b, {
  c,
} from 'b';
import './d.ts';
export { e } from './e.ts';
export * from './f.ts';
const g = await import('g');
export const text = 'a page from ';
`;
  expect(importsOf(source)).toEqual(['./a.ts', 'b', './d.ts', './e.ts', './f.ts', 'g']);
});

test.each([
  ['packages/core/src/diff.ts', '@paperboy/store', 'packages/core may not import @paperboy/store'],
  [
    'packages/queue/src/index.ts',
    '@paperboy/runtime',
    'packages/queue may not import @paperboy/runtime',
  ],
  ['services/web/src/start.ts', '@paperboy/ingest', 'services/web may not import @paperboy/ingest'],
  ['services/web/src/start.ts', 'kysely', 'kysely belongs to packages/store'],
  [
    'services/mailer/src/start.ts',
    '@hono/node-server',
    '@hono/node-server belongs to services/web',
  ],
  ['services/web/src/start.ts', 'bullmq', 'bullmq belongs to packages/queue'],
  ['packages/readers/src/html.ts', 'node:fs', 'packages/readers does without node:fs'],
  [
    'services/cli/src/main.ts',
    '@paperboy/store/src/papers.ts',
    'reaches into @paperboy/store/src/papers.ts',
  ],
  [
    'packages/email/src/render.ts',
    '../../core/src/text.ts',
    'reaches out of packages/email to packages/core/src/text.ts',
  ],
  ['infra/x.ts', '../packages/runtime/src/log.ts', 'reaches into packages/runtime/src/log.ts'],
  ['test/x.test.ts', '@paperboy/core/src/diff.ts', 'reaches into @paperboy/core/src/diff.ts'],
])('%s must not import %s', (path, specifier, said) => {
  expect(layerMistakes(path, from(specifier))).toEqual([`${path}: ${said}`]);
});

test.each([
  ['packages/store/src/papers.ts', 'kysely'],
  ['packages/store/src/papers.ts', './database.ts'],
  ['packages/store/src/papers.ts', '@paperboy/core'],
  ['packages/runtime/src/home.ts', 'node:fs'],
  ['packages/readers/src/html.test.ts', 'node:fs'],
  ['packages/store/test/papers.test.ts', '../../../test/support/database.ts'],
  ['services/web/src/queues.ts', '@bull-board/hono'],
  ['services/cli/src/main.ts', '@paperboy/ingest'],
  ['infra/generate-env-example.ts', '../packages/runtime/src/index.ts'],
])('%s may import %s', (path, specifier) => {
  expect(layerMistakes(path, from(specifier))).toEqual([]);
});
