/**
 * How Node is started for a service: flags, and variables that have to stand in the environment before it starts. Plain
 * JavaScript without dependencies for the sake of run.mjs; the image's start script says the same.
 */
import { availableParallelism } from 'node:os';

/** Node 24's default young generation costs the sender 245-285 MiB instead of 155-165, at equal speed. */
const SERVICE_FLAGS = ['--max-semi-space-size=16'];
/** A mailer alone makes garbage steadily: an old generation that grows in small steps holds 60 MiB less. */
const MAILER_FLAGS = [...SERVICE_FLAGS, '--heap-growing-percent=20'];
/** The C library's pools of memory for each thread hold some 8 MiB of a mailer, and one is as fast. */
const SERVICE_MEMORY = { MALLOC_ARENA_MAX: '1' };
/**
 * A mailer alone signs in the threads of libuv's pool while its main thread is busy throughout. One signer for each core
 * that is left: with more, the main thread waits for its turn behind them. Four are libuv's own measure.
 */
const MAILER_THREADS = {
  UV_THREADPOOL_SIZE: String(Math.min(Math.max(availableParallelism() - 1, 1), 4)),
};

/** The flags for the program with these arguments. */
export function flagsOf(args) {
  return isMailerAlone(args) ? MAILER_FLAGS : SERVICE_FLAGS;
}

/** What the environment should say for it, where it says nothing else. */
export function environmentOf(args) {
  return isMailerAlone(args) ? { ...SERVICE_MEMORY, ...MAILER_THREADS } : SERVICE_MEMORY;
}

function isMailerAlone(args) {
  return args[args.indexOf('--services') + 1] === 'mailer';
}
