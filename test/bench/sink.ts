/**
 * An SMTP server that takes everything and keeps nearly nothing: run as a child process, so that whoever sends shares
 * the cores with it but not the event loop. It counts messages, distinct recipients and bytes, and keeps every
 * thousandth message.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface SinkReport {
  readonly messages: number;
  readonly recipients: number;
  readonly bytes: number;
  /** Base64 of the kept ones, as they were received. */
  readonly kept: readonly string[];
}

export interface Sink {
  readonly port: number;
  readonly url: string;
  /** What came since the last report; begins anew. */
  report(): Promise<SinkReport>;
  stop(): void;
}

const KEPT = 1_000;

/** Starts the sink in a process of its own. */
export async function startSink(): Promise<Sink> {
  const child: ChildProcess = fork(import.meta.filename, ['sink'], { execArgv: [] });
  const [port]: [number] = await heard(child);
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    async report() {
      child.send('report');
      const [report]: [SinkReport] = await heard(child);
      return report;
    },
    stop: () => void child.kill(),
  };
}

function heard<Said>(child: ChildProcess): Promise<[Said]> {
  return once(child, 'message') as Promise<[Said]>;
}

/** Counts of one sink. */
class Counts {
  messages = 0;
  bytes = 0;
  kept: string[] = [];
  readonly recipients = new Set<string>();

  take(): SinkReport {
    const { messages, bytes, kept } = this;
    const report = { messages, bytes, kept, recipients: this.recipients.size };
    this.messages = 0;
    this.bytes = 0;
    this.kept = [];
    this.recipients.clear();
    return report;
  }
}

const END = Buffer.from('\r\n.\r\n');

/**
 * One conversation: lines while commands are awaited, bytes up to the lonely dot while a message is, or as many as BDAT
 * tells (RFC 3030).
 */
function converse(socket: Socket, counts: Counts): void {
  let isData = false;
  /** Bytes still to come of a message that BDAT announced. */
  let left = 0;
  let hasLeft = false;
  let line = '';
  /** Answers to what came together go together, as those of real servers do. */
  let said = '';
  /** The last bytes of what came before, as the end may be cut by packets. */
  let tail = Buffer.alloc(0);
  let held: Buffer[] | undefined;
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.write('220 sink\r\n');

  const endAt = (chunk: Buffer): number => {
    const seam = Buffer.concat([tail, chunk.subarray(0, 4)]).indexOf(END);
    if (seam >= 0) return seam + END.length - tail.length;
    const inside = chunk.indexOf(END);
    return inside < 0 ? -1 : inside + END.length;
  };
  const answer = (command: string): string => {
    const verb = command.slice(0, 4).toUpperCase();
    if (verb === 'EHLO')
      return '250-sink\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-8BITMIME\r\n250 SIZE 0\r\n';
    if (verb === 'RCPT') counts.recipients.add(command.slice(8));
    if (verb === 'QUIT') hasLeft = true;
    if (verb !== 'DATA' && verb !== 'BDAT') return '250 2.0.0 ok\r\n';
    held = counts.messages % KEPT === 0 ? [] : undefined;
    if (verb === 'BDAT') {
      left = Number(command.split(' ')[1]);
      return '';
    }
    isData = true;
    tail = Buffer.from('\r\n');
    return '354 go\r\n';
  };
  const taken = (ending: number) => {
    counts.messages += 1;
    if (held)
      counts.kept.push(
        Buffer.concat(held)
          .subarray(0, -ending || undefined)
          .toString('base64'),
      );
    said += '250 2.0.0 taken\r\n';
  };
  const takeCounted = (chunk: Buffer): Buffer => {
    const part = chunk.subarray(0, left);
    counts.bytes += part.length;
    held?.push(part);
    left -= part.length;
    if (left === 0) taken(0);
    return chunk.subarray(part.length);
  };
  const takeData = (chunk: Buffer): Buffer => {
    const end = endAt(chunk);
    const part = end < 0 ? chunk : chunk.subarray(0, end);
    counts.bytes += part.length;
    held?.push(part);
    if (end < 0) {
      tail = Buffer.concat([tail, part.subarray(-4)]).subarray(-4);
      return Buffer.alloc(0);
    }
    isData = false;
    taken(3);
    return chunk.subarray(end);
  };
  const takeLines = (chunk: Buffer): Buffer => {
    const at = chunk.indexOf(10);
    if (at < 0) {
      line += chunk.toString('latin1');
      return Buffer.alloc(0);
    }
    const command = (line + chunk.toString('latin1', 0, at)).trim();
    line = '';
    said += answer(command);
    return chunk.subarray(at + 1);
  };
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (left > 0) rest = takeCounted(rest);
      else rest = isData ? takeData(rest) : takeLines(rest);
    }
    if (said !== '') socket.write(said);
    said = '';
    if (hasLeft) socket.end();
  });
}

if (process.argv[2] === 'sink') {
  const counts = new Counts();
  const server = createServer((socket) => converse(socket, counts));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(address !== null && typeof address === 'object' ? address.port : 0);
  });
  process.on('message', () => process.send?.(counts.take()));
  process.on('disconnect', () => process.exit());
}
