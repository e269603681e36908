import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeChunks } from '../src/take-chunks.ts';

/* A server that was taught BDAT, spoken to as any client may (RFC 3030), and not only as ours does. */

let server: SMTPServer;
let socket: Socket;
let heard: string;
let taken: string[];

beforeEach(async () => {
  taken = [];
  heard = '';
  server = new SMTPServer({
    disableReverseLookup: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: 1_000,
    async onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk));
      if (stream.sizeExceeded) done(Object.assign(new Error('too big'), { responseCode: 552 }));
      else done(null, `taken ${taken.push(Buffer.concat(chunks).toString())}`);
    },
  });
  takeChunks(server);
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('data', (chunk) => {
    heard += chunk.toString();
  });
  await replies(1);
  expect((await say(['EHLO x'], 1)).at(-1)).toMatch(/CHUNKING$/);
});
afterEach(async () => {
  socket.destroy();
  await new Promise<void>((done) => server.close(() => done()));
});

/** Waits for so many replies, and gives those that came since, a line each of its last. */
async function replies(wanted: number): Promise<string[]> {
  const ends = () => heard.split('\r\n').filter((line) => /^\d{3} /.test(line));
  while (ends().length < wanted) await sleep(2);
  const found = ends();
  heard = '';
  return found;
}

function say(parts: readonly string[], wanted: number): Promise<string[]> {
  socket.write(parts.map((part) => `${part}\r\n`).join(''));
  return replies(wanted);
}

const BEGIN = ['MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.org>'];
/** It has all that ends a message by DATA, and commands. */
const TEXT = 'Subject: x\r\n\r\n.\r\n..\r\nRSET\r\nQUIT';
const codes = (lines: readonly string[]) => lines.map((line) => line.slice(0, 3)).join(' ');

test('a message in several chunks is one, and what comes behind it is heard', async () => {
  const [one, two] = [TEXT.slice(0, 9), TEXT.slice(9)];
  socket.write(`${BEGIN.join('\r\n')}\r\nBDAT ${one.length}\r\n${one}`);
  socket.write(`BDAT ${two.length}\r\n${two}BDAT 0 LAST\r\nNOOP\r\n`);
  const said = await replies(6);
  expect(codes(said)).toBe('250 250 250 250 250 250');
  expect(said.at(4)).toBe('250 taken 1');
  socket.write(`${BEGIN.join('\r\n')}\r\nBDAT ${one.length}\r\n${one}`);
  socket.write(`bdat ${two.length} last\r\n${two}`);
  expect((await replies(4)).at(-1)).toBe('250 taken 2');
  expect(taken).toEqual([TEXT, TEXT]);
});

test('wherever packets end, the message is the same, and DATA still works', async () => {
  for (const byte of `${BEGIN.join('\r\n')}\r\nBDAT ${TEXT.length} LAST\r\n${TEXT}NOOP\r\n`) {
    socket.write(byte);
    await sleep(0);
  }
  expect(codes(await replies(4))).toBe('250 250 250 250');
  expect(codes(await say([...BEGIN, 'DATA'], 3))).toBe('250 250 354');
  expect(await say(['by DATA', '..', '.'], 1)).toEqual(['250 taken 2']);
  expect(taken).toEqual([TEXT, 'by DATA\r\n.\r\n']);
});

test('a chunk for nobody is read past, and its bytes are no commands', async () => {
  socket.write(`${BEGIN[0]}\r\nBDAT ${TEXT.length} LAST\r\n${TEXT}NOOP\r\n`);
  expect(codes(await replies(3))).toBe('250 503 250');
  expect(taken).toEqual([]);
});

test('what is too big is refused whole: no later chunk makes a message of the rest', async () => {
  const big = 'x'.repeat(600);
  socket.write(`${BEGIN.join('\r\n')}\r\nBDAT 600\r\n${big}BDAT 600\r\n${big}BDAT 4 LAST\r\nrest`);
  expect(codes(await replies(5))).toBe('250 250 250 552 503');
  expect(codes(await say(['RSET'], 1))).toBe('250');
  socket.write(`${BEGIN.join('\r\n')}\r\nBDAT 1200 LAST\r\n${big}${big}NOOP\r\n`);
  expect(codes(await replies(4))).toBe('250 250 552 250');
  expect(taken).toEqual([]);
});

test('chunks that RSET forgets are in no message', async () => {
  socket.write(`${BEGIN.join('\r\n')}\r\nBDAT 4\r\ngoneRSET\r\n`);
  expect(codes(await replies(4))).toBe('250 250 250 250');
  socket.write(`${BEGIN.join('\r\n')}\r\nBDAT 4 LAST\r\nkept`);
  expect((await replies(3)).at(-1)).toBe('250 taken 1');
  expect(taken).toEqual(['kept']);
});

test('a length that cannot be read ends the conversation', async () => {
  const closed = once(socket, 'close');
  expect(codes(await say([...BEGIN, 'BDAT x LAST'], 3))).toBe('250 250 421');
  await closed;
});
