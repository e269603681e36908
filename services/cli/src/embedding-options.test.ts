import { readSettings } from '@paperboy/runtime';
import { expect, test } from 'vitest';
import { embeddingOptions } from './embedding-options.ts';

const URL = 'http://ops:pw@localhost:8080/v1';

test('without an address there is no embedding service', () => {
  expect(embeddingOptions(readSettings({ EMBEDDINGS_MODEL: 'small' }))).toBeUndefined();
});

test('an address needs a model, and the rest has defaults', () => {
  expect(() => embeddingOptions(readSettings({ EMBEDDINGS_URL: URL }))).toThrow(
    'SETTING_INVALID: EMBEDDINGS_MODEL is missing',
  );
  const settings = readSettings({ EMBEDDINGS_URL: URL, EMBEDDINGS_MODEL: 'small' });
  expect(embeddingOptions(settings)).toEqual({
    ...{ url: URL, key: '', model: 'small', weight: 0.5, timeoutMs: 10_000, perRun: 2_000 },
  });
});
