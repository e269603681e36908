import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bar, Bench } from './bench.ts';
import { SESSIONS } from './bench-mailer.ts';
import type { MailSize } from './mail-data.ts';
import { openMailing } from './mailing.ts';
import type { SinkReport } from './sink.ts';

/** Postfix's own load generator and sink: as fast as SMTP is on this machine, in C. */
const PROGRAMS = ['smtp-source', 'smtp-sink'] as const;

/** A planned edition delivered as shipped, beside smtp-source into smtp-sink: same size, same sessions, kept open. */
export function sourceBench(name: string, size: MailSize, bars: readonly Bar[]): Bench {
  return {
    name,
    unit: 'messages',
    sizes: [10_000],
    quickSizes: [1_000],
    namedSizes: [100_000, 1_000_000],
    runs: 3,
    bars,
    missing: () => PROGRAMS.find((program) => pathOf(program) === undefined),
    async setUp(count) {
      const mailing = await openMailing(count, size);
      await mailing.deliver();
      let report: SinkReport = await mailing.sink.report();
      await mailing.check(report);
      const bytes = (await mailing.sample()).length;
      const sink = await startSmtpSink();
      return {
        reset: () => mailing.reset(),
        async ours() {
          const accepted = await mailing.deliver();
          report = await mailing.sink.report();
          return accepted;
        },
        async limit() {
          const options = `-d -s ${SESSIONS} -m ${count} -l ${bytes} -f a@example.org -t b@example.com`;
          const source = run('smtp-source', [...options.split(' '), `127.0.0.1:${sink.port}`]);
          const [code] = await once(source, 'exit');
          if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
          return count;
        },
        check: () => mailing.check(report),
        async tearDown() {
          sink.child.kill();
          await mailing.close();
        },
      };
    },
  };
}

async function startSmtpSink(): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  const port = await freePort();
  // Started by root it wants to be somebody else.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const sink = run('smtp-sink', [...user, `127.0.0.1:${port}`, '100']);
  for (let tries = 0; tries < 200; tries++) {
    if (sink.exitCode !== null) throw new Error(`smtp-sink ended with ${sink.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isUp = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      sleep(500, false),
    ]);
    socket.destroy();
    if (isUp) return { port, child: sink };
    await sleep(20);
  }
  throw new Error('smtp-sink does not answer');
}

function run(program: (typeof PROGRAMS)[number], args: readonly string[]): ChildProcess {
  return spawn(pathOf(program) ?? program, [...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function pathOf(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
