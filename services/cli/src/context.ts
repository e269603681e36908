import type { Writable } from 'node:stream';
import type { Environment } from '@paperboy/runtime';

/** What a run of the command is given; tests give it streams of their own. */
export interface CliContext {
  readonly env: Environment;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly now: () => Date;
}

/** What every command understands. */
export interface CommonOptions {
  readonly json?: true;
}
