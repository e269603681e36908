import { PaperboyError } from '@paperboy/core';
import type { EmbeddingOptions } from '@paperboy/ingest';
import type { Settings } from '@paperboy/runtime';

/** The embedding service of the settings, if there is one. Throws SETTING_INVALID for one without a model. */
export function embeddingOptions(settings: Settings): EmbeddingOptions | undefined {
  const { embeddingsUrl: url, embeddingsKey: key, embeddingsModel: model } = settings;
  if (url === '') return undefined;
  if (model === '')
    throw new PaperboyError('SETTING_INVALID', 'EMBEDDINGS_MODEL is missing beside EMBEDDINGS_URL');
  return {
    ...{ url, key, model },
    weight: settings.embeddingsWeight / 100,
    timeoutMs: settings.embeddingsTimeoutMs,
    perRun: settings.embeddingsPerRun,
  };
}
