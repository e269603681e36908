import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PaperboyError } from '@paperboy/core';
import type { Work } from './apart-child.ts';

type Answer<Name extends keyof Work> = Awaited<ReturnType<Work[Name]>>;

const CHILD = fileURLToPath(new URL('./apart-child.ts', import.meta.url));
/** Work of half a second takes ten beside much other work. */
const TIMEOUT_MS = 60_000;
const MOST_SAID = 16_384;

/**
 * Does work with a large library in a process that ends with it, which gives the memory back: 90 MiB for mjml, 30 for
 * the verifier. A thread that ends leaves as much behind as work done here. The process starts at once, also where what
 * it is to work on is still to come. Throws what that is rejected with, and PROCESS_FAILED when the process ends without
 * an answer or has none in time.
 */
export function workApart<Name extends keyof Work>(
  name: Name,
  of: Parameters<Work[Name]>[0] | Promise<Parameters<Work[Name]>[0]>,
  { file = CHILD, timeoutMs = TIMEOUT_MS } = {},
): Promise<Answer<Name>> {
  const { NODE_COMPILE_CACHE } = process.env;
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: Error) =>
      reject(new PaperboyError('PROCESS_FAILED', `${name}: ${reason}`, { cause }));
    const child = fork(file, [name], {
      // Our environment, which holds secrets, and our flags are of no use there; what Node has compiled is.
      env: NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const timer = setTimeout(() => {
      fail(`no answer in ${timeoutMs / 1_000} s`);
      child.kill('SIGKILL');
    }, timeoutMs);
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, MOST_SAID);
    });
    child.once('message', (answer: Answer<Name>) => resolve(answer));
    child.once('error', (error) => fail(`cannot be started: ${error.message}`, error));
    // After `message`, and after all of stderr; what was settled before stays so.
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const reason = /^(?:\w*Error\b|FATAL ERROR).*$/m.exec(said)?.[0];
      fail(reason ?? `ended by ${signal ?? `exit ${code}`}`);
    });
    Promise.resolve(of).then(
      // One that ended before it has read this is told of by its end.
      (given) => child.connected && child.send(given, () => {}),
      (error) => {
        reject(error);
        child.kill('SIGKILL');
      },
    );
  });
}
