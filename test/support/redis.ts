import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A Redis of a test's own on a free port of loopback; it keeps nothing on disk. */
export interface TestRedis {
  readonly url: string;
  /** Sends a command without arguments that take quoting, and gives the first line of the answer. */
  ask(command: string): Promise<string>;
  stop(): Promise<void>;
}

/** False where redis-server is missing. In CI it has to be there: what needs it then runs, and fails. */
export function canRunRedis(): boolean {
  return findServer() !== undefined || Boolean(process.env.CI);
}

export async function startRedis(): Promise<TestRedis> {
  const program = findServer();
  if (program === undefined) throw new Error('redis-server is not installed');
  const port = await freePort();
  const settings = `--port ${port} --bind 127.0.0.1 --appendonly no --maxmemory-policy noeviction`;
  const server = spawn(program, [...settings.split(' '), '--save', ''], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const ask = (command: string) => askServer(port, command);
  for (const giveUpAt = Date.now() + 10_000; !(await isUp(ask)); await sleep(10)) {
    if (server.exitCode !== null) throw new Error(`redis-server ended: ${server.exitCode}`);
    if (Date.now() > giveUpAt) throw new Error('redis-server does not answer');
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    ask,
    async stop() {
      server.kill();
      await ended;
    },
  };
}

function findServer(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];
  return folders.map((folder) => join(folder, 'redis-server')).find((file) => existsSync(file));
}

function isUp(ask: TestRedis['ask']): Promise<boolean> {
  return ask('PING').then(
    (answer) => answer === '+PONG',
    () => false,
  );
}

/** An inline command of the Redis protocol. */
async function askServer(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.setEncoding('utf8').write(`${command}\r\n`);
    let answer = '';
    while (!answer.includes('\r\n')) answer += await once(socket, 'data');
    return answer.slice(0, answer.indexOf('\r\n'));
  } finally {
    socket.destroy();
  }
}
