import type { Environment } from '@paperboy/runtime';

/** Where the person is who typed file names: run.mjs runs the command in the checkout and tells where it was called. */
export function workingFolder({ INIT_CWD }: Environment): string {
  return INIT_CWD || process.cwd();
}
