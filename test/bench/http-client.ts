/**
 * Asks for a page at a steady rate from a process of its own, whether answers come or not, and tells how long their
 * first bytes took from the moment each was due: a server that stalls is not asked less.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';

export interface Asked {
  readonly answers: number;
  /** Answers that were none of 200, and requests without one. */
  readonly failed: number;
  /** Of the time to the first byte, milliseconds. */
  readonly p99Ms: number;
  /** Body of an answer as it came over the wire. */
  readonly bytes: number;
}

/** Asks `perSecond` times a second, for so many seconds. */
export async function askSteadily(url: string, perSecond: number, seconds: number): Promise<Asked> {
  const child = fork(import.meta.filename, ['ask', url, `${perSecond}`, `${seconds}`]);
  const [asked]: Asked[] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the client ended: ${code}`))),
  ]);
  if (!asked) throw new Error('the client said nothing');
  return asked;
}

async function askAll(url: string, perSecond: number, seconds: number): Promise<Asked> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const start = performance.now();
  const waiting: Promise<void>[] = [];
  const times: number[] = [];
  let failed = 0;
  let bytes = 0;
  const ask = (due: number) =>
    new Promise<void>((resolve) => {
      const request = get(url, { agent, headers: { 'Accept-Encoding': 'gzip' } }, (answer) => {
        times.push(performance.now() - due);
        if (answer.statusCode !== 200) failed++;
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
        });
        answer.once('end', () => {
          bytes = size;
          resolve();
        });
      });
      request.once('error', () => {
        failed++;
        resolve();
      });
    });
  for (let sent = 0; sent < perSecond * seconds; sent++) {
    const due = start + (sent * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    waiting.push(ask(due));
  }
  await Promise.all(waiting);
  agent.destroy();
  times.sort((a, b) => a - b);
  const p99Ms = times[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY;
  return { answers: times.length, failed, p99Ms, bytes };
}

if (process.argv[2] === 'ask') {
  const [, , , url = '', perSecond, seconds] = process.argv;
  process.send?.(await askAll(url, Number(perSecond), Number(seconds)));
  process.disconnect();
}
