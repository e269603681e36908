import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end and passes our signals on to it. `onOutput` gets what it writes where
 * stdio is piped. Gives `{ code, signal, interrupted }` (`interrupted`: we were asked to end
 * meanwhile); rejects if it cannot be started.
 */
export function runChild(program, args, options, onOutput = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    child.stdout?.on('data', onOutput);
    child.stderr?.on('data', onOutput);
    let interrupted = false;
    const forward = (signal) => {
      interrupted = true;
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, forward);
    const end = (settle, value) => {
      for (const signal of SIGNALS) process.off(signal, forward);
      settle(value);
    };
    child.once('error', (error) => end(reject, error));
    child.once('close', (code, signal) => end(resolve, { code: code ?? 1, signal, interrupted }));
  });
}
