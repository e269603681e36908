import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * What a server says to a command; undefined lets it wait. `DOT` is the end of a message by DATA; one by BDAT stands
 * behind its command.
 */
export type Script = (command: string, socket: Socket) => string | undefined;

/** An SMTP server that says whatever a test wants. */
export interface ScriptedServer {
  readonly port: number;
  /** Conversations that were begun. */
  readonly greetings: number;
  /** All that was said to it. */
  readonly said: readonly string[];
  close(): void;
}

export const polite: Script = (command) =>
  command === 'DATA' ? '354 go' : command.startsWith('EHLO') ? '250-x\r\n250 SIZE 0' : '250 ok';

export async function startScripted(script: Script): Promise<ScriptedServer> {
  let greetings = 0;
  const said: string[] = [];
  const server = createServer((socket) => {
    greetings += 1;
    socket.on('error', () => {});
    socket.write('220 x\r\n');
    converse(socket, (command) => {
      said.push(command);
      return script(command, socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    said,
    get greetings() {
      return greetings;
    },
    close: () => server.close(),
  };
}

function converse(socket: Socket, script: (command: string) => string | undefined): void {
  let isData = false;
  let text = '';
  const answer = (command: string) => {
    const reply = script(command);
    if (command === 'DATA' && reply?.startsWith('354')) {
      isData = true;
      // The dot that ends it can be the first that there is of it.
      text = `\r\n${text}`;
    }
    if (reply !== undefined && socket.writable) socket.write(`${reply}\r\n`);
  };
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      const [bdat = '', bytes] = (!isData && /^BDAT (\d+) LAST\r\n/.exec(text)) || [];
      if (bytes !== undefined) {
        const whole = bdat.length + Number(bytes);
        if (text.length < whole) return;
        const message = text.slice(bdat.length, whole);
        text = text.slice(whole);
        answer(`${bdat.trim()} ${message}`);
        continue;
      }
      const end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const line = text.slice(0, end);
      text = text.slice(end + (isData ? 5 : 2));
      const wasData = isData;
      isData = false;
      answer(wasData ? 'DOT' : line);
    }
  });
}
