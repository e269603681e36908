import type { CommonOptions } from '../context.ts';

/** What one process can run, any set of them together. */
export const SERVICE_NAMES = ['web', 'ingest', 'mailer'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface StartOptions extends CommonOptions {
  readonly services: readonly ServiceName[];
  readonly once?: true;
}
