/** The least that sending over SMTP can cost in Node: prepared bytes, kept connections, no decisions. */
import { connect, type Socket } from 'node:net';

export interface RawSending {
  readonly port: number;
  readonly sessions: number;
  readonly recipients: readonly string[];
  /** One message, whoever it goes to; no line of it begins with a dot. */
  readonly message: Buffer;
}

/** Sends the same bytes to every recipient. Rejects when a connection ends or a reply is not 2yz or 3yz. */
export async function sendRaw({ port, sessions, recipients, message }: RawSending): Promise<void> {
  let next = 0;
  const data = Buffer.concat([message, Buffer.from('.\r\n')]);
  const session = async () => {
    const lines = new Conversation(connect(port, '127.0.0.1'));
    await lines.reply();
    await lines.ask('EHLO bench\r\n');
    for (let to = recipients[next++]; to !== undefined; to = recipients[next++]) {
      await lines.ask('MAIL FROM:<bench@news.example.org>\r\n');
      await lines.ask(`RCPT TO:<${to}>\r\n`);
      await lines.ask('DATA\r\n');
      await lines.ask(data);
    }
    lines.end();
  };
  await Promise.all(Array.from({ length: sessions }, session));
}

/** Strictly in turn: one thing is said, one reply awaited. */
class Conversation {
  readonly #socket: Socket;
  #waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #text = '';

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#hear(chunk.toString('latin1')));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the connection ended')));
  }

  ask(said: string | Buffer): Promise<void> {
    this.#socket.write(said);
    return this.reply();
  }

  reply(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  end(): void {
    this.#socket.end('QUIT\r\n');
  }

  #hear(text: string): void {
    this.#text += text;
    const last = /(?:^|\n)(\d)\d\d [^\n]*\n$/.exec(this.#text)?.[1];
    if (last === undefined) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (last === '2' || last === '3') waiting?.resolve();
    else waiting?.reject(new Error(this.#text));
    this.#text = '';
  }
}
